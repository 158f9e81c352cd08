"""A delivery becomes in flight only under the four-eyes rule, judged in that very transaction and under locks."""

from core.guards import Guard, only_read_committed, refuse

NAME = "posting_delivery_rule"
DELIVERY = Guard(
    name=NAME,
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=f"""
DECLARE draft bigint; state text; fault text; newest bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse(NAME, "deliveries are never deleted")} END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'due' THEN {refuse(NAME, "a delivery begins as due")} END IF;
    IF NOT EXISTS (SELECT FROM approvals_revision x JOIN tickets_connectedaccount a ON a.id = NEW.account_id
                   WHERE x.id = NEW.revision_id AND x.payload::jsonb ->> 'target' = NEW.target_id::text AND x.payload::jsonb ->> 'account' = a.x_id::text) THEN
      {refuse(NAME, "another post or account than the approved one")} END IF;
    RETURN NEW;
  END IF;
  IF (NEW.revision_id, NEW.sha256, NEW.account_id, NEW.target_id) IS DISTINCT FROM (OLD.revision_id, OLD.sha256, OLD.account_id, OLD.target_id) THEN
    {refuse(NAME, "a delivery keeps its revision, account and target")} END IF;
  IF NEW.status = OLD.status THEN RETURN NEW; END IF;
  IF (OLD.status, NEW.status) NOT IN (
      ('due', 'in_flight'), ('due', 'void'), ('in_flight', 'posted'), ('in_flight', 'due'), ('in_flight', 'refused'),
      ('in_flight', 'uncertain'), ('in_flight', 'void'), ('uncertain', 'posted'), ('uncertain', 'due'), ('uncertain', 'for_a_person'),
      ('for_a_person', 'posted'), ('for_a_person', 'due')) THEN {refuse(NAME, "no such move")} END IF;
  SELECT x.id INTO newest FROM posting_attempt x WHERE x.delivery_id = NEW.id ORDER BY x.number DESC LIMIT 1;
  IF NEW.status = 'posted' AND NOT EXISTS (
      SELECT FROM posting_result o WHERE o.attempt_id = newest AND o.outcome IN ('posted', 'found', 'seen') AND o.x_id = NEW.x_id) THEN
    {refuse(NAME, "no attempt ended so")} END IF;
  IF OLD.status = 'in_flight' AND NEW.status IN ('due', 'void', 'refused', 'uncertain') AND NOT EXISTS (
      SELECT FROM posting_result o WHERE o.attempt_id = newest
      AND o.outcome = CASE NEW.status WHEN 'refused' THEN 'refused' WHEN 'uncertain' THEN 'uncertain' ELSE 'not_sent' END) THEN
    {refuse(NAME, "no attempt ended so")} END IF;
  IF OLD.status IN ('uncertain', 'for_a_person') AND NEW.status = 'due' AND NOT EXISTS (
      SELECT FROM posting_result o WHERE o.attempt_id = newest AND o.outcome IN ('absent', 'unseen')) THEN
    {refuse(NAME, "nobody found it absent")} END IF;
  IF NEW.status <> 'in_flight' THEN RETURN NEW; END IF;
  {only_read_committed(NAME)}
  PERFORM FROM tickets_connectedaccount account WHERE account.id = NEW.account_id FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT FROM tickets_connectedaccount account WHERE account.id = NEW.account_id AND account.status = 'active'
                 AND (account.rests_until IS NULL OR account.rests_until <= desk_now())) THEN
    {refuse(NAME, "the account is paused, revoked or rests")} END IF;
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
END""",
)

ATTEMPT = Guard(
    name="posting_attempt_real",
    when="BEFORE INSERT",
    definer=True,
    body=f"""
DECLARE state text;
BEGIN
  PERFORM FROM posting_delivery x WHERE x.id = NEW.delivery_id FOR NO KEY UPDATE;
  SELECT x.status INTO state FROM posting_delivery x WHERE x.id = NEW.delivery_id;
  IF state IS DISTINCT FROM 'in_flight' THEN
    {refuse("posting_attempt_real", "an attempt needs a delivery in flight")} END IF;
  SELECT coalesce(max(x.number), 0) + 1 INTO NEW.number FROM posting_attempt x WHERE x.delivery_id = NEW.delivery_id;
  NEW.at := desk_now();
  RETURN NEW;
END""",
)

