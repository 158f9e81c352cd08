BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.tries <> 0
      OR num_nonnulls(
        NEW.external_id, NEW.claimed_at, NEW.leased_until, NEW.uncertain_since, NEW.look_at
      ) > 0 THEN
      RAISE EXCEPTION 'a delivery begins without facts'
        USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_facts';
    END IF;
    NEW.created_at := desk_now();
    RETURN NEW;
  END IF;
  IF OLD.status IN ('posted', 'void', 'refused') AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'it is over, and nothing of it changes'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_facts';
  END IF;
  IF NEW.external_id IS DISTINCT FROM OLD.external_id
    AND (OLD.external_id IS NOT NULL OR NEW.status <> 'posted') THEN
    RAISE EXCEPTION 'the post is named once, when it is posted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_facts';
  END IF;
  IF NEW.status = OLD.status THEN
    IF (
      NEW.claimed_at, NEW.leased_until, NEW.tries, NEW.code, NEW.said, NEW.uncertain_since,
      NEW.created_at
    ) IS DISTINCT FROM (
      OLD.claimed_at, OLD.leased_until, OLD.tries, OLD.code, OLD.said, OLD.uncertain_since,
      OLD.created_at
    )
      OR (NEW.due_at <> OLD.due_at AND NEW.status <> 'due')
      OR (
        NEW.look_at IS DISTINCT FROM OLD.look_at AND NEW.status NOT IN ('uncertain', 'for_a_person')
      ) THEN
      RAISE EXCEPTION 'facts change with a move alone'
        USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_facts';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.status <> 'in_flight' AND NEW.claimed_at IS DISTINCT FROM OLD.claimed_at THEN
    RAISE EXCEPTION 'when it was claimed stays as it was'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_facts';
  END IF;
  NEW.tries := OLD.tries + CASE NEW.status WHEN 'in_flight' THEN 1 ELSE 0 END;
  NEW.uncertain_since := CASE NEW.status
    WHEN 'uncertain' THEN desk_now()
    ELSE OLD.uncertain_since
  END;
  RETURN NEW;
END
