"""What the database keeps true about sign-ins.

Their names, how a person comes to a further one, and when sessions, tokens and links end.
"""

from core.guards import Guard, Routine, refuse

# Characters that nobody sees: soft hyphen, joiners, marks of direction, variation selectors,
# fillers, tags.
UNSEEN = r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"

# Names are compared as NFKC_Casefold has it, without what is not seen; Turkish i with and without
# a dot are one letter.
FOLDED = Routine(
    name="people_folded",
    arguments="written text",
    returns="text",
    app_calls=True,
    body=f"""
DECLARE folded text := written;
BEGIN
  FOR step IN 1..2 LOOP
    folded := normalize(casefold(normalize(folded, NFKC) COLLATE "pg_unicode_fast"), NFKC);
    folded := regexp_replace(folded, '{UNSEEN}', '', 'g');
    folded := replace(replace(folded, U&'i\\0307', 'i'), U&'\\0131', 'i');
  END LOOP;
  RETURN regexp_replace(folded, '^\\s+|\\s+$', '', 'g');
END""",
)

NAMES = Guard(
    name="people_user_names",
    when="AFTER INSERT OR UPDATE",
    definer=True,
    body=f"""
DECLARE wanted text; letters text COLLATE "pg_unicode_fast" := NEW.username;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.username, NEW.email) = (OLD.username, OLD.email) THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' OR NEW.username <> OLD.username THEN
    IF letters !~ '^[[:alnum:]._+-]+$' OR NEW.username IS NOT NFKC NORMALIZED
       OR (letters ~ '[A-Za-z\\u00c0-\\u024f]' AND letters ~ '(?![A-Za-z\\u00c0-\\u024f\\u1e00-\\u1eff])[[:alpha:]]') THEN
      {refuse("people_user_names", "a user name has letters of one script, digits and . _ + - only")} END IF;
  END IF;
  DELETE FROM people_loginname known WHERE known.user_id = NEW.id;
  FOR wanted IN SELECT DISTINCT people_folded(one) AS folded FROM unnest(ARRAY[NEW.username, NEW.email]) one WHERE one <> '' ORDER BY folded LOOP
    INSERT INTO people_loginname (folded, user_id) VALUES (wanted, NEW.id) ON CONFLICT (folded) DO NOTHING;
    IF NOT FOUND THEN {refuse("people_user_names", "somebody else signs in with this name or address")} END IF;
  END LOOP;
  RETURN NULL;
END""",
)

FURTHER = Guard(
    name="people_user_further",
    when="BEFORE INSERT",
    definer=True,
    body=f"""
BEGIN
  PERFORM FROM people_person person WHERE person.id = NEW.person_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM people_user known WHERE known.person_id = NEW.person_id)
     AND NOT EXISTS (SELECT FROM people_user own WHERE own.id = NEW.added_by_id AND own.person_id = NEW.person_id AND own.is_active)
     AND NOT EXISTS (SELECT FROM people_invitation mailed WHERE mailed.id = NEW.invitation_id AND mailed.person_id = NEW.person_id
                     AND mailed.only_by_mail AND mailed.accepted_at IS NULL AND mailed.revoked_at IS NULL
                     AND mailed.at > desk_now() - interval '7 days') THEN
    {refuse("people_user_further", "a further sign-in is added by its person, or by a link that was mailed and shown to nobody")} END IF;
  RETURN NEW;
END""",
)

ENDED = Guard(
    name="people_user_ended",
    when="AFTER UPDATE",
    definer=True,
    body="""
BEGIN
  IF NEW.password <> OLD.password OR (OLD.is_active AND NOT NEW.is_active) THEN
    UPDATE people_apitoken SET revoked_at = desk_now() WHERE user_id = NEW.id AND revoked_at IS NULL;
    UPDATE people_invitation SET revoked_at = desk_now() WHERE user_id = NEW.id AND accepted_at IS NULL AND revoked_at IS NULL;
    DELETE FROM people_browsersession WHERE user_id = NEW.id;
  END IF;
  RETURN NULL;
END""",
)

