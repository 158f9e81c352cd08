"""Facts of tickets, line by line of their guards.

Escalations, the context version, access to X, posts and what ended.
"""

import pytest
from django.utils import timezone

from tests import factories
from tests.by_sql import Story, cast

pytestmark = [pytest.mark.campaign, pytest.mark.table]

ONCE = "tickets_escalation_once: "
ACCESS = "tickets_account_access: "
NEWEST = "tickets_mention_newest: a later version of the same post, or none"
WORDS = "tickets_postversion_words: their words are emptied, never changed"
OWN = "tickets_ownpost_facts: what was seen of our post stays as it was seen"
ESCALATION = (
    "INSERT INTO tickets_escalation (id, ticket_id, by_id, reason, at, how, end_reason) "
    "VALUES (7001, {ticket}, {aylin.user}, 'Hard.', now() - interval '1 hour', '', '')"
)
GONE_ONCE = "status = 'deleted', gone_at = now() - interval '2 hours'"
GONE_TWICE = (
    f"UPDATE tickets_mention SET {GONE_ONCE}, gone_confirmed_at = now() WHERE id = {{mention}}"
)
EMPTIED = "tickets_postversion_words: emptied is what X twice said to be gone"
BACK = (
    "UPDATE tickets_escalation "
    "SET ended_at = '2001-01-01', how = 'handed_back', ended_by_id = {lena.user}, end_reason = "
    "'Easy.' "
    "WHERE id = 7001"
)
POSTED = BACK.replace("handed_back", "approved").replace("'Easy.'", "''")
SENT = """INSERT INTO posting_delivery (revision_id, sha256, account_id, target_id, status,
          tries, code, said, external_id, claimed_at)
          SELECT id, sha256, {{account}}, 1, '{}', 0, '', '', 1, now() - interval '{}'
          FROM approvals_revision
          WHERE id = {{{}}}"""
KEEP = "SELECT tickets_keep_access({}, '{}', '{}', NULL, '')"


@pytest.fixture
def story(committed, owner):
    """Two tickets with a text each.

    The first one's is escalated, and its post has a later version.
    """
    desk = committed
    text, other = (
        factories.submitted(desk),
        factories.submitted(desk, factories.a_ticket(desk, "@AmselnetzHilfe another")),
    )
    mentions = {
        name: one.draft.target for name, one in (("mention", text), ("other_mention", other))
    }
    story = Story(
        owner,
        ticket=text.draft.ticket_id,
        other_ticket=other.draft.ticket_id,
        text=text.pk,
        other=other.pk,
        account=desk.account.pk,
        business=desk.business_account.pk,
        version=mentions["mention"].newest_id,
        other_version=mentions["other_mention"].newest_id,
        **{name: one.pk for name, one in mentions.items()},
        **cast(desk),
    )
    story.write(ESCALATION)
    story.write("""INSERT INTO tickets_postversion (id, mention_id, external_id, position, text,
                   links, media, language, written_at)
                   SELECT later.id, {mention}, (former.position + later.step)::text,
                   former.position + later.step, 'Edited.', '[]',
                   '[]', '', now()
                   FROM tickets_postversion former,
                   (VALUES (7001, 1), (7002, -1)) AS later (id, step)
                   WHERE former.id = {version}""")
    story.write("""INSERT INTO tickets_ownpost (id, external_id, position, account_id,
                   conversation_id, text, through_desk, written_at, unseen_seconds)
                   VALUES (7001, '91', 91, {account}, '1', 'Hello.', false, now(), 30)""")
    story.write("UPDATE tickets_connectedaccount SET credentials = '' WHERE id = {business}")
    return story


