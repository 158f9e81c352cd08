BEGIN
  IF NEW.unseen_seconds < OLD.unseen_seconds
    OR (OLD.seen_at IS NOT NULL AND NEW.seen_at IS DISTINCT FROM OLD.seen_at)
    OR (OLD.gone_at IS NOT NULL AND NEW.gone_at IS DISTINCT FROM OLD.gone_at) THEN
    RAISE EXCEPTION 'what was seen of our post stays as it was seen'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ownpost_facts';
  END IF;
  RETURN NEW;
END
