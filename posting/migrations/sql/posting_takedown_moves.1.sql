BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'orders are never deleted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_takedown_moves';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'ordered'
      OR NOT EXISTS (
        SELECT FROM posting_delivery delivery
        WHERE delivery.id = NEW.delivery_id AND delivery.status = 'posted'
      ) THEN
      RAISE EXCEPTION 'only what is posted is taken down'
        USING ERRCODE = 'DK403', CONSTRAINT = 'posting_takedown_moves';
    END IF;
    NEW.at := desk_now();
    RETURN NEW;
  END IF;
  IF (NEW.delivery_id, NEW.reason, NEW.by_id, NEW.at)
    IS DISTINCT FROM (OLD.delivery_id, OLD.reason, OLD.by_id, OLD.at) THEN
    RAISE EXCEPTION 'an order keeps its reply, its reason and its person'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_takedown_moves';
  END IF;
  IF NEW.status = OLD.status THEN
    IF OLD.status <> 'ordered' AND NEW IS DISTINCT FROM OLD THEN
      RAISE EXCEPTION 'facts change with a move alone'
        USING ERRCODE = 'DK403', CONSTRAINT = 'posting_takedown_moves';
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) NOT IN (
    ('ordered', 'done'), ('ordered', 'failed'),
    ('failed', 'ordered')
  ) THEN
    RAISE EXCEPTION 'no such move'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_takedown_moves';
  END IF;
  RETURN NEW;
END
