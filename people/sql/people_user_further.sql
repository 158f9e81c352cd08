BEGIN
  PERFORM FROM people_person person
  WHERE person.id = NEW.person_id
  FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM people_user known WHERE known.person_id = NEW.person_id)
    AND NOT EXISTS (
      SELECT FROM people_user own
      WHERE own.id = NEW.added_by_id AND own.person_id = NEW.person_id AND own.is_active
    )
    AND NOT EXISTS (
      SELECT FROM people_invitation mailed
      WHERE mailed.id = NEW.invitation_id
        AND mailed.person_id = NEW.person_id
        AND mailed.only_by_mail
        AND mailed.accepted_at IS NULL
        AND mailed.revoked_at IS NULL
        AND mailed.at > desk_now() - interval '7 days'
    ) THEN
    RAISE EXCEPTION
      'a further sign-in is added by its person, or by a link that was mailed and shown to nobody'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_user_further';
  END IF;
  RETURN NEW;
END
