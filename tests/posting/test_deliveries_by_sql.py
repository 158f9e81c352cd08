"""What the database says to each change of a delivery.

Its beginning, its moves, its facts, and the claim of the reply.
"""

import itertools

import pytest
from django.utils import timezone

from posting.states import DELIVERY_MOVES
from tests.approvals.stories import void
from tests.posting.stories import CLAIM, MOVE, STATES, attempt, outcome, stands, table

pytestmark = [pytest.mark.campaign, pytest.mark.table]

RULE = "posting_delivery_rule"
FACTS = "posting_delivery_facts"
UNSENT = "DELETE FROM posting_delivery WHERE id = 9001"
# A second network, and the account of the text is there
ELSEWHERE = (
    UNSENT + "; ALTER TABLE tickets_connectedaccount DROP CONSTRAINT account_network_known; "
    "UPDATE tickets_connectedaccount SET network = 'y' WHERE id = {account}"
)
BEGIN = """INSERT INTO posting_delivery (revision_id, sha256, account_id, network, surface,
           target_id, status, tries, code, said, external_id, claimed_at, leased_until,
           uncertain_since, look_at, created_at)
           SELECT {which}, sha256, {account}, 'x', 'public', target,
           'due', 0, '', '', NULL, NULL, NULL, NULL, NULL, '2001-01-01'
           FROM (
           SELECT sha256, payload::jsonb ->> 'target' AS target
           FROM approvals_revision
           WHERE id = {words}) words"""
SET = "UPDATE posting_delivery SET {} WHERE id = 9001"
OTHER = "another post, account, network or surface than the approved one"
NOT_SO = "no attempt ended so"
NOT_ABSENT = "nobody found it absent"


BUSINESS = "(SELECT id FROM tickets_connectedaccount WHERE external_id = '902')"


def begin(changed="", to="", which="{words}"):
    """The statement that begins a delivery, with something in it changed."""
    return BEGIN.replace("{which}", which).replace(changed or "no such words", to, 1)


def test_a_delivery_begins_as_due_for_the_post_and_account_of_its_text(outbox):
    found, wanted = table(
        outbox,
        RULE,
        {
            "as it should": (UNSENT, begin(), ""),
            "as void": (UNSENT, begin("'due'", "'void'"), "a delivery begins as due"),
            "to another post": (UNSENT, begin("target,", "target || '1',"), OTHER),
            "from another account": (UNSENT, begin("{account}", BUSINESS), OTHER),
            "of another text": (
                "DELETE FROM posting_delivery WHERE id = 8001",
                begin(which="{other}"),
                OTHER,
            ),
            "deleted": ("", UNSENT, "deliveries are never deleted"),
            **{
                f"another {column}": (
                    "",
                    SET.format(f"{column} = {value}"),
                    "a delivery keeps its revision, account, network, surface and target",
                )
                for column, value in (
                    ("revision_id", "{first}"),
                    ("sha256", "repeat('0', 64)"),
                    ("account_id", "4242"),
                    ("network", "'y'"),
                    ("surface", "'private'"),
                    ("target_id", "4242"),
                )
            },
        },
    )
    assert found == wanted


def test_a_delivery_begins_on_the_network_and_surface_of_its_text(outbox):
    found, wanted = table(
        outbox,
        RULE,
        {
            "on another network": (UNSENT, begin("'x'", "'y'"), OTHER),
            "from an account of another network": (ELSEWHERE, begin(), OTHER),
            "on the network of such an account": (ELSEWHERE, begin("'x'", "'y'"), OTHER),
            "on another surface": (UNSENT, begin("'public'", "'private'"), OTHER),
        },
    )
    assert found == wanted


def test_a_delivery_begins_without_facts(outbox):
    found, wanted = table(
        outbox,
        FACTS,
        {
            **{
                f"fact {place}": (
                    UNSENT,
                    begin("NULL, " * place, "NULL, " * (place - 1) + value + ", "),
                    "a delivery begins without facts",
                )
                for place, value in ((1, "5"), (2, "now()"), (3, "now()"), (4, "now()"))
            },
            "a look": (
                UNSENT,
                begin("NULL, '2001-01-01'", "now(), '2001-01-01'"),
                "a delivery begins without facts",
            ),
            "a try": (UNSENT, begin("'due', 0", "'due', 1"), "a delivery begins without facts"),
        },
    )
    assert found == wanted
    assert (
        abs(
            (
                timezone.now() - outbox.gives(begin() + " RETURNING created_at", UNSENT)
            ).total_seconds()
        )
        < 600
    )


