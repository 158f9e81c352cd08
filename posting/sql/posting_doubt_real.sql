DECLARE
  state text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'doubts are never deleted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_doubt_real';
  END IF;
  IF TG_OP = 'UPDATE'
    AND (
      OLD.another_at IS NOT NULL
        OR (
          NEW.id, NEW.delivery_id, NEW.external_id, NEW.position, NEW.text, NEW.written_at,
          NEW.noticed_at
        ) IS DISTINCT FROM (
          OLD.id, OLD.delivery_id, OLD.external_id, OLD.position, OLD.text, OLD.written_at,
          OLD.noticed_at
        )
    ) THEN
    RAISE EXCEPTION 'a doubt stays, and is answered once'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_doubt_real';
  END IF;
  PERFORM FROM posting_delivery delivery
  WHERE delivery.id = NEW.delivery_id
  FOR NO KEY UPDATE;
  SELECT delivery.status
  INTO state
  FROM posting_delivery delivery
  WHERE delivery.id = NEW.delivery_id;
  IF state IS DISTINCT FROM 'for_a_person'
    AND (TG_OP = 'UPDATE' OR state IS DISTINCT FROM 'uncertain') THEN
    RAISE EXCEPTION 'nobody is in doubt about this reply'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_doubt_real';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.noticed_at := desk_now();
    NEW.another_at := NULL;
    NEW.another_by_id := NULL;
  ELSE
    NEW.another_at := desk_now();
  END IF;
  RETURN NEW;
END