READING = Guard(
    name="posting_reading_real",
    when="BEFORE INSERT",
    definer=True,
    body=f"""
DECLARE state text;
BEGIN
  PERFORM FROM posting_delivery x WHERE x.id = NEW.delivery_id FOR NO KEY UPDATE;
  SELECT x.status INTO state FROM posting_delivery x WHERE x.id = NEW.delivery_id;
  IF state IS DISTINCT FROM 'uncertain' OR NOT EXISTS (
      SELECT FROM posting_attempt a WHERE a.id = NEW.attempt_id AND a.delivery_id = NEW.delivery_id) THEN
    {refuse("posting_reading_real", "nothing of this delivery is looked for")} END IF;
  NEW.at := desk_now();
  RETURN NEW;
END""",
)

RESULT = Guard(
    name="posting_result_real",
    when="BEFORE INSERT",
    definer=True,
    body=f"""
DECLARE state text; of_delivery bigint;
BEGIN
  SELECT a.delivery_id INTO of_delivery FROM posting_attempt a WHERE a.id = NEW.attempt_id;
  PERFORM FROM posting_delivery x WHERE x.id = of_delivery FOR NO KEY UPDATE;
  SELECT x.status INTO state FROM posting_delivery x WHERE x.id = of_delivery;
  IF EXISTS (SELECT FROM posting_attempt b JOIN posting_attempt a ON a.delivery_id = b.delivery_id
             WHERE a.id = NEW.attempt_id AND b.number > a.number) THEN
    {refuse("posting_result_real", "a later attempt was made")} END IF;
  IF (NEW.outcome IN ('posted', 'not_sent', 'refused', 'uncertain') AND state IS DISTINCT FROM 'in_flight')
     OR (NEW.outcome = 'absent' AND state IS DISTINCT FROM 'uncertain')
     OR (NEW.outcome = 'found' AND state NOT IN ('uncertain', 'for_a_person'))
     OR (NEW.outcome IN ('seen', 'unseen') AND state IS DISTINCT FROM 'for_a_person') THEN
    {refuse("posting_result_real", "no such outcome at this point")} END IF;
  IF NEW.outcome = 'absent' AND NOT EXISTS (
      SELECT FROM posting_timing t, posting_result u, posting_reading a, posting_reading b
      WHERE u.attempt_id = NEW.attempt_id AND u.outcome = 'uncertain' AND a.attempt_id = NEW.attempt_id AND b.attempt_id = NEW.attempt_id
      AND a.at >= u.at + make_interval(secs => t.settle_seconds) AND b.at >= a.at + make_interval(secs => t.second_reading_seconds)) THEN
    {refuse("posting_result_real", "absence is proven by two late readings")} END IF;
  IF NEW.outcome = 'unseen' AND EXISTS (
      SELECT FROM posting_doubt doubt WHERE doubt.delivery_id = of_delivery AND doubt.another_at IS NULL) THEN
    {refuse("posting_result_real", "of a post at its place nobody has said what it is")} END IF;
  IF NEW.outcome = 'unseen' AND NOT EXISTS (
      SELECT FROM posting_timing timing, posting_result result WHERE result.attempt_id = NEW.attempt_id AND result.outcome = 'uncertain'
      AND desk_now() >= result.at + make_interval(secs => timing.settle_seconds)) THEN
    {refuse("posting_result_real", "X may still show it late")} END IF;
  NEW.at := desk_now();
  RETURN NEW;
END""",
)

DOUBT = Guard(
    name="posting_doubt_real",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=f"""
DECLARE state text;
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse("posting_doubt_real", "doubts are never deleted")} END IF;
  IF TG_OP = 'UPDATE' AND (OLD.another_at IS NOT NULL OR (NEW.id, NEW.delivery_id, NEW.x_id, NEW.text, NEW.written_at, NEW.noticed_at)
      IS DISTINCT FROM (OLD.id, OLD.delivery_id, OLD.x_id, OLD.text, OLD.written_at, OLD.noticed_at)) THEN
    {refuse("posting_doubt_real", "a doubt stays, and is answered once")} END IF;
  PERFORM FROM posting_delivery delivery WHERE delivery.id = NEW.delivery_id FOR NO KEY UPDATE;
  SELECT delivery.status INTO state FROM posting_delivery delivery WHERE delivery.id = NEW.delivery_id;
  IF state IS DISTINCT FROM 'for_a_person' AND (TG_OP = 'UPDATE' OR state IS DISTINCT FROM 'uncertain') THEN
    {refuse("posting_doubt_real", "nobody is in doubt about this reply")} END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.noticed_at := desk_now();
    NEW.another_at := NULL;
    NEW.another_by_id := NULL;
  ELSE
    NEW.another_at := desk_now();
  END IF;
  RETURN NEW;
END""",
)
