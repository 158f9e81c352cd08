DECLARE
  this_draft bigint;
BEGIN
  SELECT revision.draft_id
  INTO this_draft
  FROM approvals_revision revision
  JOIN approvals_review review ON review.revision_id = revision.id
  WHERE review.id = NEW.review_id;
  PERFORM FROM tickets_ticket ticket
  WHERE ticket.id = (SELECT draft.ticket_id FROM approvals_draft draft WHERE draft.id = this_draft)
  FOR NO KEY UPDATE;
  PERFORM FROM approvals_draft draft
  WHERE draft.id = this_draft
  FOR NO KEY UPDATE;
  IF approvals_on_its_way(this_draft) IS NOT NULL THEN
    RAISE EXCEPTION 'too late: on its way or posted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_void_lock';
  END IF;
  NEW.at := desk_now();
  RETURN NEW;
END
