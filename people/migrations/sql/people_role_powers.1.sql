DECLARE
  standing bigint[];
  one record;
BEGIN
  SELECT coalesce(array_agg(role.id), '{}')
  INTO standing
  FROM people_membership role
  WHERE role.role IN ('lead', 'administrator')
    AND role.ended_at IS NULL
    AND (role.given_by_id IS NULL OR people_role_word(role.id) = 'confirmed')
    AND EXISTS (
      SELECT FROM people_user theirs
      WHERE theirs.person_id = role.person_id AND theirs.is_active
    );
  FOR one IN
    SELECT role.id
    FROM people_membership role
    WHERE role.role IN ('lead', 'administrator')
      AND role.ended_at IS NULL
      AND role.given_by_id IS NOT NULL
      AND people_role_word(role.id) IS NULL
      AND EXISTS (
        SELECT FROM people_user theirs
        WHERE theirs.person_id = role.person_id AND theirs.is_active
      )
    ORDER BY role.id
  LOOP
    IF NOT people_role_second(one.id, standing) THEN
      standing := standing || one.id;
    END IF;
  END LOOP;
  RETURN standing;
END
