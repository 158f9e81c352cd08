"""What the database says to each row about a reply on its way.

Attempts, timeline_checks, outcomes, doubts and orders to take it down.
"""

import itertools

import pytest
from django.utils import timezone

from tests.posting.stories import (
    OUTCOMES,
    STATES,
    attempt,
    doubt,
    outcome,
    reading,
    stands,
    table,
)

pytestmark = [pytest.mark.campaign, pytest.mark.table]

MAY_FOLLOW = {
    "in_flight": {"posted", "not_sent", "refused", "uncertain"},
    "uncertain": {"found", "absent"},
    "for_a_person": {"found", "seen", "unseen"},
}
AN_HOUR_AGO = "now() - interval '1 hour'"
A_DAY_AGO = "now() - interval '1 day'"
PROVEN = (
    outcome("uncertain", at=AN_HOUR_AGO),
    reading(at="now() - interval '30 minutes'"),
    reading(at="now() - interval '20 minutes'"),
)
SETTLE = "(SELECT settle_seconds FROM posting_timing)"
PAUSE = "(SELECT second_reading_seconds FROM posting_timing)"
ORDER = (
    "INSERT INTO posting_takedown (id, delivery_id, reason, by_id, at, status, code, said) "
    "VALUES (9001, 9001, 'Wrong.', {{lena.user}}, '2001-01-01', '{}', '', '')"
)
ORDERED = "UPDATE posting_takedown SET {} WHERE id = 9001"


def is_now(moment):
    """Whether the database set this time itself."""
    return abs((timezone.now() - moment).total_seconds()) < 600


def test_an_outcome_is_written_only_where_it_can_happen(outbox):
    found = {
        (status, what): outbox.says(
            outcome(what), stands(status, *([] if status == "in_flight" else PROVEN))
        )
        for status in STATES
        for what in OUTCOMES
    }
    assert {case for case, said in found.items() if not said} == {
        (status, what) for status, all_of_them in MAY_FOLLOW.items() for what in all_of_them
    }
    assert set(found.values()) == {"", "posting_result_real: no such outcome at this point"}
    later = stands("in_flight", attempt(2, row=9002))
    assert outbox.says(outcome("posted"), later) == "posting_result_real: a later attempt was made"
    assert outbox.says(outcome("posted", of=9002), later) == ""
    assert is_now(
        outbox.gives(outcome("posted", at="'2001-01-01'") + " RETURNING at", stands("in_flight"))
    )


def after(seconds):
    """So long after the doubt of an hour ago."""
    return f"{AN_HOUR_AGO} + make_interval(secs => {seconds})"


def proofs_of_absence(doubtful, late, later, lately, early):
    """List what is looked at when, and what the guard says."""
    proofs = {
        "two": ((doubtful, late, later), ""),
        **{
            what: (rows, "absence is proven by two late timeline_checks")
            for what, rows in {
                "none": (doubtful,),
                "one": (doubtful, later),
                "two at once": (doubtful, late, late),
                "the first too early": (doubtful, *early),
                "the first of another reply": (
                    doubtful,
                    reading(of=8003, delivery=8001, at=after(SETTLE)),
                    later,
                ),
                "the second of another reply": (
                    doubtful,
                    late,
                    reading(of=8003, delivery=8001, at="now()"),
                ),
                "after another reply's doubt": lately,
                "after another outcome": (*lately, outcome("unseen", at=A_DAY_AGO)),
            }.items()
        },
    }
    return proofs


def test_absence_is_proven_by_two_late_looks_at_the_same_attempt(outbox):
    doubtful, late, later = (
        outcome("uncertain", at=AN_HOUR_AGO),
        reading(at=after(SETTLE)),
        reading(at=after(f"{SETTLE} + {PAUSE}")),
    )
    lately = (
        outcome("uncertain", at="now()"),
        reading(at="now()"),
        reading(at=f"now() + make_interval(secs => {PAUSE})"),
    )
    early = reading(at=after(f"{SETTLE} - 1")), reading(at=after(f"{SETTLE} - 0.5 + {PAUSE}"))
    proofs = proofs_of_absence(doubtful, late, later, lately, early)
    found, wanted = table(
        outbox,
        "posting_result_real",
        {
            what: (stands("uncertain", *rows), outcome("absent"), said)
            for what, (rows, said) in proofs.items()
        },
    )
    assert found == wanted


def test_a_person_says_late_that_it_is_nowhere_and_of_each_post_what_it_is(outbox):
    long_ago, now = outcome("uncertain", at=AN_HOUR_AGO), outcome("uncertain", at="now()")
    nobody_said, too_early = (
        "of a post at its place nobody has said what it is",
        "X may still show it late",
    )
    found, wanted = table(
        outbox,
        "posting_result_real",
        {
            "nowhere": (stands("for_a_person", long_ago), outcome("unseen"), ""),
            "nowhere, a post is there": (
                stands("for_a_person", long_ago, doubt()),
                outcome("unseen"),
                nobody_said,
            ),
            "nowhere, that is another": (
                stands("for_a_person", long_ago, doubt(answered="now()", who="{lena.user}")),
                outcome("unseen"),
                "",
            ),
            "it is that one": (stands("for_a_person", long_ago, doubt()), outcome("seen"), ""),
            "nowhere, at once": (stands("for_a_person", now), outcome("unseen"), too_early),
            "nowhere, after another outcome": (
                stands("for_a_person", now, outcome("found", at=A_DAY_AGO)),
                outcome("unseen"),
                too_early,
            ),
            "there, at once": (stands("for_a_person", now), outcome("seen"), ""),
        },
    )
    assert found == wanted


