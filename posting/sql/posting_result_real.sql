DECLARE
  state text;
  of_delivery bigint;
BEGIN
  SELECT attempt.delivery_id
  INTO of_delivery
  FROM posting_attempt attempt
  WHERE attempt.id = NEW.attempt_id;
  PERFORM FROM posting_delivery delivery
  WHERE delivery.id = of_delivery
  FOR NO KEY UPDATE;
  SELECT delivery.status
  INTO state
  FROM posting_delivery delivery
  WHERE delivery.id = of_delivery;
  IF EXISTS (
    SELECT FROM posting_attempt later
    JOIN posting_attempt attempt ON attempt.delivery_id = later.delivery_id
    WHERE attempt.id = NEW.attempt_id AND later.number > attempt.number
  ) THEN
    RAISE EXCEPTION 'a later attempt was made'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_result_real';
  END IF;
  IF (
    NEW.outcome IN ('posted', 'not_sent', 'refused', 'uncertain')
      AND state IS DISTINCT FROM 'in_flight'
  )
    OR (NEW.outcome = 'absent' AND state IS DISTINCT FROM 'uncertain')
    OR (NEW.outcome = 'found' AND state NOT IN ('uncertain', 'for_a_person'))
    OR (NEW.outcome IN ('seen', 'unseen') AND state IS DISTINCT FROM 'for_a_person') THEN
    RAISE EXCEPTION 'no such outcome at this point'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_result_real';
  END IF;
  IF NEW.outcome = 'absent'
    AND NOT EXISTS (
      SELECT FROM posting_timing timing,
        posting_result doubted,
        posting_timelinecheck first,
        posting_timelinecheck second
      WHERE doubted.attempt_id = NEW.attempt_id
        AND doubted.outcome = 'uncertain'
        AND first.attempt_id = NEW.attempt_id
        AND second.attempt_id = NEW.attempt_id
        AND first.at >= doubted.at + make_interval(secs => timing.settle_seconds)
        AND second.at >= first.at + make_interval(secs => timing.second_reading_seconds)
    ) THEN
    RAISE EXCEPTION 'absence is proven by two late timeline_checks'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_result_real';
  END IF;
  IF NEW.outcome = 'unseen'
    AND EXISTS (
      SELECT FROM posting_doubt doubt
      WHERE doubt.delivery_id = of_delivery AND doubt.another_at IS NULL
    ) THEN
    RAISE EXCEPTION 'of a post at its place nobody has said what it is'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_result_real';
  END IF;
  IF NEW.outcome = 'unseen'
    AND NOT EXISTS (
      SELECT FROM posting_timing timing, posting_result result
      WHERE result.attempt_id = NEW.attempt_id
        AND result.outcome = 'uncertain'
        AND desk_now() >= result.at + make_interval(secs => timing.settle_seconds)
    ) THEN
    RAISE EXCEPTION 'X may still show it late'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_result_real';
  END IF;
  NEW.at := desk_now();
  RETURN NEW;
END
