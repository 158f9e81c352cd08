"""What the database itself keeps true about accounts and posts: access to X is its account's own.

What X showed us is not written anew.
"""

from core.guards import Guard, Routine, refuse

NAME = "tickets_account_access"
OWN_FRONT = "convert_to('1:' || {account}.x_id || ':', 'UTF8')"

ACCESS = Guard(
    name=NAME,
    when="BEFORE INSERT OR UPDATE",
    body=f"""
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF length(NEW.credentials) > 0 THEN {refuse(NAME, "access is kept by its routine alone")} END IF;
    RETURN NEW;
  END IF;
  IF NEW.x_id IS DISTINCT FROM OLD.x_id THEN {refuse(NAME, "an account stays the one it is on X")} END IF;
  IF NEW.credentials IS DISTINCT FROM OLD.credentials
     AND position({OWN_FRONT.format(account="NEW")} IN NEW.credentials) <> 1 THEN
    {refuse(NAME, "the access of another account")} END IF;
  RETURN NEW;
END""",
)

KEEP_ACCESS = Routine(
    name="tickets_keep_access",
    arguments="of_account bigint, access bytea, why text, by_user bigint, door text",
    returns="void",
    app_calls=True,
    writes=True,
    body=f"""
DECLARE account tickets_connectedaccount;
BEGIN
  SELECT kept.* INTO account FROM tickets_connectedaccount kept WHERE kept.id = of_account FOR NO KEY UPDATE;
  IF account.id IS NULL THEN {refuse(NAME, "no such account")} END IF;
  IF why NOT IN ('kept', 'rotated') THEN {refuse(NAME, "access is kept or rotated")} END IF;
  IF position({OWN_FRONT.format(account="account")} IN access) <> 1 THEN
    {refuse(NAME, "the access of another account")} END IF;
  UPDATE tickets_connectedaccount SET credentials = access, updated_at = desk_now() WHERE id = of_account;
  INSERT INTO core_event (name, by_id, through, topic_kind, topic_id, subject_kind, subject_id, department_id, data)
  VALUES ('credentials.' || why, by_user, door, 'tickets.connectedaccount', of_account, 'tickets.connectedaccount', of_account,
          account.department_id, jsonb_build_object('sha256', encode(sha256(access), 'hex')));
END""",
)

OWN_POST = Guard(
    name="tickets_ownpost_facts",
    when="BEFORE UPDATE",
    body=f"""
BEGIN
  IF NEW.unseen_seconds < OLD.unseen_seconds
     OR (OLD.seen_at IS NOT NULL AND NEW.seen_at IS DISTINCT FROM OLD.seen_at)
     OR (OLD.gone_at IS NOT NULL AND NEW.gone_at IS DISTINCT FROM OLD.gone_at) THEN
    {refuse("tickets_ownpost_facts", "what was seen of our post stays as it was seen")} END IF;
  RETURN NEW;
END""",
)

NEWEST_VERSION = Guard(
    name="tickets_mention_newest",
    when="BEFORE UPDATE OF newest_id",
    definer=True,
    body=f"""
BEGIN
  IF NEW.newest_id IS DISTINCT FROM OLD.newest_id AND NOT EXISTS (
      SELECT FROM tickets_postversion later WHERE later.id = NEW.newest_id AND later.mention_id = NEW.id
      AND NOT EXISTS (SELECT FROM tickets_postversion former WHERE former.id = OLD.newest_id AND former.x_id > later.x_id)) THEN
    {refuse("tickets_mention_newest", "a later version of the same post, or none")} END IF;
  RETURN NEW;
END""",
)

GONE_TWICE = Guard(
    name="tickets_mention_gone",
    when="BEFORE UPDATE OF gone_at, gone_confirmed_at",
    body=f"""
BEGIN
  IF NEW.gone_at IS NOT NULL AND OLD.gone_at IS NULL THEN
    NEW.gone_at := desk_now();
  ELSIF NEW.gone_at IS NOT NULL AND NEW.gone_at IS DISTINCT FROM OLD.gone_at THEN
    {refuse("tickets_mention_gone", "when it was first found gone stays as it was")}
  END IF;
  IF NEW.gone_confirmed_at IS NOT NULL AND NEW.gone_confirmed_at IS DISTINCT FROM OLD.gone_confirmed_at THEN
    NEW.gone_confirmed_at := desk_now();
  END IF;
  RETURN NEW;
END""",
)

EMPTIED = " OR ".join(f"(NEW.{name} = '[]' AND OLD.{name} <> '[]')" for name in ("links", "media"))
EMPTIED_WITH_WORDS = " OR ".join(  # a notice of X's, and whom it names, make way for the words
    f"(NEW.text = '' AND NEW.{name} = '[]' AND OLD.{name} <> '[]')" for name in ("named", "extras")
)
WORDS_KEPT = Guard(
    name="tickets_postversion_words",
    when="BEFORE UPDATE",
    definer=True,
    body=f"""
BEGIN
  IF ((NEW.text = '' AND OLD.text <> '') OR {EMPTIED} OR {EMPTIED_WITH_WORDS}) AND NOT EXISTS (
      SELECT FROM tickets_mention mention
      WHERE mention.id = NEW.mention_id AND mention.gone_confirmed_at IS NOT NULL) THEN
    {refuse("tickets_postversion_words", "emptied is what X twice said to be gone")} END IF;
  IF (NEW.text, NEW.links, NEW.media, NEW.named, NEW.extras)
     IS DISTINCT FROM (OLD.text, OLD.links, OLD.media, OLD.named, OLD.extras) AND OLD.text <> ''
     AND (NEW.text <> '' OR NEW.links <> '[]' OR NEW.media <> '[]' OR NEW.named <> '[]' OR NEW.extras <> '[]') THEN
    {refuse("tickets_postversion_words", "their words are emptied, never changed")} END IF;
  RETURN NEW;
END""",
)
