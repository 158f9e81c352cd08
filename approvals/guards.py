"""The four-eyes rule as the database enforces it.

`PAIR_FAULT` is the rule itself; the guards call it under locks.

In each guard: refuse other isolation levels, lock in statements of their own (ticket before
draft), then read, then the clock.
"""

from approvals.payload_guards import SAME_AGAIN
from core.characters import FLAG_PATTERN, NEVER, TAGS, as_class
from core.guards import Guard, Routine, only_read_committed, refuse

PAIR_FAULT = Routine(
    name="approvals_pair_fault",
    arguments="of_revision bigint",
    returns="text",
    app_calls=True,
    body="""
DECLARE
  r approvals_revision; d approvals_draft; t tickets_ticket; v approvals_review; approvals_found integer;
  endorser_side text; writer_side text; countersigned boolean; needs_lead boolean; owner bigint;
BEGIN
  SELECT x.* INTO r FROM approvals_revision x WHERE x.id = of_revision;
  SELECT x.* INTO d FROM approvals_draft x WHERE x.id = r.draft_id;
  SELECT x.* INTO t FROM tickets_ticket x WHERE x.id = d.ticket_id;
  IF r.id IS NULL OR EXISTS (SELECT FROM approvals_revision n WHERE n.draft_id = r.draft_id AND n.number > r.number) THEN
    RETURN 'text_changed'; END IF;
  IF r.sha256 <> encode(sha256(convert_to(r.payload, 'UTF8')), 'hex') THEN RETURN 'text_changed'; END IF;
  SELECT count(*) INTO approvals_found FROM approvals_review x WHERE x.revision_id = r.id AND x.decision = 'approve'
    AND x.sha256 = r.sha256 AND NOT EXISTS (SELECT FROM approvals_void w WHERE w.review_id = x.id);
  IF approvals_found <> 1 OR EXISTS (
      SELECT FROM approvals_review x WHERE x.revision_id = r.id AND x.decision <> 'approve') THEN RETURN 'not_approved'; END IF;
  SELECT x.* INTO v FROM approvals_review x WHERE x.revision_id = r.id AND x.decision = 'approve'
    AND x.sha256 = r.sha256 AND NOT EXISTS (SELECT FROM approvals_void w WHERE w.review_id = x.id);
  IF people_natural(v.person_id) = people_natural(r.person_id) THEN RETURN 'one_person'; END IF;
  IF v.ground <> t.ground THEN RETURN 'ground_moved'; END IF;
  IF v.at <= desk_now() - interval '24 hours' THEN RETURN 'expired'; END IF;
  IF NOT EXISTS (SELECT FROM people_user u WHERE u.id = v.user_id AND u.person_id = v.person_id AND u.is_active)
     OR NOT EXISTS (SELECT FROM people_user u WHERE u.id = r.user_id AND u.person_id = r.person_id AND u.is_active)
     OR NOT EXISTS (SELECT FROM people_membership m WHERE m.id = v.membership_id AND m.person_id = v.person_id
                    AND m.ended_at IS NULL) THEN RETURN 'right_lost'; END IF;
  SELECT x.department_id INTO owner FROM tickets_connectedaccount x WHERE x.id = t.account_id;
  endorser_side := people_entitlement(v.person_id, t.department_id, r.at, owner);
  writer_side := people_entitlement(r.person_id, t.department_id, r.at, owner);
  countersigned := EXISTS (SELECT FROM approvals_revision e WHERE e.draft_id = d.id
                           AND people_natural(e.person_id) = people_natural(v.person_id) AND e.number < r.number);
  IF NOT countersigned AND NOT people_role_counts(v.membership_id) THEN RETURN 'right_lost'; END IF;
  needs_lead := EXISTS (SELECT FROM tickets_escalation e WHERE e.ticket_id = t.id AND e.ended_at IS NULL);
  IF needs_lead THEN
    IF endorser_side IS DISTINCT FROM 'lead' AND NOT (countersigned AND writer_side IS NOT DISTINCT FROM 'lead') THEN
      RETURN 'needs_lead'; END IF;
  ELSIF endorser_side IS NULL AND NOT (countersigned AND writer_side IS NOT NULL) THEN RETURN 'right_lost'; END IF;
  IF people_made_by(r.person_id, v.person_id, true) OR people_made_by(v.person_id, r.person_id, true) THEN RETURN 'made_by_one'; END IF;
  IF people_access_set(v.person_id, r.person_id) THEN RETURN 'access_changed'; END IF;
  RETURN NULL;
END""",
)

