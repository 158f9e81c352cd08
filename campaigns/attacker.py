"""Attack with raw SQL as the application's role.

It tries what the database must refuse whoever asks; forging a colleague's name is left
out.

Each attempt is one transaction. It is stopped if the database refuses it or it changes
nothing; what goes through is a violation at once, and what it leads to is judged by X's
history like everything else.
"""

import random
import threading
from collections import Counter

import psycopg2

from campaigns.judge import FACTS

IN_REVIEW = """FROM approvals_revision r
  JOIN approvals_draft d ON d.id = r.draft_id
  JOIN tickets_ticket t ON t.id = d.ticket_id
  WHERE d.status = 'in_review'
  AND NOT EXISTS (
  SELECT FROM approvals_revision n
  WHERE n.draft_id = r.draft_id
  AND n.number > r.number)
  ORDER BY random() LIMIT 1"""
COLUMNS = (
    "INSERT INTO approvals_review (revision_id, sha256, decision, comment, paragraph, channel, "
    "context_version, user_id, person_id, membership_id)"
)
OWN = (
    "("
    "SELECT m.id FROM people_membership m "
    "WHERE m.person_id = r.person_id "
    "AND m.ended_at IS NULL ORDER BY m.role DESC LIMIT 1)"
)
LEAD = (
    "("
    "SELECT {} FROM people_user u "
    "JOIN people_membership m ON m.person_id = u.person_id "
    "WHERE m.ended_at IS NULL "
    "AND u.is_active "
    "AND m.role = 'lead' "
    "AND m.department_id = t.department_id "
    "AND m.person_id <> r.person_id LIMIT 1)"
)
ADMINISTRATOR = (
    "("
    "SELECT {} FROM people_user u "
    "JOIN people_membership m ON m.person_id = u.person_id "
    "WHERE m.ended_at IS NULL "
    "AND m.role = 'administrator' LIMIT 1)"
)


def lead(what: str) -> str:
    """Something of a lead of the ticket's department who did not write the words."""
    return LEAD.format(what)


def administrator(what: str) -> str:
    """Something of an administrator, who is entitled nowhere."""
    return ADMINISTRATOR.format(what)


def approval(
    sha256: str = "r.sha256",
    context_version: str = "t.context_version",
    user: str = "r.user_id",
    person: str = "r.person_id",
    membership: str = OWN,
    rows: str = IN_REVIEW,
) -> str:
    """A raw approval."""
    return (
        f"{COLUMNS} "
        f"SELECT r.id, {sha256}, 'approve', '', '', 'token:1', {context_version}, "
        f"{user}, {person}, "
        f"{membership} {rows}"
    )


def word(
    by: str, about: str = "m.given_by_id IS NOT NULL", user: str = "u.id", said: str = "confirmed"
) -> str:
    """A raw word about a role by somebody who may not say it."""
    return (
        "INSERT INTO people_roleconfirmation (membership_id, word, channel, user_id, "
        "person_id, under_id) "
        f"SELECT m.id, '{said}', 'token:1', {user}, u.person_id, g.id "
        "FROM people_membership m, people_membership g "
        "JOIN people_user u ON u.person_id = g.person_id "
        "WHERE m.ended_at IS NULL "
        f"AND {about} "
        f"AND {by} ORDER BY random() LIMIT 1"
    )


def waits(what: str) -> str:
    """Select something of somebody whose one open role waits.

    Somebody gave it, and nobody said a word about it.
    """
    return (
        "("
        f"SELECT {what} FROM people_user u "
        "JOIN people_membership m ON m.person_id = u.person_id "
        "WHERE m.ended_at IS NULL "
        "AND m.given_by_id IS NOT NULL "
        "AND m.role <> 'agent' "
        "AND people_role_standing(m.id) = 'waits' "
        "AND m.person_id <> r.person_id "
        "AND NOT EXISTS ("
        "SELECT FROM people_membership o "
        "WHERE o.person_id = m.person_id "
        "AND o.id <> m.id "
        "AND o.ended_at IS NULL) "
        "ORDER BY m.id LIMIT 1)"
    )


