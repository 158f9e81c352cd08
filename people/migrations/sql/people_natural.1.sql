DECLARE
  found bigint := of_person;
  next_one bigint;
BEGIN
  FOR step IN 1..20 LOOP
    SELECT link.same_as_id
    INTO next_one
    FROM people_personlink link
    WHERE link.person_id = found;
    EXIT WHEN next_one IS NULL;
    found := next_one;
  END LOOP;
  RETURN found;
END
