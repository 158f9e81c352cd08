BEGIN
  RAISE EXCEPTION 'persons are never deleted'
    USING ERRCODE = 'DK403', CONSTRAINT = 'people_person_kept';
END
