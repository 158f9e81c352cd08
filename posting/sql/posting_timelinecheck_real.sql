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
  IF state IS DISTINCT FROM 'uncertain'
    OR NOT EXISTS (
      SELECT FROM posting_attempt attempt
      WHERE attempt.id = NEW.attempt_id AND attempt.delivery_id = NEW.delivery_id
    ) THEN
    RAISE EXCEPTION 'nothing of this delivery is looked for'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_timelinecheck_real';
  END IF;
  NEW.at := desk_now();
  RETURN NEW;
END
