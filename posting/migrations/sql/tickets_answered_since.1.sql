BEGIN
  RETURN EXISTS (
    SELECT FROM approvals_draft draft
    JOIN approvals_revision revision ON revision.draft_id = draft.id
    JOIN posting_delivery delivery ON delivery.revision_id = revision.id
    WHERE draft.ticket_id = of_ticket
      AND delivery.status = 'posted'
      AND delivery.claimed_at > since
  );
END
