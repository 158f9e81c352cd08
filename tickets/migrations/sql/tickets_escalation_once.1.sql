DECLARE
  department bigint;
  ender bigint;
BEGIN
  IF TG_OP = 'DELETE'
    OR OLD.ended_at IS NOT NULL
    OR NEW.ended_at IS NULL
    OR (NEW.ticket_id, NEW.by_id, NEW.at, NEW.reason)
      IS DISTINCT FROM (OLD.ticket_id, OLD.by_id, OLD.at, OLD.reason) THEN
    RAISE EXCEPTION 'an escalation is only ever ended, once'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_escalation_once';
  END IF;
  IF NEW.how = 'handed_back' THEN
    PERFORM FROM tickets_ticket ticket
    WHERE ticket.id = NEW.ticket_id
    FOR NO KEY UPDATE;
    SELECT ticket.department_id
    INTO department
    FROM tickets_ticket ticket
    WHERE ticket.id = NEW.ticket_id;
    SELECT login.person_id
    INTO ender
    FROM people_user login
    WHERE login.id = NEW.ended_by_id AND login.is_active;
    IF NEW.end_reason = ''
      OR people_entitlement(ender, department, OLD.at, NULL) IS DISTINCT FROM 'lead' THEN
      RAISE EXCEPTION 'lead or deputy hands back, with a reason'
        USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_escalation_once';
    END IF;
  ELSIF NEW.how = 'approved' THEN
    IF NOT tickets_answered_since(NEW.ticket_id, OLD.at) THEN
      RAISE EXCEPTION 'no reply was posted since'
        USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_escalation_once';
    END IF;
  ELSE
    RAISE EXCEPTION 'handed back, or approved and posted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_escalation_once';
  END IF;
  NEW.ended_at := desk_now();
  RETURN NEW;
END
