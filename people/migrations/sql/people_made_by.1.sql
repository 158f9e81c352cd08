BEGIN
  IF EXISTS (
    SELECT FROM people_membership role
    WHERE role.person_id = person
      AND CASE WHEN counting THEN people_role_counts(role.id) ELSE people_role_firm(role.id) END
  ) THEN
    RETURN false;
  END IF;
  RETURN EXISTS (
    SELECT FROM people_membership role, unnest(people_role_givers(role.id)) AS giver(person_id)
    WHERE role.person_id = person
      AND (
        giver.person_id = people_natural(other)
          OR EXISTS (
            SELECT FROM people_accesschange change
            WHERE change.at > desk_now() - interval '7 days'
              AND people_natural(change.setter_id) = giver.person_id
              AND people_natural(change.subject_id) = people_natural(other)
          )
      )
  );
END
