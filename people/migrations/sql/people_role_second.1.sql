DECLARE
  given people_membership;
  givers bigint[];
BEGIN
  SELECT role.*
  INTO given
  FROM people_membership role
  WHERE role.id = of_membership;
  givers := people_role_givers(of_membership);
  RETURN EXISTS (
    WITH RECURSIVE up AS (
      SELECT place.id, place.parent_id
      FROM people_department place
      WHERE place.id = given.department_id
      UNION
      SELECT above.id, above.parent_id
      FROM people_department above
      JOIN up ON above.id = up.parent_id
    )
    SELECT FROM people_membership second
    WHERE second.id = ANY (among)
      AND people_natural(second.person_id) <> people_natural(given.person_id)
      AND people_natural(second.person_id) <> ALL (givers)
      AND (
        second.role = 'administrator'
          OR given.role = 'administrator'
          OR second.department_id IN (SELECT up.id FROM up)
      )
  );
END
