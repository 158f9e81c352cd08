DECLARE
  state text;
BEGIN
  PERFORM FROM posting_delivery delivery
  WHERE delivery.id = NEW.delivery_id
  FOR NO KEY UPDATE;
  SELECT delivery.status
  INTO state
  FROM posting_delivery delivery
  WHERE delivery.id = NEW.delivery_id;
  IF state IS DISTINCT FROM 'in_flight' THEN
    RAISE EXCEPTION 'an attempt needs a delivery in flight'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_attempt_real';
  END IF;
  SELECT coalesce(max(attempt.number), 0) + 1
  INTO NEW.number
  FROM posting_attempt attempt
  WHERE attempt.delivery_id = NEW.delivery_id;
  NEW.at := desk_now();
  RETURN NEW;
END
