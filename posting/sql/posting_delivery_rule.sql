DECLARE
  this_draft bigint;
  state text;
  fault text;
  newest bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'deliveries are never deleted'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'due' THEN
      RAISE EXCEPTION 'a delivery begins as due'
        USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
    END IF;
    IF NOT EXISTS (
      SELECT FROM approvals_revision revision
      JOIN tickets_connectedaccount account ON account.id = NEW.account_id
      WHERE revision.id = NEW.revision_id
        AND revision.payload::jsonb ->> 'target' = NEW.target_id
        AND revision.payload::jsonb ->> 'account' = account.external_id
        AND revision.payload::jsonb ->> 'network' = NEW.network
        AND revision.payload::jsonb ->> 'surface' = NEW.surface
        AND account.network = NEW.network
    ) THEN
      RAISE EXCEPTION 'another post, account, network or surface than the approved one'
        USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.revision_id, NEW.sha256, NEW.account_id, NEW.network, NEW.surface, NEW.target_id)
    IS DISTINCT FROM (
      OLD.revision_id, OLD.sha256, OLD.account_id, OLD.network, OLD.surface, OLD.target_id
    ) THEN
    RAISE EXCEPTION 'a delivery keeps its revision, account, network, surface and target'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) NOT IN ({{moves}}) THEN
    RAISE EXCEPTION 'no such move'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  SELECT attempt.id
  INTO newest
  FROM posting_attempt attempt
  WHERE attempt.delivery_id = NEW.id
  ORDER BY attempt.number DESC
  LIMIT 1;
  IF NEW.status = 'posted'
    AND NOT EXISTS (
      SELECT FROM posting_result result
      WHERE result.attempt_id = newest
        AND result.outcome IN ('posted', 'found', 'seen')
        AND result.external_id = NEW.external_id
    ) THEN
    RAISE EXCEPTION 'no attempt ended so'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  IF OLD.status = 'in_flight'
    AND NEW.status IN ('due', 'void', 'refused', 'uncertain')
    AND NOT EXISTS (
      SELECT FROM posting_result result
      WHERE result.attempt_id = newest
        AND result.outcome = CASE NEW.status
          WHEN 'refused' THEN 'refused'
          WHEN 'uncertain' THEN 'uncertain'
          ELSE 'not_sent'
        END
    ) THEN
    RAISE EXCEPTION 'no attempt ended so'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  IF OLD.status IN ('uncertain', 'for_a_person')
    AND NEW.status = 'due'
    AND NOT EXISTS (
      SELECT FROM posting_result result
      WHERE result.attempt_id = newest AND result.outcome IN ('absent', 'unseen')
    ) THEN
    RAISE EXCEPTION 'nobody found it absent'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  IF NEW.status <> 'in_flight' THEN
    RETURN NEW;
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'only under read committed'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  PERFORM FROM tickets_connectedaccount account
  WHERE account.id = NEW.account_id
  FOR NO KEY UPDATE;
  IF NOT EXISTS (
    SELECT FROM tickets_connectedaccount account
    WHERE account.id = NEW.account_id
      AND account.status = 'active'
      AND (account.rests_until IS NULL OR account.rests_until <= desk_now())
  ) THEN
    RAISE EXCEPTION 'the account is paused, revoked or rests'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
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
  WHERE membership.id IN (
    SELECT review.membership_id
    FROM approvals_review review
    WHERE review.revision_id = NEW.revision_id
  )
  ORDER BY membership.id
  FOR SHARE;
  SELECT draft.status
  INTO state
  FROM approvals_draft draft
  WHERE draft.id = this_draft;
  IF state IS DISTINCT FROM 'approved' THEN
    RAISE EXCEPTION 'the draft is not approved'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  IF NOT EXISTS (
    SELECT FROM approvals_revision revision
    WHERE revision.id = NEW.revision_id AND revision.sha256 = NEW.sha256
  ) THEN
    RAISE EXCEPTION 'another text'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  fault := approvals_pair_fault(NEW.revision_id);
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'no valid pair stands behind these words'
      USING ERRCODE = 'DK403', CONSTRAINT = 'posting_delivery_rule';
  END IF;
  NEW.claimed_at := desk_now();
  RETURN NEW;
END
