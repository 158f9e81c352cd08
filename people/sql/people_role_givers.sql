BEGIN
  RETURN ARRAY (
    WITH RECURSIVE giver AS (
      SELECT people_natural(role.given_by_id) AS person
      FROM people_membership role
      WHERE role.id = of_membership AND role.given_by_id IS NOT NULL
      UNION
      SELECT people_natural(theirs.given_by_id)
      FROM giver
      JOIN people_membership theirs ON people_natural(theirs.person_id) = giver.person
      WHERE theirs.role = 'administrator'
        AND NOT EXISTS (
          SELECT FROM people_membership firm
          WHERE people_natural(firm.person_id) = giver.person
            AND firm.role = 'administrator'
            AND people_role_firm(firm.id)
        )
    )
    SELECT giver.person FROM giver
  );
END
