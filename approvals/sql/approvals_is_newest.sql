BEGIN
  RETURN EXISTS (
    SELECT FROM approvals_revision revision
    WHERE revision.id = of_revision
      AND NOT EXISTS (
        SELECT FROM approvals_revision later
        WHERE later.draft_id = revision.draft_id AND later.number > revision.number
      )
  );
END
