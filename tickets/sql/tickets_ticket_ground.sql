BEGIN
  IF NEW.ground NOT IN (OLD.ground, OLD.ground + 1) THEN
    RAISE EXCEPTION 'the ground only rises, step by step'
      USING ERRCODE = 'DK403', CONSTRAINT = 'tickets_ticket_ground';
  END IF;
  RETURN NEW;
END
