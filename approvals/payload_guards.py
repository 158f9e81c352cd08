"""What the database asks of a submitted text.

Its canonical JSON says exactly what its draft says, and nothing is said twice.

`WORDING` judges one payload and returns what is wrong with it, or null;
`approvals_revision_stamp` asks it under the locks of ticket and draft. Target, account and
initials are read from the draft's own rows, so a payload cannot name others.
"""

from approvals.open_fields import PATTERN
from core.guards import Guard, Routine, refuse

OPEN_FIELD = Routine(
    name="approvals_open_field",
    arguments="words text",
    returns="boolean",
    app_calls=True,
    body=f"BEGIN RETURN words ~ '{PATTERN}'; END",
)

CANONICAL = Routine(
    name="approvals_canonical",
    arguments="content jsonb",
    returns="text",
    body="""
DECLARE pictures text;
BEGIN
  IF jsonb_typeof(content) IS DISTINCT FROM 'object' OR jsonb_typeof(content -> 'attachments') IS DISTINCT FROM 'array' THEN
    RETURN NULL; END IF;
  SELECT string_agg('{"alt":' || to_json(picture.entry ->> 'alt') || ',"kind":' || to_json(picture.entry ->> 'kind')
                    || ',"sha256":' || to_json(picture.entry ->> 'sha256') || '}', ',' ORDER BY picture.place)
  INTO pictures FROM jsonb_array_elements(content -> 'attachments') WITH ORDINALITY AS picture (entry, place);
  RETURN '{"account":' || to_json(content ->> 'account') || ',"attachments":[' || coalesce(pictures, '')
    || '],"draft":' || (content ->> 'draft') || ',"initials":' || to_json(content ->> 'initials')
    || ',"target":' || to_json(content ->> 'target') || ',"text":' || to_json(content ->> 'text') || ',"version":1}';
END""",
)

WORDING = Routine(
    name="approvals_wording_fault",
    arguments="of_draft bigint, payload text",
    returns="text",
    app_calls=True,
    body="""
DECLARE content jsonb; signature text; words text; account text; initials text; target text;
BEGIN
  content := payload::jsonb;
  IF payload IS DISTINCT FROM approvals_canonical(content) THEN RETURN 'shape'; END IF;
  SELECT own.x_id::text, author.initials, coalesce(version.x_id, mention.x_key)::text INTO account, initials, target
  FROM approvals_draft draft
  JOIN tickets_ticket ticket ON ticket.id = draft.ticket_id
  JOIN tickets_connectedaccount own ON own.id = ticket.account_id
  JOIN people_user writer ON writer.id = draft.writer_id
  JOIN people_person author ON author.id = writer.person_id
  LEFT JOIN tickets_mention mention ON mention.id = draft.target_id AND mention.ticket_id = draft.ticket_id
  LEFT JOIN tickets_postversion version ON version.id = mention.newest_id
  WHERE draft.id = of_draft;
  IF content ->> 'draft' IS DISTINCT FROM of_draft::text THEN RETURN 'draft'; END IF;
  IF content ->> 'account' IS DISTINCT FROM account THEN RETURN 'account'; END IF;
  IF target IS NULL OR content ->> 'target' <> target THEN RETURN 'target'; END IF;
  IF initials IS NULL OR content ->> 'initials' <> initials THEN RETURN 'initials'; END IF;
  words := content ->> 'text';
  signature := ' ^' || initials;
  IF right(words, length(signature)) <> signature OR btrim(left(words, -length(signature)), E' \\n\\t') = '' THEN
    RETURN 'signature'; END IF;
  IF approvals_open_field(words) OR EXISTS (
      SELECT FROM jsonb_array_elements(content -> 'attachments') entry WHERE approvals_open_field(entry ->> 'alt')) THEN
    RETURN 'open_field'; END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(content -> 'attachments') entry
             WHERE btrim(entry ->> 'alt') = '' OR NOT EXISTS (
               SELECT FROM approvals_attachment picture WHERE picture.draft_id = of_draft
               AND picture.sha256 = entry ->> 'sha256' AND picture.kind = entry ->> 'kind')) THEN RETURN 'picture'; END IF;
  RETURN NULL;
END""",
)

AUTHOR = Guard(
    name="approvals_draft_author",
    when="BEFORE UPDATE OF writer_id",
    body=f"""
BEGIN
  IF NEW.writer_id <> OLD.writer_id AND OLD.status NOT IN ('writing', 'changes_requested') THEN
    {refuse("approvals_draft_author", "what was submitted keeps its author")} END IF;
  RETURN NEW;
END""",
)

SAME_AGAIN = f"""
  SELECT x.* INTO newest FROM approvals_revision x WHERE x.draft_id = NEW.draft_id ORDER BY x.number DESC LIMIT 1;
  IF state IN ('in_review', 'approved') AND newest.payload = NEW.payload AND NEW.ground <= newest.ground
     AND people_natural(newest.person_id) = people_natural(NEW.person_id)
     AND EXISTS (SELECT FROM people_user u WHERE u.id = newest.user_id AND u.is_active) THEN
    {refuse("approvals_revision_stamp", "the same text again")} END IF;
"""
