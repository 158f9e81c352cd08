DECLARE
  newest bigint;
  fault text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'drafts are never deleted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'writing' THEN
      RAISE EXCEPTION 'a draft begins in writing'
        USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
    END IF;
    PERFORM FROM tickets_ticket ticket
    WHERE ticket.id = NEW.ticket_id
    FOR NO KEY UPDATE;
    IF EXISTS (
      SELECT FROM tickets_ticket ticket
      WHERE ticket.id = NEW.ticket_id AND ticket.merged_into_id IS NOT NULL
    ) THEN
      RAISE EXCEPTION 'a merged ticket is answered in the other one'
        USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.ticket_id <> OLD.ticket_id THEN
    RAISE EXCEPTION 'a draft stays with its ticket'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
  END IF;
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) NOT IN (
    ('writing', 'in_review'), ('writing', 'withdrawn'),
    ('in_review', 'approved'), ('in_review', 'changes_requested'), ('in_review', 'rejected'), ('in_review', 'withdrawn'),
    ('changes_requested', 'in_review'), ('changes_requested', 'withdrawn'),
    ('approved', 'changes_requested'), ('approved', 'in_review'), ('approved', 'posted'), ('approved', 'withdrawn')
  ) THEN
    RAISE EXCEPTION 'no such move'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
  END IF;
  SELECT revision.id
  INTO newest
  FROM approvals_revision revision
  WHERE revision.draft_id = NEW.id
  ORDER BY revision.number DESC
  LIMIT 1;
  IF NEW.status = 'in_review' AND newest IS NULL THEN
    RAISE EXCEPTION 'nothing was submitted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
  END IF;
  IF NEW.status = 'approved' THEN
    fault := approvals_pair_fault(newest);
    IF fault IS NOT NULL THEN
      RAISE EXCEPTION 'no valid pair'
        USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
    END IF;
  ELSIF OLD.status = 'approved'
    AND NEW.status <> 'posted'
    AND EXISTS (
      SELECT FROM approvals_review review
      JOIN approvals_revision revision ON revision.id = review.revision_id
      WHERE revision.draft_id = NEW.id
        AND review.decision = 'approve'
        AND NOT EXISTS (SELECT FROM approvals_void void WHERE void.review_id = review.id)
    ) THEN
    RAISE EXCEPTION 'its approval still stands'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
  ELSIF NEW.status = 'posted' AND NOT approvals_was_posted(newest) THEN
    RAISE EXCEPTION 'nothing was posted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
  ELSIF NEW.status = 'rejected'
    AND NOT EXISTS (
      SELECT FROM approvals_review review
      WHERE review.revision_id = newest AND review.decision = 'reject'
    ) THEN
    RAISE EXCEPTION 'nobody rejected it'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_draft_moves';
  END IF;
  RETURN NEW;
END
