BEGIN
  IF NEW.context_version NOT IN (OLD.context_version, OLD.context_version + 1) THEN
    RAISE EXCEPTION 'the context_version only rises, step by step'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_context_version';
  END IF;
  RETURN NEW;
END
