DECLARE
  concerned bigint;
  setter bigint;
  what text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'invitations are revoked, not deleted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_invitation_once';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.at := desk_now();
    IF NEW.accepted_at IS NOT NULL OR NEW.revoked_at IS NOT NULL THEN
      RAISE EXCEPTION 'an invitation begins open'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_invitation_once';
    END IF;
    IF NOT NEW.only_by_mail
      AND (NEW.person_id IS NOT NULL OR (NEW.user_id IS NOT NULL AND NEW.by_id IS NULL)) THEN
      RAISE EXCEPTION 'such a link goes by mail alone'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_invitation_once';
    END IF;
    IF NEW.only_by_mail
      AND NOT EXISTS (
        SELECT FROM people_user own
        WHERE (own.id = NEW.user_id OR (NEW.user_id IS NULL AND own.person_id = NEW.person_id))
          AND own.is_active
          AND own.email = own.confirmed_email
          AND own.email <> ''
          AND people_folded(own.email) = people_folded(NEW.email)
      ) THEN
      RAISE EXCEPTION 'a link goes only to an address that its owner confirmed'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_invitation_once';
    END IF;
  ELSE
    IF OLD.accepted_at IS NOT NULL OR OLD.revoked_at IS NOT NULL THEN
      RAISE EXCEPTION 'an invitation is used once'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_invitation_once';
    END IF;
    IF NEW.accepted_at IS NULL THEN
      RETURN NEW;
    END IF;
    IF OLD.at < desk_now() - interval '7 days' THEN
      RAISE EXCEPTION 'this invitation is too old'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_invitation_once';
    END IF;
    IF NEW.accepted_by_id IS NULL
      OR NEW.accepted_by_id <> NEW.user_id
      OR (
        NEW.person_id IS NOT NULL
          AND NOT EXISTS (
            SELECT FROM people_user own
            WHERE own.id = NEW.accepted_by_id AND own.person_id = NEW.person_id
          )
      ) THEN
      RAISE EXCEPTION 'an invitation is accepted by whom it is for'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_invitation_once';
    END IF;
    NEW.accepted_at := desk_now();
  END IF;
  SELECT inviter.person_id
  INTO setter
  FROM people_user inviter
  WHERE inviter.id = NEW.by_id;
  concerned := NEW.person_id;
  what := 'sign_in';
  IF NEW.user_id IS NOT NULL THEN
    SELECT own.person_id
    INTO concerned
    FROM people_user own
    WHERE own.id = NEW.user_id;
    what := 'password';
  END IF;
  IF setter <> concerned THEN
    INSERT INTO people_accesschange (setter_id, subject_id, kind, at)
    VALUES (setter, concerned, what, desk_now());
  END IF;
  RETURN NEW;
END