FINAL = (
    "("
    "SELECT r.id FROM approvals_revision r "
    "JOIN approvals_draft d ON d.id = r.draft_id "
    "WHERE d.status IN ('rejected', 'withdrawn') ORDER BY random() LIMIT 1)"
)
SUPERSEDED = """FROM approvals_revision r
  JOIN approvals_draft d ON d.id = r.draft_id
  JOIN tickets_ticket t ON t.id = d.ticket_id
  WHERE EXISTS (
  SELECT FROM approvals_revision n
  WHERE n.draft_id = r.draft_id
  AND n.number > r.number)
  ORDER BY random() LIMIT 1"""
TARGET = "r.payload::jsonb ->> 'target'"
SEND = (
    "INSERT INTO posting_delivery (revision_id, sha256, account_id, target_id, status, tries, "
    "code, said) "
    f"SELECT r.id, r.sha256, t.account_id, {TARGET}, 'due', 0, '', '' {{}} "
    "ON CONFLICT DO NOTHING; "
    "UPDATE posting_delivery "
    "SET status = 'in_flight', leased_until = now() + interval '1 second' "
    "WHERE revision_id = {}"
)
ATTACKS: dict[str, str] = {
    "approves own words": approval(),
    "approves own words under a second sign-in": approval(
        user="(SELECT max(u.id) FROM people_user u WHERE u.person_id = r.person_id)"
    ),
    "approves own words as another person": approval(person=administrator("m.person_id")),
    "approves own words with a lead's membership": approval(membership=lead("m.id")),
    "an administrator approves": approval(
        user=administrator("u.id"),
        person=administrator("u.person_id"),
        membership=administrator("m.id"),
    ),
    "approves another hash": approval(
        sha256="repeat('0', 64)",
        user=lead("u.id"),
        person=lead("u.person_id"),
        membership=lead("m.id"),
    ),
    "approves a context_version to come": approval(
        context_version="t.context_version + 7",
        user=lead("u.id"),
        person=lead("u.person_id"),
        membership=lead("m.id"),
    ),
    "approves a superseded text": approval(
        user=lead("u.id"), person=lead("u.person_id"), membership=lead("m.id"), rows=SUPERSEDED
    ),
    "own words, with another search path": f"SET LOCAL search_path = pg_temp, public; {approval()}",
    "own words, on an old snapshot": f"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; {approval()}",
    "a status that does not follow": (
        "UPDATE approvals_draft SET status = 'approved' "
        "WHERE id = ("
        "SELECT id FROM approvals_draft "
        "WHERE status IN ('changes_requested', 'withdrawn', 'rejected') "
        "ORDER BY random() LIMIT 1)"
    ),
    "posted without a post": (
        "UPDATE approvals_draft SET status = 'posted' "
        "WHERE id = ("
        "SELECT id FROM approvals_draft "
        "WHERE status IN ('in_review', 'writing') ORDER BY random() LIMIT 1)"
    ),
    "a draft moved to another ticket": (
        "UPDATE approvals_draft "
        "SET ticket_id = (SELECT max(id) FROM tickets_ticket) "
        "WHERE id = (SELECT min(id) FROM approvals_draft)"
    ),
    "a delivery of a dead draft": SEND.format(
        "FROM approvals_revision r "
        "JOIN approvals_draft d ON d.id = r.draft_id "
        "JOIN tickets_ticket t ON t.id = d.ticket_id "
        f"WHERE r.id = {FINAL}",
        "("
        "SELECT revision_id FROM posting_delivery y "
        "JOIN approvals_revision r ON r.id = y.revision_id "
        "JOIN approvals_draft d ON d.id = r.draft_id "
        "WHERE d.status IN ('rejected', 'withdrawn') "
        "AND y.status = 'due' LIMIT 1)",
    ),
    "a delivery of a superseded text": (
        "UPDATE posting_delivery "
        "SET status = 'in_flight', leased_until = now() + interval '1 second' "
        "WHERE id = ("
        "SELECT y.id FROM posting_delivery y "
        "JOIN approvals_revision r ON r.id = y.revision_id "
        "WHERE y.status IN ('due', 'void') "
        "AND EXISTS ("
        "SELECT FROM approvals_revision n "
        "WHERE n.draft_id = r.draft_id "
        "AND n.number > r.number) "
        "LIMIT 1)"
    ),
    "a delivery from an account that does not send": (
        "UPDATE posting_delivery "
        "SET status = 'in_flight', leased_until = now() + interval '1 second' "
        "WHERE id = ("
        "SELECT y.id FROM posting_delivery y "
        "JOIN tickets_connectedaccount a ON a.id = y.account_id "
        "WHERE y.status = 'due' "
        "AND (a.status <> 'active' OR a.rests_until > desk_now() + interval '1 second') "
        "LIMIT 1)"
    ),
    "a delivery born in flight": (
        "INSERT INTO posting_delivery (revision_id, sha256, account_id, target_id, status, "
        "tries, code, said) "
        f"SELECT r.id, r.sha256, t.account_id, {TARGET}, 'in_flight', 0, '', '' {IN_REVIEW}"
    ),
    "a delivery with another hash": (
        "INSERT INTO posting_delivery (revision_id, sha256, account_id, target_id, status, "
        "tries, code, said) "
        f"SELECT r.id, repeat('0', 64), t.account_id, {TARGET}, 'due', 0, '', '' {IN_REVIEW}"
    ),
    "a delivery to another post": (
        "INSERT INTO posting_delivery (revision_id, sha256, account_id, target_id, status, "
        "tries, code, said) "
        f"SELECT r.id, r.sha256, t.account_id, '1', 'due', 0, '', '' {IN_REVIEW}"
    ),
    "a delivery from another account": (
        "INSERT INTO posting_delivery (revision_id, sha256, account_id, target_id, status, "
        "tries, code, said) "
        "SELECT r.id, r.sha256, ("
        "SELECT a.id FROM tickets_connectedaccount a "
        "WHERE a.id <> t.account_id "
        f"LIMIT 1), {TARGET}, 'due', 0, '', '' {IN_REVIEW}"
    ),
    "a delivery on another network": (
        "INSERT INTO posting_delivery (revision_id, sha256, account_id, network, target_id, "
        "status, tries, code, said) "
        f"SELECT r.id, r.sha256, t.account_id, 'y', {TARGET}, 'due', 0, '', '' {IN_REVIEW}"
    ),
    "a delivery on another surface": (
        "INSERT INTO posting_delivery (revision_id, sha256, account_id, surface, target_id, "
        "status, tries, code, said) "
        f"SELECT r.id, r.sha256, t.account_id, 'private', {TARGET}, 'due', 0, '', '' {IN_REVIEW}"
    ),
    "another id of a posted reply": (
        "UPDATE posting_delivery SET external_id = '17' "
        "WHERE id = ("
        "SELECT id FROM posting_delivery "
        "WHERE status = 'posted' ORDER BY random() LIMIT 1)"
    ),
    "the tries forgotten": (
        "UPDATE posting_delivery SET tries = 0 "
        "WHERE id = ("
        "SELECT id FROM posting_delivery "
        "WHERE tries > 0 ORDER BY random() LIMIT 1)"
    ),
    "a take-down undone": (
        "UPDATE posting_takedown SET status = 'ordered' "
        "WHERE id = (SELECT id FROM posting_takedown WHERE status = 'done' LIMIT 1)"
    ),
    "their words rewritten": (
        "UPDATE tickets_postversion SET text = 'I never said that' "
        "WHERE id = ("
        "SELECT id FROM tickets_postversion "
        "WHERE text <> '' ORDER BY random() LIMIT 1)"
    ),
    "an older version": (
        "UPDATE tickets_mention SET newest_id = NULL "
        "WHERE id = (SELECT max(id) FROM tickets_mention)"
    ),
    "a lag forgotten": (
        "UPDATE tickets_ownpost SET unseen_seconds = unseen_seconds - 1 "
        "WHERE id = (SELECT max(id) FROM tickets_ownpost)"
    ),
    "another author": (
        f"UPDATE approvals_draft SET writer_id = {administrator('u.id')} "
        "WHERE id = ("
        "SELECT id FROM approvals_draft "
        "WHERE status IN ('in_review', 'approved') ORDER BY random() LIMIT 1)"
    ),
    "a token that comes back": (
        "UPDATE people_apitoken SET revoked_at = NULL "
        "WHERE id = (SELECT id FROM people_apitoken WHERE revoked_at IS NOT NULL LIMIT 1)"
    ),
    "a picture exchanged": "UPDATE approvals_attachment SET image = 'black'",
    "a submitted picture deleted": (
        "DELETE FROM approvals_attachment "
        "WHERE EXISTS ("
        "SELECT FROM approvals_revision r "
        "WHERE r.draft_id = approvals_attachment.draft_id "
        "AND r.payload LIKE '%' || approvals_attachment.sha256 || '%')"
    ),
    "posted and sent again": (
        "UPDATE posting_delivery SET status = 'due' "
        "WHERE id = ("
        "SELECT id FROM posting_delivery "
        "WHERE status = 'posted' ORDER BY random() LIMIT 1)"
    ),
    "void and sent all the same": (
        "UPDATE posting_delivery SET status = 'in_flight' "
        "WHERE id = ("
        "SELECT id FROM posting_delivery "
        "WHERE status = 'void' ORDER BY random() LIMIT 1)"
    ),
    "posted without an attempt": (
        "UPDATE posting_delivery SET status = 'posted', external_id = '1' "
        "WHERE id = (SELECT id FROM posting_delivery WHERE status = 'due' LIMIT 1)"
    ),
    "another target": (
        "UPDATE posting_delivery SET target_id = '1' "
        "WHERE id = (SELECT max(id) FROM posting_delivery)"
    ),
    "another text": (
        "UPDATE posting_delivery SET sha256 = repeat('1', 64) "
        "WHERE id = (SELECT max(id) FROM posting_delivery)"
    ),
    "an attempt after the post": (
        "INSERT INTO posting_attempt (delivery_id, number) "
        "SELECT max(id), 9 FROM posting_delivery "
        "WHERE status = 'posted' "
        "HAVING max(id) IS NOT NULL"
    ),
    "an outcome after the post": (
        "INSERT INTO posting_result (attempt_id, outcome, code, said) "
        "SELECT max(a.id), 'not_sent', '', '' FROM posting_attempt a "
        "JOIN posting_delivery y ON y.id = a.delivery_id "
        "WHERE y.status = 'posted' "
        "HAVING max(a.id) IS NOT NULL"
    ),
    "a reading in advance": (
        "INSERT INTO posting_timelinecheck (delivery_id, attempt_id) "
        "SELECT y.id, a.id FROM posting_delivery y "
        "JOIN posting_attempt a ON a.delivery_id = y.id "
        "WHERE y.status = 'posted' LIMIT 1"
    ),
    "the access of two accounts exchanged": (
        "UPDATE tickets_connectedaccount mine "
        "SET credentials = other.credentials FROM tickets_connectedaccount other "
        "WHERE mine.id <> other.id"
    ),
    "the access of another account by the routine": (
        "SELECT tickets_keep_access(mine.id, other.credentials, 'kept', NULL, '') "
        "FROM tickets_connectedaccount mine, tickets_connectedaccount other "
        "WHERE mine.id <> other.id"
    ),
    "an account that becomes another": (
        "UPDATE tickets_connectedaccount SET external_id = external_id || '1'"
    ),
    "not there, says a person at once": (
        "INSERT INTO posting_result (attempt_id, outcome, code, said, by_id) "
        "SELECT max(a.id), 'unseen', '', '', (SELECT min(id) FROM people_user) "
        "FROM posting_attempt a "
        "JOIN posting_delivery y ON y.id = a.delivery_id "
        "WHERE y.status = 'uncertain' "
        "HAVING max(a.id) IS NOT NULL"
    ),
    "no waiting any more": "UPDATE posting_timing SET settle_seconds = 0",
    "the context version turned back": (
        "UPDATE tickets_ticket SET context_version = context_version - 1 "
        "WHERE id = ("
        "SELECT id FROM tickets_ticket "
        "WHERE context_version > 1 ORDER BY random() LIMIT 1)"
    ),
    "an escalation ended by nobody": (
        "UPDATE tickets_escalation "
        "SET ended_at = now(), how = 'handed_back', end_reason = 'easy' "
        "WHERE id = (SELECT max(id) FROM tickets_escalation WHERE ended_at IS NULL)"
    ),
    "an escalation ended by an administrator": (
        "UPDATE tickets_escalation "
        "SET ended_at = now(), how = 'handed_back', end_reason = 'easy', ended_by_id = "
        f"{administrator('u.id')} "
        "WHERE id = (SELECT max(id) FROM tickets_escalation WHERE ended_at IS NULL)"
    ),
    "an escalation deleted": "DELETE FROM tickets_escalation",
    "a role confirmed by its giver": word("g.person_id = m.given_by_id"),
    "a role confirmed by its bearer": word("g.person_id = m.person_id"),
    "a role confirmed by an agent": word("g.role IN ('agent', 'reviewer', 'deputy')"),
    "a role confirmed under a role that has ended": word(
        "g.role IN ('lead', 'administrator') AND g.ended_at IS NOT NULL"
    ),
    "a role confirmed under somebody else's role": word(
        "g.role = 'administrator' AND g.given_by_id IS NULL AND g.ended_at IS NULL",
        user="(SELECT min(x.id) FROM people_user x WHERE x.person_id <> g.person_id)",
    ),
    "a role of the command refused": word(
        "g.role = 'administrator' AND g.ended_at IS NULL AND g.id <> m.id",
        "m.given_by_id IS NULL",
        said="refused",
    ),
    "a role confirmed by a linked person": word(
        "people_natural(g.person_id) IN (people_natural(m.given_by_id), "
        "people_natural(m.person_id)) AND g.ended_at IS NULL"
    ),
    "a role given by somebody who gives none": (
        "INSERT INTO people_membership (person_id, department_id, role, given_by_id) "
        "SELECT m.person_id, m.department_id, 'deputy', m.person_id "
        "FROM people_membership m "
        "WHERE m.role = 'agent' "
        "AND NOT EXISTS ("
        "SELECT FROM people_membership a "
        "WHERE a.person_id = m.person_id "
        "AND (a.role = 'administrator' OR (a.role = 'deputy' AND a.ended_at IS NULL))) "
        "ORDER BY random() LIMIT 1"
    ),
    "approves under a role that waits": approval(
        user=waits("u.id"), person=waits("u.person_id"), membership=waits("m.id")
    ),
    "a role that comes back": (
        "UPDATE people_membership SET ended_at = NULL "
        "WHERE id = (SELECT max(id) FROM people_membership WHERE ended_at IS NOT NULL)"
    ),
    "a role that grows": (
        "UPDATE people_membership SET role = 'lead' "
        "WHERE id = (SELECT max(id) FROM people_membership WHERE role = 'agent')"
    ),
    "a role deleted": "DELETE FROM people_membership",
    "a sign-in of somebody else": (
        f"UPDATE people_user SET person_id = {administrator('u.person_id')} "
        "WHERE id = (SELECT min(id) FROM people_user)"
    ),
    "a person deleted": "DELETE FROM people_person",
    "a link of its own": "INSERT INTO core_link SELECT * FROM core_link ORDER BY 1 DESC LIMIT 1",
    "the chain's head": "UPDATE core_chainhead SET id = id",
    "triggers off": "ALTER TABLE posting_delivery DISABLE TRIGGER ALL",
    "a trigger dropped": "DROP TRIGGER posting_delivery_rule ON posting_delivery",
    "a silent session": "SET session_replication_role = replica",
    "the owner's role": "SET ROLE desk_owner",
    "the owner's session": "SET SESSION AUTHORIZATION desk_owner",
    "another clock": (
        "CREATE "
        "OR REPLACE FUNCTION public.desk_now() RETURNS timestamptz LANGUAGE sql AS $$ "
        "SELECT now() - interval '2 days' $$"
    ),
    "another rule": (
        "CREATE "
        "OR REPLACE FUNCTION public.approvals_pair_fault(bigint) RETURNS text LANGUAGE sql "
        "AS $$ "
        "SELECT NULL::text $$"
    ),
    "a table in front": "CREATE TEMP TABLE people_membership (id bigint)",
    "a schema in front": "CREATE SCHEMA evil",
    "a table of its own": "CREATE TABLE public.evil (id bigint)",
    "more rights": (
        "GRANT ALL ON approvals_review TO desk_app; "
        "UPDATE approvals_review SET context_version = context_version"
    ),
    "a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "a file": "SELECT pg_read_file('/etc/hostname')",
}