def test_attempts_are_made_in_flight_and_readings_while_it_is_uncertain(outbox):
    again = attempt(77, row=9002)
    found = {
        status: (outbox.says(again, stands(status)), outbox.says(reading(), stands(status)))
        for status in STATES
    }
    assert found == {
        status: (
            ""
            if status == "in_flight"
            else "posting_attempt_real: an attempt needs a delivery in flight",
            ""
            if status == "uncertain"
            else "posting_timelinecheck_real: nothing of this delivery is looked for",
        )
        for status in STATES
    }
    assert (
        outbox.says(reading(of=8003), stands("uncertain"))
        == "posting_timelinecheck_real: nothing of this delivery is looked for"
    )
    number, at = outbox.gives(
        again.replace("number)", "number, at)").replace("77)", "77, '2001-01-01')")
        + " RETURNING number, at",
        stands("in_flight"),
    )
    assert number == 2
    assert is_now(at)
    assert is_now(outbox.gives(reading(at="'2001-01-01'") + " RETURNING at", stands("uncertain")))


@pytest.fixture
def tried(outbox):
    """An attempt was made."""
    outbox.write(attempt())
    return outbox


def test_rows_about_a_reply_wait_for_who_holds_it(tried):
    for statement in (attempt(row=9002), reading(), outcome("posted"), doubt()):
        assert tried.waits(statement, ("posting_delivery", "9001")), statement
        assert not tried.waits(statement, ("posting_delivery", "8001")), statement


def doubts_by_status(answer, nobody):
    """Doubts noted and answered, by the delivery's status."""
    return {
        **{
            f"noted, {status}": (
                stands(status),
                doubt(),
                "" if status in {"uncertain", "for_a_person"} else nobody,
            )
            for status in STATES
        },
        **{
            f"answered, {status}": (
                stands(status, doubt()),
                answer,
                "" if status == "for_a_person" else nobody,
            )
            for status in STATES
        },
    }


def doubts_changed(answer, stays):
    """Doubts that are answered twice, deleted or changed."""
    return {
        "answered twice": (
            stands("for_a_person", doubt(answered="now()", who="{rita.user}")),
            answer,
            stays,
        ),
        "deleted": (
            stands("for_a_person", doubt()),
            "DELETE FROM posting_doubt WHERE id = 9001",
            "doubts are never deleted",
        ),
        **{
            f"another {column}": (
                stands("for_a_person", doubt()),
                answer.replace("SET", f"SET {column} = {value},"),
                stays,
            )
            for column, value in (
                ("id", "9002"),
                ("delivery_id", "8001"),
                ("external_id", "6"),
                ("text", "'x'"),
                ("written_at", "now()"),
                ("noticed_at", "now()"),
            )
        },
    }


def test_a_doubt_is_noted_while_there_is_one_and_answered_once_by_a_person(outbox):
    answer = (
        "UPDATE posting_doubt "
        "SET another_at = '2001-01-01', another_by_id = {lena.user} "
        "WHERE id = 9001"
    )
    nobody, stays = "nobody is in doubt about this reply", "a doubt stays, and is answered once"
    found, wanted = table(
        outbox,
        "posting_doubt_real",
        doubts_by_status(answer, nobody) | doubts_changed(answer, stays),
    )
    assert found == wanted
    noticed, at, who = outbox.gives(
        doubt(answered="now()", who="{lena.user}")
        + " RETURNING noticed_at, another_at, another_by_id",
        stands("uncertain"),
    )
    assert is_now(noticed)
    assert (at, who) == (None, None)
    assert is_now(outbox.gives(f"{answer} RETURNING another_at", stands("for_a_person", doubt())))


def orders_changed(public, only, keeps, given):
    """Orders given, deleted and changed."""
    return {
        "ordered": (public, ORDER.format("ordered"), ""),
        "ordered and done": (public, ORDER.format("done"), only),
        **{
            f"of a reply that is {status}": (stands(status), ORDER.format("ordered"), only)
            for status in STATES
            if status != "posted"
        },
        "deleted": (
            given["ordered"],
            "DELETE FROM posting_takedown WHERE id = 9001",
            "orders are never deleted",
        ),
        **{
            f"another {column}": (
                given["ordered"],
                ORDERED.format(f"{column} = {value}"),
                keeps,
            )
            for column, value in (
                ("delivery_id", "8001"),
                ("reason", "'x'"),
                ("by_id", "{rita.user}"),
                ("at", "now()"),
            )
        },
    }


def orders_noted_and_moved(alone, given, moves):
    """Orders that are noted on or moved."""
    return {
        "noted while ordered": (given["ordered"], ORDERED.format("code = 'x'"), ""),
        **{
            f"noted once {status}": (given[status], ORDERED.format("code = 'x'"), alone)
            for status in ("done", "failed")
        },
        **{
            f"the same once {status}": (given[status], ORDERED.format("code = code"), "")
            for status in ("done", "failed")
        },
        **{
            f"{was} to {to}": (
                given[was],
                ORDERED.format(f"status = '{to}'"),
                "" if (was, to) in moves else "no such move",
            )
            for was, to in itertools.permutations(given, 2)
        },
    }


def test_an_order_to_take_a_reply_down_keeps_what_it_says_and_follows_its_moves(outbox):
    public, only, keeps, alone = (
        stands("posted"),
        "only what is posted is taken down",
        "an order keeps its reply, its reason and its person",
        "facts change with a move alone",
    )
    given = {
        status: f"{public}; {ORDER.format(status)}" for status in ("ordered", "done", "failed")
    }
    moves = {("ordered", "done"), ("ordered", "failed"), ("failed", "ordered")}
    found, wanted = table(
        outbox,
        "posting_takedown_moves",
        orders_changed(public, only, keeps, given) | orders_noted_and_moved(alone, given, moves),
    )
    assert found == wanted
    assert is_now(outbox.gives(ORDER.format("ordered") + " RETURNING at", public))
