BEGIN
  RETURN EXISTS (
    SELECT FROM approvals_draft draft
    JOIN tickets_mention mention ON mention.ticket_id = of_ticket
    WHERE draft.ticket_id = of_target
      AND draft.status IN ({{open}})
      AND (
        draft.target_id = mention.id
        OR EXISTS (
          SELECT FROM approvals_revision revision
          WHERE revision.draft_id = draft.id
            AND approvals_is_newest(revision.id)
            AND revision.payload::jsonb ->> 'target' IN (
              SELECT mention.external_id
              UNION ALL
              SELECT version.external_id
              FROM tickets_postversion version
              WHERE version.mention_id = mention.id
            )
        )
      )
  );
END
