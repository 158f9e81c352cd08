"""A delivery becomes in flight only under the four-eyes rule, judged in that very transaction and under locks."""

from core.guards import Guard, only_read_committed, refuse

NAME = "posting_delivery_rule"
DELIVERY = Guard(
    name=NAME, when="BEFORE INSERT OR UPDATE OR DELETE", definer=True, body=f"""
DECLARE draft bigint; state text; fault text;
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse(NAME, "deliveries are never deleted")} END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'due' THEN {refuse(NAME, "a delivery begins as due")} END IF;
    RETURN NEW;
  END IF;
  IF (NEW.revision_id, NEW.sha256, NEW.account_id) IS DISTINCT FROM (OLD.revision_id, OLD.sha256, OLD.account_id) THEN
    {refuse(NAME, "a delivery keeps its revision")} END IF;
  IF NEW.status = OLD.status THEN RETURN NEW; END IF;
  IF (OLD.status, NEW.status) NOT IN (
      ('due', 'in_flight'), ('due', 'void'), ('in_flight', 'posted'), ('in_flight', 'due'), ('in_flight', 'refused'),
      ('in_flight', 'uncertain'), ('in_flight', 'void'), ('uncertain', 'posted'), ('uncertain', 'due'), ('uncertain', 'for_a_person'),
      ('for_a_person', 'posted'), ('for_a_person', 'due')) THEN {refuse(NAME, "no such move")} END IF;
  IF NEW.status = 'posted' AND NOT EXISTS (
      SELECT FROM posting_result o JOIN posting_attempt a ON a.id = o.attempt_id WHERE a.delivery_id = NEW.id
      AND o.outcome IN ('posted', 'found', 'seen') AND o.x_id = NEW.x_id) THEN {refuse(NAME, "no attempt ended so")} END IF;
  IF OLD.status IN ('uncertain', 'for_a_person') AND NEW.status = 'due' AND NOT EXISTS (
      SELECT FROM posting_result o JOIN posting_attempt a ON a.id = o.attempt_id WHERE a.delivery_id = NEW.id
      AND o.outcome IN ('absent', 'unseen') AND a.number = (SELECT max(b.number) FROM posting_attempt b WHERE b.delivery_id = NEW.id)) THEN
    {refuse(NAME, "nobody found it absent")} END IF;
  IF NEW.status <> 'in_flight' THEN RETURN NEW; END IF;
  {only_read_committed(NAME)}
  SELECT x.draft_id INTO draft FROM approvals_revision x WHERE x.id = NEW.revision_id;
  PERFORM FROM tickets_ticket x WHERE x.id = (SELECT y.ticket_id FROM approvals_draft y WHERE y.id = draft) FOR NO KEY UPDATE;
  PERFORM FROM approvals_draft x WHERE x.id = draft FOR NO KEY UPDATE;
  PERFORM FROM people_membership x WHERE x.id IN (
    SELECT v.membership_id FROM approvals_review v WHERE v.revision_id = NEW.revision_id) ORDER BY x.id FOR SHARE;
  SELECT y.status INTO state FROM approvals_draft y WHERE y.id = draft;
  IF state IS DISTINCT FROM 'approved' THEN {refuse(NAME, "the draft is not approved")} END IF;
  IF NOT EXISTS (SELECT FROM approvals_revision x WHERE x.id = NEW.revision_id AND x.sha256 = NEW.sha256) THEN
    {refuse(NAME, "another text")} END IF;
  fault := approvals_pair_fault(NEW.revision_id);
  IF fault IS NOT NULL THEN {refuse(NAME, "no valid pair stands behind these words")} END IF;
  NEW.claimed_at := desk_now();
  RETURN NEW;
END""")

ATTEMPT = Guard(
    name="posting_attempt_real", when="BEFORE INSERT", definer=True, body=f"""
DECLARE state text;
BEGIN
  PERFORM FROM posting_delivery x WHERE x.id = NEW.delivery_id FOR NO KEY UPDATE;
  SELECT x.status INTO state FROM posting_delivery x WHERE x.id = NEW.delivery_id;
  IF state IS DISTINCT FROM 'in_flight' THEN
    {refuse("posting_attempt_real", "an attempt needs a delivery in flight")} END IF;
  SELECT coalesce(max(x.number), 0) + 1 INTO NEW.number FROM posting_attempt x WHERE x.delivery_id = NEW.delivery_id;
  NEW.at := desk_now();
  RETURN NEW;
END""")

RESULT = Guard(
    name="posting_result_real", when="BEFORE INSERT", definer=True, body=f"""
DECLARE state text;
BEGIN
  PERFORM FROM posting_delivery x WHERE x.id = (SELECT a.delivery_id FROM posting_attempt a WHERE a.id = NEW.attempt_id)
    FOR NO KEY UPDATE;
  SELECT x.status INTO state FROM posting_delivery x WHERE x.id = (SELECT a.delivery_id FROM posting_attempt a WHERE a.id = NEW.attempt_id);
  IF (NEW.outcome IN ('posted', 'not_sent', 'refused', 'uncertain') AND state IS DISTINCT FROM 'in_flight')
     OR (NEW.outcome IN ('found', 'absent') AND state IS DISTINCT FROM 'uncertain')
     OR (NEW.outcome IN ('seen', 'unseen') AND state IS DISTINCT FROM 'for_a_person') THEN
    {refuse("posting_result_real", "no such outcome at this point")} END IF;
  NEW.at := desk_now();
  RETURN NEW;
END""")