def text(change: str) -> str:
    """The newest text of a draft in review once more, changed like this in its payload."""
    return (
        "INSERT INTO approvals_revision (draft_id, number, payload, user_id, person_id, "
        "membership_id, is_correction, context_version, channel) "
        f"SELECT r.draft_id, 0, {change}, r.user_id, r.person_id, r.membership_id, false, "
        f"r.context_version, 'token:1' {IN_REVIEW}"
    )


ATTACKS |= {
    "the same text again": text("r.payload"),
    "a text to another post": text('replace(r.payload, \'"target":"\', \'"target":"9\')'),
    "a text from another account": text('replace(r.payload, \'"account":"\', \'"account":"9\')'),
    "a text to another network": text('replace(r.payload, \'"network":"x"\', \'"network":"y"\')'),
    "a text to another surface": text("replace(r.payload, '\"public\"', '\"private\"')"),
    "a text with other initials": text(
        "replace(replace(r.payload, '\"initials\":\"', '\"initials\":\"q'), ' ^', ' ^q')"
    ),
    "a text without its signature": text("replace(r.payload, ' ^', ' ')"),
    "a text of another draft": text("replace(r.payload, '\"draft\":', '\"draft\":9')"),
    "a text of another version": text("replace(r.payload, '\"version\":2', '\"version\":1')"),
    "a text with a blank more": text("r.payload || ' '"),
    "a text with an open field": text("replace(r.payload, ' ^', ' {customer} ^')"),
    "a text with a picture of nobody": text(
        "replace(r.payload, '\"attachments\":[', "
        '\'"attachments":[{"alt":"x","kind":"image/png","sha256":"0"}\')'
    ),
}
MORE = (
    "tickets_contextchange",
    "tickets_handoff",
    "tickets_outcome",
    "satisfaction_outcomecheck",
    "satisfaction_survey",
    "satisfaction_asking",
    "satisfaction_answer",
    "satisfaction_askingstopped",
    "people_accesschange",
    "approvals_guidelineversion",
    "tickets_note",
    "approvals_finding",
    "approvals_confirmation",
    "approvals_call",
    "people_personlink",
    "people_roleconfirmation",
    "people_usedinitials",
    "tickets_routingversion",
    "posting_doubt",
)
for _table in (*FACTS, *MORE):
    ATTACKS[f"changes {_table}"] = (
        f"UPDATE {_table} SET id = id WHERE id = (SELECT max(id) FROM {_table})"
    )
    ATTACKS[f"deletes from {_table}"] = (
        f"DELETE FROM {_table} WHERE id = (SELECT max(id) FROM {_table})"
    )
    ATTACKS[f"empties {_table}"] = f"TRUNCATE {_table} CASCADE"


