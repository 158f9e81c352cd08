DECLARE
  bearer bigint;
BEGIN
  IF NEW.initials IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO people_usedinitials (initials, person_id, at)
  VALUES (NEW.initials, NEW.id, desk_now())
  ON CONFLICT (initials) DO NOTHING;
  SELECT used.person_id
  INTO bearer
  FROM people_usedinitials used
  WHERE used.initials = NEW.initials;
  IF bearer <> NEW.id THEN
    RAISE EXCEPTION 'somebody else bore these initials'
      USING ERRCODE = 'DK403', CONSTRAINT = 'people_person_initials';
  END IF;
  RETURN NULL;
END
