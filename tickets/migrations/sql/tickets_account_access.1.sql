BEGIN
  IF TG_OP = 'INSERT' THEN
    IF length(NEW.credentials) > 0 THEN
      RAISE EXCEPTION 'access is kept by its routine alone'
        USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_account_access';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.network, NEW.external_id) IS DISTINCT FROM (OLD.network, OLD.external_id) THEN
    RAISE EXCEPTION 'an account stays the one it is on its network'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_account_access';
  END IF;
  IF NEW.credentials IS DISTINCT FROM OLD.credentials
    AND position(convert_to('1:' || NEW.external_id || ':', 'UTF8') IN NEW.credentials) <> 1 THEN
    RAISE EXCEPTION 'the access of another account'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_account_access';
  END IF;
  RETURN NEW;
END
