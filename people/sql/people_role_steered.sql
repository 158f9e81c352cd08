DECLARE
  behind bigint[];
BEGIN
  SELECT people_role_givers(role.id) || people_natural(role.person_id)
  INTO behind
  FROM people_membership role
  WHERE role.id = of_membership;
  RETURN EXISTS (
    SELECT FROM people_accesschange change
    WHERE change.at > desk_now() - interval '7 days'
      AND change.kind <> 'role'
      AND people_natural(change.subject_id) = people_natural(second)
      AND people_natural(change.setter_id) = ANY (behind)
      AND people_natural(change.setter_id) <> people_natural(second)
  );
END
