BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('people_link_root'));
  IF people_natural(NEW.person_id) = people_natural(NEW.same_as_id) THEN
    RAISE EXCEPTION 'these two are one person already'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_link_root';
  END IF;
  NEW.at := desk_now();
  RETURN NEW;
END
