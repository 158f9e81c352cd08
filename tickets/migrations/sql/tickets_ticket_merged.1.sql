DECLARE
  target tickets_ticket;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.merged_into_id IS NOT NULL THEN
      RAISE EXCEPTION 'a ticket begins by itself'
        USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.department_id <> OLD.department_id
    AND (
      OLD.merged_into_id IS NOT NULL
      OR NEW.merged_into_id IS NOT NULL
      OR EXISTS (SELECT FROM tickets_ticket merged WHERE merged.merged_into_id = OLD.id)
    ) THEN
    RAISE EXCEPTION 'merged tickets stay in their department'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
  END IF;
  IF NEW.merged_into_id IS NOT DISTINCT FROM OLD.merged_into_id THEN
    IF NEW.before_merge IS DISTINCT FROM OLD.before_merge THEN
      RAISE EXCEPTION 'how both stood before is kept as it was'
        USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
    END IF;
    RETURN NEW;
  END IF;
  PERFORM FROM tickets_ticket ticket
  WHERE ticket.id = coalesce(NEW.merged_into_id, OLD.merged_into_id)
  FOR NO KEY UPDATE;
  IF NEW.merged_into_id IS NULL THEN
    IF tickets_answered_by_draft(OLD.id, OLD.merged_into_id) THEN
      RAISE EXCEPTION 'an open draft answers one of its posts'
        USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.merged_into_id IS NOT NULL THEN
    RAISE EXCEPTION 'it is merged already'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
  END IF;
  SELECT ticket.*
  INTO target
  FROM tickets_ticket ticket
  WHERE ticket.id = NEW.merged_into_id;
  IF target.id = NEW.id
    OR target.merged_into_id IS NOT NULL
    OR EXISTS (SELECT FROM tickets_ticket merged WHERE merged.merged_into_id = NEW.id) THEN
    RAISE EXCEPTION 'merging makes no chain'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
  END IF;
  IF (target.customer_id, target.department_id, target.account_id)
    IS DISTINCT FROM (NEW.customer_id, NEW.department_id, NEW.account_id) THEN
    RAISE EXCEPTION 'another customer, department or account'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
  END IF;
  IF target.status IN ('sending', 'resolved') OR OLD.status NOT IN ('new', 'open', 'answered') THEN
    RAISE EXCEPTION 'one of the two is not open'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
  END IF;
  IF tickets_open_draft(NEW.id) THEN
    RAISE EXCEPTION 'it has an open draft'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
  END IF;
  IF EXISTS (
    SELECT FROM tickets_escalation escalation
    WHERE escalation.ticket_id = NEW.id AND escalation.ended_at IS NULL
  ) THEN
    RAISE EXCEPTION 'it is with the lead'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_merged';
  END IF;
  RETURN NEW;
END
