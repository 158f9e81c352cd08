BEGIN
  RETURN (
    SELECT newest.word
    FROM people_roleconfirmation newest
    WHERE newest.membership_id = of_membership
    ORDER BY newest.id DESC
    LIMIT 1
  );
END
