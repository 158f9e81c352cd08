"""The committed story that the tables of the guards of the outbox change.

An approved reply is due; another one is posted, and its rows must never count for the first.
"""

import pytest

from tests.approvals.stories import review, sent

STATES = ("due", "in_flight", "uncertain", "for_a_person", "posted", "void", "refused")
OUTCOMES = ("posted", "not_sent", "refused", "uncertain", "found", "absent", "seen", "unseen")
NAMED = ("posted", "found", "seen")  # outcomes that name a post
MOVE = "UPDATE posting_delivery SET status = '{}', leased_until = now() WHERE id = 9001"
CLAIM = MOVE.format("in_flight")


def attempt(number=1, *, row=9001, delivery=9001):
    """The statement that writes an attempt."""
    return (
        "INSERT INTO posting_attempt (id, delivery_id, number) "
        f"VALUES ({row}, {delivery}, {number})"
    )


def outcome(what, *, of=9001, external_id="77", at="now()"):
    """The statement that writes what became of an attempt."""
    post = f"'{external_id}'" if what in NAMED else "NULL"
    return (
        f"INSERT INTO posting_result (attempt_id, outcome, external_id, code, said, by_id, at) "
        f"VALUES ({of}, '{what}', {post}, '', '', {{lena.user}}, {at})"
    )


def reading(*, of=9001, delivery=9001, at="now()"):
    """The statement that writes a complete look at our timeline."""
    return (
        "INSERT INTO posting_timelinecheck (delivery_id, attempt_id, at) "
        f"VALUES ({delivery}, {of}, {at})"
    )


def doubt(*, row=9001, delivery=9001, answered="NULL", who="NULL"):
    """The statement that writes a post of which nobody knows whether it is the reply."""
    return (
        "INSERT INTO posting_doubt (id, delivery_id, external_id, position, text, written_at, "
        "noticed_at, another_at, another_by_id) "
        f"VALUES ({row}, {delivery}, '5', 5, 'Hello.', '2026-01-01', '2026-01-01', "
        f"{answered}, {who})"
    )


def stands(status, *more):
    """The change after which the reply is in this state, its attempt made, and more."""
    named = "'9'" if status == "posted" else "NULL"
    return "; ".join(
        [
            (
                "UPDATE posting_delivery "
                f"SET status = '{status}', leased_until = now(), external_id = {named} "
                "WHERE id = 9001"
            ),
            attempt(),
            *more,
        ]
    )


@pytest.fixture
def outbox(story):
    """The reply is delivery 9001.

    The posted one, 8001, has four attempts with higher numbers and every outcome, all of long ago.
    """
    long_ago = "now() - interval '1 day'"
    story.write(
        "; ".join(
            [
                review(),
                "UPDATE approvals_draft SET status = 'approved' WHERE id = {draft}",
                sent("due"),
                "UPDATE posting_delivery "
                "SET external_id = NULL, claimed_at = NULL, leased_until = NULL "
                "WHERE id = 9001",
                *(attempt(5 + number, row=8000 + number, delivery=8001) for number in range(5)),
                *(
                    outcome(what, of=8000 + number, at=long_ago)
                    for number, what in enumerate(("posted", "not_sent", "refused", "uncertain"))
                ),
                *(
                    outcome(what, of=8003, at=long_ago)
                    for what in ("found", "absent", "seen", "unseen")
                ),
                doubt(row=8001, delivery=8001),
            ]
        )
    )
    return story


def table(outbox, prefix, cases):
    """Put what the database says to each case beside what it should say.

    A case is a change, a statement and a sentence.
    """
    found = {
        what: outbox.says(statement, change)
        for what, (change, statement, _sentence) in cases.items()
    }
    return found, {
        what: sentence and f"{prefix}: {sentence}"
        for what, (_change, _statement, sentence) in cases.items()
    }