def ends_of_an_escalation(only_ended, by_lead, no_reply):
    """List how an escalation is ended: the change, the statement, what the guard says."""
    cases = {
        "by the lead": ("", BACK, ""),
        "by the deputy": ("", BACK.replace("lena", "samuel"), ""),
        "twice": (BACK, BACK, only_ended),
        "not at all": ("", BACK.replace("'2001-01-01'", "NULL"), only_ended),
        "deleted": ("", "DELETE FROM tickets_escalation WHERE id = 7001", only_ended),
        **{
            f"another {column}": ("", BACK.replace("SET", f"SET {column} = {value},"), only_ended)
            for column, value in (
                ("ticket_id", "{other_ticket}"),
                ("by_id", "{lena.user}"),
                ("at", "now()"),
                ("reason", "'x'"),
            )
        },
        "by a team lead": ("", BACK.replace("lena", "rita"), by_lead),
        "by a sign-in that is off": (
            "UPDATE people_user SET is_active = false WHERE id = {lena.user}",
            BACK,
            by_lead,
        ),
        "without a reason": ("", BACK.replace("Easy.", ""), by_lead),
        "by a reply": (SENT.format("posted", "1 minute", "text"), POSTED, ""),
        "by no reply": ("", POSTED, no_reply),
        "by another ticket's reply": (SENT.format("posted", "1 minute", "other"), POSTED, no_reply),
        "by a reply that perhaps went": (
            SENT.format("uncertain", "1 minute", "text"),
            POSTED,
            no_reply,
        ),
        "by an earlier reply": (SENT.format("posted", "2 hours", "text"), POSTED, no_reply),
        "somehow": ("", BACK.replace("handed_back", ""), "handed back, or approved and posted"),
    }
    return cases


def test_an_escalation_is_ended_once_by_the_lead_or_by_a_reply(story):
    """(the change, the statement, what the guard says)."""
    only_ended, by_lead, no_reply = (
        "an escalation is only ever ended, once",
        "lead or deputy hands back, with a reason",
        "no reply was posted since",
    )
    cases = ends_of_an_escalation(only_ended, by_lead, no_reply)
    found = {
        what: story.says(statement, change)
        for what, (change, statement, _sentence) in cases.items()
    }
    assert found == {
        what: sentence and ONCE + sentence
        for what, (_change, _statement, sentence) in cases.items()
    }
    assert abs((timezone.now() - story.gives(f"{BACK} RETURNING ended_at")).total_seconds()) < 600


def test_who_hands_back_waits_for_the_ticket(story):
    assert story.waits(BACK, ("tickets_ticket", "{ticket}"))
    assert not story.waits(BACK, ("tickets_ticket", "{other_ticket}"))


def test_the_context_version_rises_by_one_or_stays(story):
    found = {
        step: story.says(
            f"UPDATE tickets_ticket SET context_version = context_version + {step} "
            "WHERE id = {ticket}"
        )
        for step in (-1, 0, 1, 2)
    }
    assert {step for step, said in found.items() if not said} == {0, 1}
    assert set(found.values()) == {
        "",
        "tickets_ticket_context_version: the context_version only rises, step by step",
    }


def changes_of_an_account(new):
    """List changes of an account: the statement, what the guard says."""
    cases = {
        "a new one": (new.format(""), ""),
        "a new one with access": (new.format("1:999:x"), "access is kept by its routine alone"),
        "another number": (
            "UPDATE tickets_connectedaccount SET external_id = '999' WHERE id = {account}",
            "an account stays the one it is on its network",
        ),
        "its own access": (
            "UPDATE tickets_connectedaccount SET credentials = '1:901:x' WHERE id = {account}",
            "",
        ),
        "another's access": (
            "UPDATE tickets_connectedaccount SET credentials = '1:902:x' WHERE id = {account}",
            "the access of another account",
        ),
        "another name, without access": (
            "UPDATE tickets_connectedaccount SET name = 'x' WHERE id = {business}",
            "",
        ),
        "kept": (KEEP.format("{account}", "1:901:x", "kept"), ""),
        "rotated": (KEEP.format("{account}", "1:901:x", "rotated"), ""),
        "kept somehow": (KEEP.format("{account}", "1:901:x", "x"), "access is kept or rotated"),
        "kept for another": (
            KEEP.format("{account}", "1:902:x", "kept"),
            "the access of another account",
        ),
        "kept for nobody": (KEEP.format("4242", "1:901:x", "kept"), "no such account"),
        "nothing kept": (KEEP.format("{business}", "", "kept"), "the access of another account"),
    }
    return cases