TOKEN = Guard(
    name="people_token_once",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=f"""
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse("people_token_once", "tokens are revoked, not deleted")} END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM FROM people_user own WHERE own.id = NEW.user_id AND own.is_active FOR SHARE;
    IF NOT FOUND THEN {refuse("people_token_once", "a sign-in that is switched off gets no token")} END IF;
    NEW.created_at := desk_now();
    IF NEW.revoked_at IS NOT NULL THEN {refuse("people_token_once", "a token begins alive")} END IF;
    RETURN NEW;
  END IF;
  IF (NEW.user_id, NEW.name, NEW.sha256, NEW.created_at) IS DISTINCT FROM (OLD.user_id, OLD.name, OLD.sha256, OLD.created_at) THEN
    {refuse("people_token_once", "a token stays what it was issued as")} END IF;
  IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
    {refuse("people_token_once", "a token that was revoked never comes back")} END IF;
  IF OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL THEN NEW.revoked_at := desk_now(); END IF;
  RETURN NEW;
END""",
)

SESSION = Guard(
    name="people_session_owner",
    when="BEFORE INSERT OR UPDATE",
    definer=True,
    body=f"""
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.user_id IS NOT NULL THEN
    IF NEW.user_id IS DISTINCT FROM OLD.user_id THEN {refuse("people_session_owner", "a session stays with its sign-in")} END IF;
    RETURN NEW;
  END IF;
  IF NEW.user_id IS NOT NULL THEN
    PERFORM FROM people_user own WHERE own.id = NEW.user_id AND own.is_active FOR SHARE;
    IF NOT FOUND THEN {refuse("people_session_owner", "a sign-in that is switched off gets no session")} END IF;
  END IF;
  RETURN NEW;
END""",
)

INVITATION = Guard(
    name="people_invitation_once",
    when="BEFORE INSERT OR UPDATE OR DELETE",
    definer=True,
    body=f"""
DECLARE concerned bigint; setter bigint; what text;
BEGIN
  IF TG_OP = 'DELETE' THEN {refuse("people_invitation_once", "invitations are revoked, not deleted")} END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.at := desk_now();
    IF NEW.accepted_at IS NOT NULL OR NEW.revoked_at IS NOT NULL THEN
      {refuse("people_invitation_once", "an invitation begins open")} END IF;
    IF NOT NEW.only_by_mail AND (NEW.person_id IS NOT NULL OR (NEW.user_id IS NOT NULL AND NEW.by_id IS NULL)) THEN
      {refuse("people_invitation_once", "such a link goes by mail alone")} END IF;
    IF NEW.only_by_mail AND NOT EXISTS (
         SELECT FROM people_user own WHERE (own.id = NEW.user_id OR (NEW.user_id IS NULL AND own.person_id = NEW.person_id))
         AND own.is_active AND own.email = own.confirmed_email AND own.email <> '' AND people_folded(own.email) = people_folded(NEW.email)) THEN
      {refuse("people_invitation_once", "a link goes only to an address that its owner confirmed")} END IF;
  ELSE
    IF OLD.accepted_at IS NOT NULL OR OLD.revoked_at IS NOT NULL THEN
      {refuse("people_invitation_once", "an invitation is used once")} END IF;
    IF NEW.accepted_at IS NULL THEN RETURN NEW; END IF;
    IF OLD.at < desk_now() - interval '7 days' THEN
      {refuse("people_invitation_once", "this invitation is too old")} END IF;
    IF NEW.accepted_by_id IS NULL OR NEW.accepted_by_id <> NEW.user_id OR (NEW.person_id IS NOT NULL AND NOT EXISTS (
         SELECT FROM people_user own WHERE own.id = NEW.accepted_by_id AND own.person_id = NEW.person_id)) THEN
      {refuse("people_invitation_once", "an invitation is accepted by whom it is for")} END IF;
    NEW.accepted_at := desk_now();
  END IF;
  SELECT inviter.person_id INTO setter FROM people_user inviter WHERE inviter.id = NEW.by_id;
  concerned := NEW.person_id;
  what := 'sign_in';
  IF NEW.user_id IS NOT NULL THEN
    SELECT own.person_id INTO concerned FROM people_user own WHERE own.id = NEW.user_id;
    what := 'password';
  END IF;
  IF setter <> concerned THEN
    INSERT INTO people_accesschange (setter_id, subject_id, kind, at) VALUES (setter, concerned, what, desk_now());
  END IF;
  RETURN NEW;
END""",
)