# Whether an approval rests on a role that one person alone gave: the entitled one's role, or one of
# the two who is at the desk by the other's word. It shows until a second person has confirmed it.
BY_ONE = Routine(
    name="approvals_by_one",
    arguments="of_review bigint",
    returns="boolean",
    app_calls=True,
    body="""
DECLARE said approvals_review; words approvals_revision; endorser people_membership; writer people_membership; countersigned boolean;
BEGIN
  SELECT one.* INTO said FROM approvals_review one WHERE one.id = of_review;
  SELECT one.* INTO words FROM approvals_revision one WHERE one.id = said.revision_id;
  SELECT role.* INTO endorser FROM people_membership role WHERE role.id = said.membership_id;
  SELECT role.* INTO writer FROM people_membership role WHERE role.id = words.membership_id;
  countersigned := EXISTS (SELECT FROM approvals_revision earlier WHERE earlier.draft_id = words.draft_id
    AND people_natural(earlier.person_id) = people_natural(said.person_id) AND earlier.number < words.number);
  IF countersigned AND endorser.role = 'agent' THEN
    IF writer.id IS NOT NULL AND NOT people_role_firm(writer.id) THEN RETURN true; END IF;
  ELSIF NOT people_role_firm(endorser.id) THEN RETURN true; END IF;
  RETURN people_made_by(words.person_id, said.person_id, false) OR people_made_by(said.person_id, words.person_id, false);
END""",
)

ON_ITS_WAY = Routine(
    name="approvals_on_its_way",
    arguments="of_draft bigint",
    returns="timestamptz",
    app_calls=True,
    body="""
DECLARE since timestamptz;
BEGIN
  SELECT y.claimed_at INTO since FROM posting_delivery y JOIN approvals_revision x ON x.id = y.revision_id
  WHERE x.draft_id = of_draft AND y.status IN ('in_flight', 'uncertain', 'for_a_person', 'posted') ORDER BY y.id DESC LIMIT 1;
  RETURN since;
END""",
)

LOCK_DRAFT = """
  PERFORM FROM tickets_ticket x WHERE x.id = (SELECT y.ticket_id FROM approvals_draft y WHERE y.id = {draft}) FOR NO KEY UPDATE;
  PERFORM FROM approvals_draft x WHERE x.id = {draft} FOR NO KEY UPDATE;
"""

FAULTS = "\n  ".join(
    f"IF fault = '{fault}' THEN {refuse('approvals_revision_stamp', sentence)} END IF;"
    for fault, sentence in (
        ("shape", "not the canonical form of a text"),
        ("draft", "the text of another draft"),
        ("account", "another account than the ticket''s"),
        ("target", "another post than the draft''s"),
        ("initials", "other initials than the author''s"),
        ("signature", "words without their signature"),
        ("open_field", "a field that nobody filled in"),
        ("picture", "a picture that is not there, or has no description"),
    )
)
REVISION = Guard(
    name="approvals_revision_stamp",
    when="BEFORE INSERT",
    definer=True,
    body=f"""
DECLARE state text; fault text; newest approvals_revision;
BEGIN
  {only_read_committed("approvals_revision_stamp")}
  {LOCK_DRAFT.format(draft="NEW.draft_id")}
  SELECT x.status INTO state FROM approvals_draft x WHERE x.id = NEW.draft_id;
  IF state NOT IN ('writing', 'changes_requested', 'in_review', 'approved') THEN
    {refuse("approvals_revision_stamp", "this draft is closed")} END IF;
  IF EXISTS (SELECT FROM posting_delivery y JOIN approvals_revision x ON x.id = y.revision_id
             WHERE x.draft_id = NEW.draft_id AND y.status IN ('in_flight', 'uncertain', 'for_a_person', 'posted')) THEN
    {refuse("approvals_revision_stamp", "a reply of this draft is on its way")} END IF;
  SELECT u.person_id INTO NEW.person_id FROM people_user u WHERE u.id = NEW.user_id AND u.is_active;
  IF NEW.person_id IS NULL THEN {refuse("approvals_revision_stamp", "the writer is not active")} END IF;
  IF NOT NEW.is_correction AND NOT EXISTS (
      SELECT FROM approvals_draft x JOIN people_user u ON u.id = x.writer_id WHERE x.id = NEW.draft_id
      AND people_natural(u.person_id) = people_natural(NEW.person_id)) THEN
    {refuse("approvals_revision_stamp", "only the author submits; others correct")} END IF;
  fault := approvals_wording_fault(NEW.draft_id, NEW.payload);
  {FAULTS}
{SAME_AGAIN}  SELECT coalesce(max(x.number), 0) + 1 INTO NEW.number FROM approvals_revision x WHERE x.draft_id = NEW.draft_id;
  NEW.at := desk_now();
  RETURN NEW;
END""",
)

