DECLARE
  this_draft bigint;
  state text;
  fault text;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'only under read committed'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_review_rule';
  END IF;
  SELECT revision.draft_id
  INTO this_draft
  FROM approvals_revision revision
  WHERE revision.id = NEW.revision_id;
  PERFORM FROM tickets_ticket ticket
  WHERE ticket.id = (SELECT draft.ticket_id FROM approvals_draft draft WHERE draft.id = this_draft)
  FOR NO KEY UPDATE;
  PERFORM FROM approvals_draft draft
  WHERE draft.id = this_draft
  FOR NO KEY UPDATE;
  PERFORM FROM people_membership membership
  WHERE membership.id = NEW.membership_id
  FOR SHARE;
  SELECT login.person_id
  INTO NEW.person_id
  FROM people_user login
  WHERE login.id = NEW.user_id AND login.is_active;
  NEW.at := desk_now();
  IF NEW.person_id IS NULL THEN
    RAISE EXCEPTION 'not an active person with this membership'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_review_rule';
  END IF;
  SELECT draft.status
  INTO state
  FROM approvals_draft draft
  WHERE draft.id = this_draft;
  IF state IS DISTINCT FROM 'in_review' THEN
    RAISE EXCEPTION 'the draft is not in review'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_review_rule';
  END IF;
  IF NOT approvals_is_newest(NEW.revision_id) THEN
    RAISE EXCEPTION 'not the newest revision'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_review_rule';
  END IF;
  IF EXISTS (
    SELECT FROM approvals_review review
    WHERE review.revision_id = NEW.revision_id
      AND NOT EXISTS (SELECT FROM approvals_void void WHERE void.review_id = review.id)
  ) THEN
    RAISE EXCEPTION 'decided already'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_review_rule';
  END IF;
  SELECT person.initials
  INTO NEW.initials
  FROM people_person person
  WHERE person.id = NEW.person_id;
  IF NEW.initials IS NULL THEN
    RAISE EXCEPTION 'nobody decides without initials'
      USING ERRCODE = 'DK403', CONSTRAINT = 'approvals_review_rule';
  END IF;
  fault := approvals_decision_fault(NEW);
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = CASE fault
        WHEN 'other_text' THEN 'another text'
        WHEN 'one_person' THEN 'nobody decides on their own words'
        WHEN 'context_changed' THEN 'the context_version has moved'
        WHEN 'not_active' THEN 'not an active person with this membership'
        WHEN 'role_waits' THEN 'nobody confirmed this role'
        WHEN 'needs_lead' THEN 'escalated: the lead decides'
        WHEN 'not_entitled' THEN 'not entitled'
        WHEN 'made_by_one' THEN 'one of the two is here by the word of the other alone'
        WHEN 'access_changed' THEN 'access was changed between the two'
        ELSE fault
      END,
      ERRCODE = 'DK403',
      CONSTRAINT = 'approvals_review_rule';
  END IF;
  RETURN NEW;
END
