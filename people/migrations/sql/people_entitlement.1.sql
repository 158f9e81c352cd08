DECLARE
  found text;
BEGIN
  WITH RECURSIVE up AS (
    SELECT department.id, department.parent_id
    FROM people_department department
    WHERE department.id = in_department
    UNION
    SELECT above.id, above.parent_id
    FROM people_department above
    JOIN up ON above.id = up.parent_id
  ),
  held AS (
    SELECT membership.*
    FROM people_membership membership
    WHERE membership.person_id = of_person
      AND membership.ended_at IS NULL
      AND (
        membership.given_by_id IS NULL
          OR people_natural(membership.given_by_id) <> people_natural(membership.person_id)
          OR membership.started_at <= written_at
      )
      AND people_role_counts(membership.id)
  )
  SELECT CASE
    WHEN EXISTS (
      SELECT FROM held granted
      JOIN up ON up.id = granted.department_id
      WHERE granted.role IN ('deputy', 'lead')
    )
      THEN 'lead'
    WHEN EXISTS (
      SELECT FROM held granted
      WHERE granted.department_id = in_department AND granted.role = 'reviewer'
    )
      THEN 'reviewer'
    WHEN EXISTS (
      SELECT FROM held granted
      WHERE granted.department_id = in_department AND granted.role = 'agent'
    )
      AND NOT EXISTS (
        SELECT FROM people_department department
        WHERE department.id IN (in_department, owner) AND department.review_policy <> 'colleagues'
      )
      THEN 'colleague'
  END
  INTO found;
  RETURN found;
END