# An attack waits for the locks of a verb at work. What that verb did may have made it none: once
# changes were requested or another text came between,
# the same text is a new one. So it is asked once more, under the locks, whether it still was one.
STILL_AN_ATTACK = {
    "the same text again": """
  SELECT count(*) FROM approvals_revision again
  JOIN approvals_revision before ON before.draft_id = again.draft_id
  AND before.number = again.number - 1
  JOIN approvals_draft draft ON draft.id = again.draft_id
  WHERE again.id = (
  SELECT max(id) FROM approvals_revision
  WHERE channel = 'token:1'
  AND draft_id = again.draft_id
  AND xmin::text = txid_current()::text)
  AND draft.status IN ('in_review', 'approved')
  AND before.payload = again.payload
  AND again.context_version <= before.context_version"""
}


class Attacker(threading.Thread):
    """Attacks until told to stop."""

    def __init__(self, dsn: str, seed: int, pause: float = 0.05) -> None:
        super().__init__(daemon=True)
        self.dsn, self.chance, self.pause = dsn, random.Random(seed), pause
        self.stopping = threading.Event()
        self.tried: Counter = Counter()
        self.through: list[str] = []
        self.idle: Counter = Counter()

    def run(self) -> None:
        """One after the other, by chance."""
        line = None
        while not self.stopping.wait(self.chance.uniform(0, 2 * self.pause)):
            if line is None or line.closed:
                line = psycopg2.connect(self.dsn)
            name = self.chance.choice(list(ATTACKS))
            self.tried[name] += 1
            try:
                with line.cursor() as cursor:
                    cursor.execute(ATTACKS[name])
                    changed = cursor.rowcount
                    if changed > 0 and name in STILL_AN_ATTACK:
                        cursor.execute(STILL_AN_ATTACK[name])
                        if cursor.fetchone()[0] == 0:
                            line.rollback()
                            self.idle[name] += 1
                            continue
                    self.stopping.wait(self.chance.choice([0, 0, 0.02]))
                line.commit()
                if changed == 0 or (changed == -1 and name.startswith("own words")):
                    self.idle[name] += 1
                else:
                    self.through.append(f"{name}: {changed} rows")
            except psycopg2.Error:
                line.rollback() if not line.closed else None
        if line is not None:
            line.close()
