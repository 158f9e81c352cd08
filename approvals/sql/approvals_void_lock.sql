DECLARE
  this_draft bigint;
  ended approvals_review;
BEGIN
  SELECT review.*
  INTO ended
  FROM approvals_review review
  WHERE review.id = NEW.review_id;
  SELECT revision.draft_id
  INTO this_draft
  FROM approvals_revision revision
  WHERE revision.id = ended.revision_id;
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
  IF ended.decision <> 'approve'
    AND NOT (
      ended.decision = 'request_changes'
      AND NEW.reason = 'revoked'
      AND approvals_is_newest(ended.revision_id)
      AND EXISTS (
        SELECT FROM approvals_draft draft
        WHERE draft.id = this_draft AND draft.status = 'changes_requested'
      )
      AND EXISTS (
        SELECT FROM people_user login
        WHERE login.id = NEW.by_id
          AND login.is_active
          AND people_natural(login.person_id) = people_natural(ended.person_id)
      )
    ) THEN
    RAISE EXCEPTION 'only who requested changes takes that back, while nothing came of it'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_void_lock';
  END IF;
  NEW.at := desk_now();
  RETURN NEW;
END
