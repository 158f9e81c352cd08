BEGIN
  IF NEW.gone_at IS NOT NULL AND OLD.gone_at IS NULL THEN
    NEW.gone_at := desk_now();
  ELSIF NEW.gone_at IS NOT NULL AND NEW.gone_at IS DISTINCT FROM OLD.gone_at THEN
    RAISE EXCEPTION 'when it was first found gone stays as it was'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_mention_gone';
  END IF;
  IF NEW.gone_confirmed_at IS NOT NULL
    AND NEW.gone_confirmed_at IS DISTINCT FROM OLD.gone_confirmed_at THEN
    NEW.gone_confirmed_at := desk_now();
  END IF;
  RETURN NEW;
END