def test_an_account_stays_itself_and_holds_its_own_access_alone(story):
    """(the statement, what the guard says)."""
    new = (
        "INSERT INTO tickets_connectedaccount "
        "(external_id, handle, name, avatar_url, department_id, credentials, "
        "status, pause_code, pause_reason, rest_code) "
        "SELECT '999', 'h', 'n', '', department_id, '{}', 'active', '', '', '' "
        "FROM tickets_connectedaccount "
        "WHERE id = {{account}}"
    )
    cases = changes_of_an_account(new)
    found = {what: story.says(statement) for what, (statement, _sentence) in cases.items()}
    assert found == {
        what: sentence and ACCESS + sentence for what, (_statement, sentence) in cases.items()
    }


def test_a_mention_moves_on_to_a_later_version_of_its_own(story):
    """(the change, the version, what the guard says)."""
    other_is_greater = (
        "UPDATE tickets_postversion SET position = position + 1000000000 WHERE id = {other_version}"
    )
    cases = {
        "a later one": (other_is_greater, "7001", ""),
        "an earlier one": ("", "7002", NEWEST),
        "another's": (other_is_greater, "{other_version}", NEWEST),
        "none": ("", "NULL", NEWEST),
        "none, still": (
            "UPDATE tickets_mention SET newest_id = NULL WHERE id = {mention}",
            "NULL",
            "",
        ),
        "the first one": (
            "UPDATE tickets_mention SET newest_id = NULL WHERE id = {mention}",
            "{version}",
            "",
        ),
    }
    found = {
        what: story.says(
            f"UPDATE tickets_mention SET newest_id = {version} WHERE id = {{mention}}", change
        )
        for what, (change, version, _said) in cases.items()
    }
    assert found == {what: said for what, (_change, _version, said) in cases.items()}


def test_words_of_theirs_are_emptied_whole_and_never_changed(story):
    """(how the version stands, what is written, what the guard says)."""
    shown = "text = 'Words.', links = '[1]', media = '[2]', named = '[3]', extras = '[4]'"
    empty = "text = '', links = '[]', media = '[]', named = '[]', extras = '[]'"
    cases = {
        "the same": (shown, shown, ""),
        "emptied": (shown, empty, ""),
        "shown again": (empty, shown, ""),
        "another text": ("text = 'Words.', links = '[]', media = '[]'", "text = 'Other.'", WORDS),
        "other links": (shown, "links = '[3]'", WORDS),
        "other pictures": (shown, "media = '[3]'", WORDS),
        "all but the links": (shown, "text = '', media = '[]'", WORDS),
        "all but the pictures": (shown, "text = '', links = '[]'", WORDS),
        "others named": (shown, "named = '[5]'", WORDS),
        "another poll": (shown, "extras = '[5]'", WORDS),
        "all but the poll": (shown, "text = '', links = '[]', media = '[]', named = '[]'", WORDS),
        "all but whom they name": (
            shown,
            "text = '', links = '[]', media = '[]', extras = '[]'",
            WORDS,
        ),
    }
    update = "UPDATE tickets_postversion SET {} WHERE id = 7001"
    found = {
        what: story.says(update.format(after), f"{GONE_TWICE}; {update.format(before)}")
        for what, (before, after, _said) in cases.items()
    }
    assert found == {what: said for what, (_before, _after, said) in cases.items()}


@pytest.mark.parametrize(
    "emptied",
    [
        "text = ''",
        "links = '[]'",
        "media = '[]'",
        "text = '', named = '[]'",
        "text = '', extras = '[]'",
    ],
)
@pytest.mark.parametrize("gone", ["status = 'live'", GONE_ONCE])
def test_words_of_theirs_stay_until_x_said_twice_that_the_post_is_gone(story, emptied, gone):
    shown = (
        "UPDATE tickets_postversion "
        "SET text = 'W.', links = '[1]', media = '[2]', named = '[3]', extras = '[4]' "
        "WHERE id = 7001"
    )
    found = story.says(
        f"UPDATE tickets_postversion SET {emptied} WHERE id = 7001",
        f"UPDATE tickets_mention SET {gone} WHERE id = {{mention}}; {shown}",
    )
    assert found == EMPTIED


