BEGIN
  RETURN EXISTS (
    SELECT FROM approvals_draft draft
    WHERE draft.ticket_id = of_ticket AND draft.status IN ('writing', 'in_review', 'changes_requested', 'approved')
  );
END
