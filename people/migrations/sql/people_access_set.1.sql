BEGIN
  RETURN EXISTS (
    SELECT FROM people_accesschange change
    WHERE change.at > desk_now() - interval '7 days'
      AND (
        (
          people_natural(change.setter_id) = people_natural(one)
            AND people_natural(change.subject_id) = people_natural(other)
        )
          OR (
            people_natural(change.setter_id) = people_natural(other)
              AND people_natural(change.subject_id) = people_natural(one)
          )
      )
  );
END