def test_xs_notice_makes_way_for_the_words_and_not_for_nothing(story):
    notice = (
        "UPDATE tickets_postversion "
        "SET text = '', links = '[]', media = '[]', named = '[3]', extras = '[4]' "
        "WHERE id = 7001"
    )
    back = (
        "UPDATE tickets_mention "
        "SET status = 'live', gone_at = NULL, gone_confirmed_at = NULL "
        "WHERE id = {mention}"
    )
    before = f"{GONE_TWICE}; {notice}; {back}"
    words = (
        "UPDATE tickets_postversion "
        "SET text = 'Words.', named = '[]', extras = '[]' "
        "WHERE id = 7001"
    )
    nothing = "UPDATE tickets_postversion SET named = '[]', extras = '[]' WHERE id = 7001"
    assert (story.says(words, before), story.says(nothing, before)) == ("", EMPTIED)


def test_what_was_seen_of_our_post_stays(story):
    """(how the post stands, what is written, what the guard says)."""
    cases = {
        "longer unseen": ("seen_at = NULL", "unseen_seconds = 40", ""),
        "less long unseen": ("seen_at = NULL", "unseen_seconds = 20", OWN),
        "seen": ("seen_at = NULL", "seen_at = now()", ""),
        "seen at another time": ("seen_at = '2026-01-01'", "seen_at = now()", OWN),
        "no longer seen": ("seen_at = '2026-01-01'", "seen_at = NULL", OWN),
        "gone": ("seen_at = '2026-01-01', gone_at = NULL", "gone_at = now()", ""),
        "gone at another time": ("gone_at = '2026-01-01'", "gone_at = now()", OWN),
        "seen though gone": ("gone_at = '2026-01-01'", "seen_at = now(), unseen_seconds = 31", ""),
    }
    update = "UPDATE tickets_ownpost SET {} WHERE id = 7001"
    found = {
        what: story.says(update.format(after), update.format(before))
        for what, (before, after, _said) in cases.items()
    }
    assert found == {what: said for what, (_before, _after, said) in cases.items()}


ENDS = {
    "tickets_customernote": (
        "ended_at",
        "customer_id, for_everybody, text, by_id",
        "(SELECT customer_id FROM tickets_ticket WHERE id = {ticket}), false, 'x', {aylin.user}",
    ),
    "tickets_incident": (
        "ended_at",
        "name, department_id, by_id",
        "'x', (SELECT department_id FROM tickets_ticket WHERE id = {ticket}), {aylin.user}",
    ),
    "tickets_parkedpost": ("read_at", "account_id, raw, mark, why", "{account}, '{{}}', 'x', 'x'"),
    "approvals_savedreply": (
        "retired_at",
        "title, language, text, uses, by_id",
        "'x', 'en', 'x', 0, {aylin.user}",
    ),
}


def test_what_ended_stays_ended_at_its_time(story):
    for table, (column, columns, values) in ENDS.items():
        begun = f"INSERT INTO {table} (id, {columns}) VALUES (7001, {values})"
        ended = f"UPDATE {table} SET {column} = '2026-01-01' WHERE id = 7001"
        update = f"UPDATE {table} SET {column} = {{}} WHERE id = 7001"
        said = [
            story.says(update.format(value), change)
            for change, value in (
                (begun, "NULL"),
                (begun, "now()"),
                (f"{begun}; {ended}", "'2026-01-01'"),
                (f"{begun}; {ended}", "now()"),
                (f"{begun}; {ended}", "NULL"),
            )
        ]
        refused = f"{table}_once: what is set once stays"
        assert said == ["", "", "", refused, refused], table
