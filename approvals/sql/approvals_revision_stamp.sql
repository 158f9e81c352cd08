DECLARE
  state text;
  fault text;
  newest approvals_revision;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'only under read committed'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  PERFORM FROM tickets_ticket ticket
  WHERE ticket.id = (
    SELECT draft.ticket_id
    FROM approvals_draft draft
    WHERE draft.id = NEW.draft_id
  )
  FOR NO KEY UPDATE;
  PERFORM FROM approvals_draft draft
  WHERE draft.id = NEW.draft_id
  FOR NO KEY UPDATE;
  SELECT draft.status
  INTO state
  FROM approvals_draft draft
  WHERE draft.id = NEW.draft_id;
  IF state NOT IN ('writing', 'changes_requested', 'in_review', 'approved') THEN
    RAISE EXCEPTION 'this draft is closed'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF approvals_on_its_way(NEW.draft_id) IS NOT NULL THEN
    RAISE EXCEPTION 'a reply of this draft is on its way'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  SELECT login.person_id
  INTO NEW.person_id
  FROM people_user login
  WHERE login.id = NEW.user_id AND login.is_active;
  IF NEW.person_id IS NULL THEN
    RAISE EXCEPTION 'the writer is not active'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF NOT NEW.is_correction
    AND NOT EXISTS (
      SELECT FROM approvals_draft draft
      JOIN people_user login ON login.id = draft.writer_id
      WHERE draft.id = NEW.draft_id
        AND people_natural(login.person_id) = people_natural(NEW.person_id)
    ) THEN
    RAISE EXCEPTION 'only the author submits; others correct'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  fault := approvals_wording_fault(NEW.draft_id, NEW.payload);
  IF fault = 'shape' THEN
    RAISE EXCEPTION 'not the canonical form of a text'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF fault = 'draft' THEN
    RAISE EXCEPTION 'the text of another draft'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF fault = 'network' THEN
    RAISE EXCEPTION 'another network than the account''s'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF fault = 'surface' THEN
    RAISE EXCEPTION 'a surface that nobody answers on'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF fault = 'account' THEN
    RAISE EXCEPTION 'another account than the ticket''s'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF fault = 'target' THEN
    RAISE EXCEPTION 'another post than the draft''s'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF fault = 'initials' THEN
    RAISE EXCEPTION 'other initials than the author''s'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF fault = 'signature' THEN
    RAISE EXCEPTION 'words without their signature'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF fault = 'open_field' THEN
    RAISE EXCEPTION 'a field that nobody filled in'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  IF fault = 'picture' THEN
    RAISE EXCEPTION 'a picture that is not there, or has no description'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  SELECT revision.*
  INTO newest
  FROM approvals_revision revision
  WHERE revision.draft_id = NEW.draft_id
  ORDER BY revision.number DESC
  LIMIT 1;
  IF state IN ('in_review', 'approved')
    AND newest.payload = NEW.payload
    AND NEW.context_version <= newest.context_version
    AND people_natural(newest.person_id) = people_natural(NEW.person_id)
    AND EXISTS (
      SELECT FROM people_user login
      WHERE login.id = newest.user_id AND login.is_active
    ) THEN
    RAISE EXCEPTION 'the same text again'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_revision_stamp';
  END IF;
  SELECT coalesce(max(revision.number), 0) + 1
  INTO NEW.number
  FROM approvals_revision revision
  WHERE revision.draft_id = NEW.draft_id;
  NEW.at := desk_now();
  RETURN NEW;
END