READABLE = Guard(
    name="approvals_revision_readable",
    when="BEFORE INSERT",
    body=f"""
DECLARE text_of text;
BEGIN
  FOR text_of IN
    SELECT NEW.payload::jsonb ->> 'text'
    UNION ALL SELECT picture ->> 'alt' FROM jsonb_array_elements(
      CASE jsonb_typeof(NEW.payload::jsonb -> 'attachments') WHEN 'array' THEN NEW.payload::jsonb -> 'attachments' ELSE '[]' END) picture
  LOOP
    IF regexp_replace(text_of, '{FLAG_PATTERN}', '', 'g') ~ '[{as_class((*NEVER, TAGS))}]' THEN
      {refuse("approvals_revision_readable", "a character that nobody can see")} END IF;
  END LOOP;
  RETURN NEW;
END""",
)

ATTACHMENT = Guard(
    name="approvals_attachment_kept",
    when="BEFORE UPDATE OR DELETE",
    definer=True,
    body=f"""
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.draft_id, NEW.image, NEW.kind, NEW.width, NEW.height, NEW.user_id) IS DISTINCT FROM
       (OLD.draft_id, OLD.image, OLD.kind, OLD.width, OLD.height, OLD.user_id) THEN
      {refuse("approvals_attachment_kept", "a picture is never changed")} END IF;
    RETURN NEW;
  END IF;
  {LOCK_DRAFT.format(draft="OLD.draft_id")}
  IF EXISTS (SELECT FROM approvals_revision x, jsonb_array_elements(x.payload::jsonb -> 'attachments') y
             WHERE x.draft_id = OLD.draft_id AND y ->> 'sha256' = OLD.sha256) THEN
    {refuse("approvals_attachment_kept", "a submitted text names this picture")} END IF;
  RETURN OLD;
END""",
)

REVIEW = Guard(
    name="approvals_review_rule",
    when="BEFORE INSERT",
    definer=True,
    body=f"""
DECLARE r approvals_revision; d approvals_draft; t tickets_ticket; m people_membership; side text; writer_side text;
  countersigned boolean; needs_lead boolean; draft bigint; owner bigint;
BEGIN
  {only_read_committed("approvals_review_rule")}
  SELECT x.draft_id INTO draft FROM approvals_revision x WHERE x.id = NEW.revision_id;
  {LOCK_DRAFT.format(draft="draft")}
  PERFORM FROM people_membership x WHERE x.id = NEW.membership_id FOR SHARE;
  SELECT x.* INTO r FROM approvals_revision x WHERE x.id = NEW.revision_id;
  SELECT x.* INTO d FROM approvals_draft x WHERE x.id = r.draft_id;
  SELECT x.* INTO t FROM tickets_ticket x WHERE x.id = d.ticket_id;
  SELECT x.* INTO m FROM people_membership x WHERE x.id = NEW.membership_id;
  SELECT u.person_id INTO NEW.person_id FROM people_user u WHERE u.id = NEW.user_id AND u.is_active;
  NEW.at := desk_now();
  IF NEW.person_id IS NULL OR m.person_id IS DISTINCT FROM NEW.person_id OR m.ended_at IS NOT NULL THEN
    {refuse("approvals_review_rule", "not an active person with this membership")} END IF;
  IF d.status <> 'in_review' THEN {refuse("approvals_review_rule", "the draft is not in review")} END IF;
  IF EXISTS (SELECT FROM approvals_revision x WHERE x.draft_id = d.id AND x.number > r.number) THEN
    {refuse("approvals_review_rule", "not the newest revision")} END IF;
  IF NEW.sha256 <> r.sha256 THEN {refuse("approvals_review_rule", "another text")} END IF;
  IF NEW.ground <> t.ground THEN {refuse("approvals_review_rule", "the ground has moved")} END IF;
  IF people_natural(NEW.person_id) = people_natural(r.person_id) THEN {refuse("approvals_review_rule", "nobody decides on their own words")} END IF;
  IF EXISTS (SELECT FROM approvals_review x WHERE x.revision_id = r.id AND NOT EXISTS (
      SELECT FROM approvals_void w WHERE w.review_id = x.id)) THEN
    {refuse("approvals_review_rule", "decided already")} END IF;
  SELECT x.initials INTO NEW.initials FROM people_person x WHERE x.id = NEW.person_id;
  IF NEW.initials IS NULL THEN {refuse("approvals_review_rule", "nobody decides without initials")} END IF;
  SELECT x.department_id INTO owner FROM tickets_connectedaccount x WHERE x.id = t.account_id;
  side := people_entitlement(NEW.person_id, t.department_id, r.at, owner);
  writer_side := people_entitlement(r.person_id, t.department_id, r.at, owner);
  countersigned := NEW.decision = 'approve' AND EXISTS (SELECT FROM approvals_revision x WHERE x.draft_id = d.id
    AND people_natural(x.person_id) = people_natural(NEW.person_id) AND x.number < r.number);
  IF NOT countersigned AND NOT people_role_counts(m.id) THEN {refuse("approvals_review_rule", "nobody confirmed this role")} END IF;
  needs_lead := EXISTS (SELECT FROM tickets_escalation e WHERE e.ticket_id = t.id AND e.ended_at IS NULL);
  IF needs_lead THEN
    IF side IS DISTINCT FROM 'lead' AND NOT (countersigned AND writer_side IS NOT DISTINCT FROM 'lead') THEN
      {refuse("approvals_review_rule", "escalated: the lead decides")} END IF;
  ELSIF side IS NULL AND NOT (countersigned AND writer_side IS NOT NULL) THEN
    {refuse("approvals_review_rule", "not entitled")} END IF;
  IF NEW.decision = 'approve' AND (people_made_by(r.person_id, NEW.person_id, true) OR people_made_by(NEW.person_id, r.person_id, true)) THEN
    {refuse("approvals_review_rule", "one of the two is here by the word of the other alone")} END IF;
  IF NEW.decision = 'approve' AND people_access_set(NEW.person_id, r.person_id) THEN
    {refuse("approvals_review_rule", "access was changed between the two")} END IF;
  RETURN NEW;
END""",
)