def test_a_delivery_moves_only_as_the_table_says(outbox):
    found = {
        (was, to): outbox.says(MOVE.format(to), stands(was))
        for was, to in itertools.permutations([state for state in STATES if state != "posted"], 2)
    }
    refused = {
        move
        for move, said in found.items()
        if said in {f"{RULE}: no such move", f"{FACTS}: it is over, and nothing of it changes"}
    }
    assert refused == {(was, to) for was, to in found if to not in DELIVERY_MOVES[was]}
    assert found["due", "uncertain"] == f"{RULE}: no such move"


def posted(external_id):
    """The move to posted, as this post."""
    return MOVE.format("posted").replace("SET", f"SET external_id = {external_id},")


def moves_with_an_outcome(earlier, careless):
    """Moves that an outcome must speak for."""
    return {
        "posted": (stands("in_flight", outcome("posted")), posted(77), ""),
        "found": (stands("uncertain", outcome("uncertain"), outcome("found")), posted(77), ""),
        "seen": (stands("for_a_person", outcome("uncertain"), outcome("seen")), posted(77), ""),
        "posted, nobody knows": (stands("in_flight"), posted(77), NOT_SO),
        "posted as another": (stands("in_flight", outcome("posted")), posted(78), NOT_SO),
        "posted, said the first": (
            stands("in_flight", outcome("posted"), earlier, attempt(row=9002)),
            posted(77),
            NOT_SO,
        ),
        "posted, though refused": (
            stands(
                "in_flight",
                careless,
                outcome("refused"),
                "UPDATE posting_result SET external_id = '77' WHERE attempt_id = 9001",
            ),
            posted(77),
            NOT_SO,
        ),
        "not sent": (stands("in_flight", outcome("not_sent")), MOVE.format("due"), ""),
        "not sent, void": (stands("in_flight", outcome("not_sent")), MOVE.format("void"), ""),
        "refused": (stands("in_flight", outcome("refused")), MOVE.format("refused"), ""),
        "uncertain": (stands("in_flight", outcome("uncertain")), MOVE.format("uncertain"), ""),
        **{
            f"{to}, nobody knows": (stands("in_flight"), MOVE.format(to), NOT_SO)
            for to in ("due", "void", "refused", "uncertain")
        },
        **{
            f"{to}, though posted": (
                stands("in_flight", outcome("posted")),
                MOVE.format(to),
                NOT_SO,
            )
            for to in ("due", "void", "refused", "uncertain")
        },
    }


def moves_without_one():
    """Moves that nothing or something else speaks for."""
    return {
        "void before any attempt": (
            "UPDATE approvals_draft SET status = 'in_review' WHERE id = {draft}",
            MOVE.format("void"),
            "",
        ),
        "for a person": (
            stands("uncertain", outcome("uncertain")),
            MOVE.format("for_a_person"),
            "",
        ),
        "absent": (
            stands("uncertain", outcome("uncertain"), outcome("absent")),
            MOVE.format("due"),
            "",
        ),
        "unseen": (
            stands("for_a_person", outcome("uncertain"), outcome("unseen")),
            MOVE.format("due"),
            "",
        ),
        "due again, nobody looked": (
            stands("uncertain", outcome("uncertain")),
            MOVE.format("due"),
            NOT_ABSENT,
        ),
        "due again, no person looked": (
            stands("for_a_person", outcome("uncertain")),
            MOVE.format("due"),
            NOT_ABSENT,
        ),
    }


def test_a_move_needs_an_outcome_of_the_newest_attempt_that_says_so(outbox):
    earlier = "UPDATE posting_attempt SET number = 0 WHERE id = 9001"
    careless = "ALTER TABLE posting_result DROP CONSTRAINT result_names_its_post"
    found, wanted = table(
        outbox, RULE, moves_with_an_outcome(earlier, careless) | moves_without_one()
    )
    assert found == wanted


