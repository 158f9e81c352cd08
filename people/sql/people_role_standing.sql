DECLARE
  given people_membership;
  word text;
  powers bigint[];
BEGIN
  SELECT role.*
  INTO given
  FROM people_membership role
  WHERE role.id = of_membership;
  IF given.id IS NULL THEN
    RETURN NULL;
  END IF;
  IF given.given_by_id IS NULL THEN
    RETURN 'command';
  END IF;
  word := people_role_word(of_membership);
  IF word = 'refused' THEN
    RETURN 'refused';
  END IF;
  IF word = 'confirmed' THEN
    RETURN CASE WHEN people_role_firm(of_membership) THEN 'confirmed' ELSE 'by_one' END;
  END IF;
  powers := people_role_powers();
  IF of_membership = ANY (powers) OR NOT people_role_second(of_membership, powers) THEN
    RETURN 'by_one';
  END IF;
  RETURN 'waits';
END