VOID = Guard(
    name="approvals_void_lock",
    when="BEFORE INSERT",
    definer=True,
    body=f"""
DECLARE draft bigint;
BEGIN
  SELECT x.draft_id INTO draft FROM approvals_revision x JOIN approvals_review y ON y.revision_id = x.id WHERE y.id = NEW.review_id;
  {LOCK_DRAFT.format(draft="draft")}
  IF EXISTS (SELECT FROM posting_delivery y JOIN approvals_revision x ON x.id = y.revision_id
             WHERE x.draft_id = draft AND y.status IN ('in_flight', 'uncertain', 'for_a_person', 'posted')) THEN
    {refuse("approvals_void_lock", "too late: on its way or posted")} END IF;
  NEW.at := desk_now();
  RETURN NEW;
END""",
)

DRAFT = Guard(
    name="approvals_draft_moves",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=f"""
DECLARE newest bigint; fault text;
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse("approvals_draft_moves", "drafts are never deleted")} END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'writing' THEN {refuse("approvals_draft_moves", "a draft begins in writing")} END IF;
    RETURN NEW;
  END IF;
  IF NEW.ticket_id <> OLD.ticket_id THEN {refuse("approvals_draft_moves", "a draft stays with its ticket")} END IF;
  IF NEW.status = OLD.status THEN RETURN NEW; END IF;
  IF (OLD.status, NEW.status) NOT IN (
      ('writing', 'in_review'), ('writing', 'withdrawn'), ('in_review', 'approved'), ('in_review', 'changes_requested'),
      ('in_review', 'rejected'), ('in_review', 'withdrawn'), ('changes_requested', 'in_review'), ('changes_requested', 'withdrawn'),
      ('approved', 'posted'), ('approved', 'in_review'), ('approved', 'changes_requested'), ('approved', 'withdrawn')) THEN
    {refuse("approvals_draft_moves", "no such move")} END IF;
  SELECT x.id INTO newest FROM approvals_revision x WHERE x.draft_id = NEW.id ORDER BY x.number DESC LIMIT 1;
  IF NEW.status = 'in_review' AND newest IS NULL THEN
    {refuse("approvals_draft_moves", "nothing was submitted")} END IF;
  IF NEW.status = 'approved' THEN
    fault := approvals_pair_fault(newest);
    IF fault IS NOT NULL THEN {refuse("approvals_draft_moves", "no valid pair")} END IF;
  ELSIF OLD.status = 'approved' AND NEW.status <> 'posted' AND EXISTS (
      SELECT FROM approvals_review y JOIN approvals_revision x ON x.id = y.revision_id WHERE x.draft_id = NEW.id
      AND y.decision = 'approve' AND NOT EXISTS (SELECT FROM approvals_void w WHERE w.review_id = y.id)) THEN
    {refuse("approvals_draft_moves", "its approval still stands")}
  ELSIF NEW.status = 'posted' AND NOT EXISTS (
      SELECT FROM posting_delivery y WHERE y.revision_id = newest AND y.status = 'posted') THEN
    {refuse("approvals_draft_moves", "nothing was posted")}
  ELSIF NEW.status = 'rejected' AND NOT EXISTS (
      SELECT FROM approvals_review y WHERE y.revision_id = newest AND y.decision = 'reject') THEN
    {refuse("approvals_draft_moves", "nobody rejected it")}
  END IF;
  RETURN NEW;
END""",
)
