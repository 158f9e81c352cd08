BEGIN
  IF TG_OP = 'UPDATE' AND OLD.user_id IS NOT NULL THEN
    IF NEW.user_id IS DISTINCT FROM OLD.user_id THEN
      RAISE EXCEPTION 'a session stays with its sign-in'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_session_owner';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.user_id IS NOT NULL THEN
    PERFORM FROM people_user own
    WHERE own.id = NEW.user_id AND own.is_active
    FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'a sign-in that is switched off gets no session'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_session_owner';
    END IF;
  END IF;
  RETURN NEW;
END
