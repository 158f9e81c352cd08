BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'tokens are revoked, not deleted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_token_once';
  END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM FROM people_user own
    WHERE own.id = NEW.user_id AND own.is_active
    FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'a sign-in that is switched off gets no token'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_token_once';
    END IF;
    NEW.created_at := desk_now();
    IF NEW.revoked_at IS NOT NULL THEN
      RAISE EXCEPTION 'a token begins alive'
        USING ERRCODE = 'DK403', CONSTRAINT = 'people_token_once';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.user_id, NEW.name, NEW.sha256, NEW.created_at)
    IS DISTINCT FROM (OLD.user_id, OLD.name, OLD.sha256, OLD.created_at) THEN
    RAISE EXCEPTION 'a token stays what it was issued as'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_token_once';
  END IF;
  IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
    RAISE EXCEPTION 'a token that was revoked never comes back'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_token_once';
  END IF;
  IF OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL THEN
    NEW.revoked_at := desk_now();
  END IF;
  RETURN NEW;
END