def test_a_reply_is_claimed_under_the_rule(outbox):
    found, wanted = table(
        outbox,
        RULE,
        {
            "approved": ("", CLAIM, ""),
            "no longer approved": (
                "UPDATE approvals_draft SET status = 'in_review' WHERE id = {draft}",
                CLAIM,
                "the draft is not approved",
            ),
            "another text": (
                "UPDATE posting_delivery SET sha256 = repeat('0', 64) WHERE id = 9001",
                CLAIM,
                "another text",
            ),
            "another draft's text": (
                "UPDATE posting_delivery "
                "SET sha256 = (SELECT sha256 FROM approvals_revision WHERE id = {other}) "
                "WHERE id = 9001",
                CLAIM,
                "another text",
            ),
            "void": (void(), CLAIM, "no valid pair stands behind these words"),
        },
    )
    assert found == wanted
    assert outbox.says(CLAIM, isolation="REPEATABLE READ") == f"{RULE}: only under read committed"
    tries, at = outbox.gives(
        CLAIM.replace("SET", "SET tries = 7, claimed_at = '2001-01-01',")
        + " RETURNING tries, claimed_at"
    )
    assert tries == 1
    assert abs((timezone.now() - at).total_seconds()) < 600


def test_a_claim_waits_for_ticket_draft_and_the_role_of_who_decided(outbox):
    for row in (
        ("tickets_ticket", "{ticket}"),
        ("approvals_draft", "{draft}"),
        ("people_membership", "{rita.role}"),
    ):
        assert outbox.waits(CLAIM, row), row
    assert not outbox.waits(
        CLAIM,
        ("tickets_ticket", "{other_ticket}"),
        ("approvals_draft", "{other_draft}"),
        ("people_membership", "{lena.role}"),
        ("people_membership", "{tomasz.role}"),
    )


def facts_at_the_end(over, once, both):
    """Facts before the first move and after the last."""
    return {
        **{
            f"{status}, over": (stands(status), SET.format("said = 'x'"), over)
            for status in ("posted", "void", "refused")
        },
        **{
            f"{status}, the same": (stands(status), SET.format("said = said"), "")
            for status in ("posted", "void", "refused")
        },
        "named too early": ("", SET.format("external_id = '5'"), once),
        "named twice": (stands("in_flight", both, outcome("posted")), posted(77), once),
    }


def facts_on_the_way(alone):
    """Facts that change between moves."""
    return {
        **{
            f"due, {column}": ("", SET.format(f"{column} = {value}"), alone)
            for column, value in (
                ("claimed_at", "now()"),
                ("leased_until", "now()"),
                ("tries", "9"),
                ("code", "'x'"),
                ("said", "'x'"),
                ("uncertain_since", "now()"),
                ("created_at", "'2001-01-01'"),
                ("look_at", "now()"),
            )
        },
        "due later": ("", SET.format("due_at = now() + interval '1 hour'"), ""),
        **{
            f"{status}, due later": (stands(status), SET.format("due_at = '2001-01-01'"), alone)
            for status in ("in_flight", "uncertain", "for_a_person")
        },
        "in flight, noted": (stands("in_flight"), SET.format("updated_at = now()"), ""),
        "uncertain, looked for": (stands("uncertain"), SET.format("look_at = now()"), ""),
        "for a person, looked for": (stands("for_a_person"), SET.format("look_at = now()"), ""),
        "claimed anew": (
            stands("uncertain", outcome("uncertain")),
            MOVE.format("for_a_person").replace("SET", "SET claimed_at = now(),"),
            "when it was claimed stays as it was",
        ),
    }


def test_facts_of_a_delivery_change_with_a_move_alone(outbox):
    over, once, alone = (
        "it is over, and nothing of it changes",
        "the post is named once, when it is posted",
        "facts change with a move alone",
    )
    both = "UPDATE posting_delivery SET external_id = '4' WHERE id = 9001"
    found, wanted = table(
        outbox, FACTS, facts_at_the_end(over, once, both) | facts_on_the_way(alone)
    )
    assert found == wanted


def test_the_time_of_doubt_and_the_tries_are_the_databases_own(outbox):
    lie = "SET uncertain_since = '2001-01-01', tries = 7,"
    in_flight = stands("in_flight", outcome("uncertain"), SET.format("tries = 3"))
    since, tries = outbox.gives(
        MOVE.format("uncertain").replace("SET", lie) + " RETURNING uncertain_since, tries",
        in_flight,
    )
    assert abs((timezone.now() - since).total_seconds()) < 600
    assert tries == 3
    doubtful = stands(
        "uncertain",
        outcome("uncertain"),
        "UPDATE posting_delivery SET uncertain_since = '2026-01-01' WHERE id = 9001",
    )
    assert (
        outbox.gives(
            MOVE.format("for_a_person").replace("SET", lie) + " RETURNING uncertain_since", doubtful
        ).year
        == 2026
    )
