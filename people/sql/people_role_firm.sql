BEGIN
  RETURN EXISTS (
    WITH RECURSIVE behind AS (
      SELECT of_membership AS id
      UNION
      SELECT said.under_id
      FROM behind
      JOIN people_roleconfirmation said
        ON said.membership_id = behind.id AND said.word = 'confirmed'
      WHERE NOT EXISTS (
        SELECT FROM people_roleconfirmation later
        WHERE later.membership_id = said.membership_id
          AND later.word = 'refused'
          AND later.id > said.id
      )
    )
    SELECT FROM behind
    JOIN people_membership role ON role.id = behind.id
    WHERE role.given_by_id IS NULL
  );
END
