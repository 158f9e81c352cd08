BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'sign-ins are never deleted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_user_person';
  END IF;
  IF NEW.person_id <> OLD.person_id THEN
    RAISE EXCEPTION 'a sign-in stays with its person'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_user_person';
  END IF;
  IF OLD.is_active
    AND NOT NEW.is_active
    AND EXISTS (
      SELECT FROM people_membership membership
      WHERE membership.person_id = OLD.person_id
        AND membership.role = 'administrator'
        AND membership.ended_at IS NULL
    ) THEN
    PERFORM pg_advisory_xact_lock(hashtext('people_last_administrator'));
    IF NOT EXISTS (
      SELECT FROM people_membership membership
      JOIN people_user login ON login.person_id = membership.person_id AND login.is_active
      WHERE membership.role = 'administrator'
        AND membership.ended_at IS NULL
        AND (
          people_natural(membership.person_id) <> people_natural(OLD.person_id)
            OR (login.id <> OLD.id AND login.person_id = OLD.person_id)
        )
        AND people_role_counts(membership.id)
    ) THEN
      RAISE EXCEPTION 'the last administrator stays'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_user_person';
    END IF;
  END IF;
  RETURN NEW;
END
