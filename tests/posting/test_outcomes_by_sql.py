"""Write attempts, timeline_checks and outcomes with raw SQL as the application.

What may be written and what not, line by line of the guards.
"""

from datetime import timedelta

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from core.database.db_time import desk_now
from posting.models import Delivery
from posting.sending import delivery
from posting.states import DELIVERY_MOVES, DeliveryStatus
from tests import factories

pytestmark = [pytest.mark.campaign, pytest.mark.table]

AT_ONCE = {"posted": 11, "not_sent": None, "refused": None, "uncertain": None}
LATER = {"found": 12, "absent": None}
BY_A_PERSON = {"seen": 13, "unseen": None}
OUTCOMES = {**AT_ONCE, **LATER, **BY_A_PERSON}
MAY_FOLLOW = {
    "in_flight": set(AT_ONCE),
    "uncertain": set(LATER),
    "for_a_person": {"found", *BY_A_PERSON},
}


def do(statement, *values):
    """Raw SQL as the application; what it returned, if anything."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None


def refused_by(statement, *values):
    """The guard or constraint that refuses this, or an empty text where it goes through."""
    try:
        with transaction.atomic():
            do(statement, *values)
    except DatabaseError as error:
        return error.__cause__.diag.constraint_name or ""
    return ""


class Story:
    """A reply on its way, told by raw SQL."""

    def __init__(self, desk, **fields):
        self.desk = desk
        sent = delivery.claim(factories.approved(desk, **fields), desk.account)
        self.delivery, self.attempt = sent.delivery.pk, sent.attempt.pk

    def outcome(self, outcome, *, attempt=None):
        """Write an outcome."""
        do(
            "INSERT INTO posting_result (attempt_id, outcome, external_id, code, said, by_id) "
            "VALUES (%s, %s, %s, '', '', %s)",
            attempt or self.attempt,
            outcome,
            OUTCOMES[outcome],
            self.desk.lena.pk,
        )

    def refuses(self, outcome, *, attempt=None):
        """The guard that refuses this outcome."""
        return refused_by(
            "INSERT INTO posting_result (attempt_id, outcome, external_id, code, said, by_id) "
            "VALUES (%s, %s, %s, '', '', %s)",
            attempt or self.attempt,
            outcome,
            OUTCOMES[outcome],
            self.desk.lena.pk,
        )

    def move(self, status, external_id=None):
        """Move the delivery."""
        do(
            "UPDATE posting_delivery "
            "SET status = %s, external_id = coalesce(%s, external_id), leased_until = now() "
            "WHERE id = %s",
            status,
            None if external_id is None else str(external_id),
            self.delivery,
        )

    def refuses_move(self, status, external_id=None):
        """The guard that refuses this move."""
        return refused_by(
            "UPDATE posting_delivery "
            "SET status = %s, external_id = coalesce(%s, external_id), leased_until = now() "
            "WHERE id = %s",
            status,
            None if external_id is None else str(external_id),
            self.delivery,
        )

    def reading(self, *, attempt=None, of=None):
        """Write down a complete reading."""
        do(
            "INSERT INTO posting_timelinecheck (delivery_id, attempt_id) VALUES (%s, %s)",
            of or self.delivery,
            attempt or self.attempt,
        )

    def refuses_timeline_check(self, *, attempt=None):
        """The guard that refuses this reading."""
        return refused_by(
            "INSERT INTO posting_timelinecheck (delivery_id, attempt_id) VALUES (%s, %s)",
            self.delivery,
            attempt or self.attempt,
        )

    def bring_to(self, status, ahead=None):
        """The shortest honest way to this state."""
        if status == "in_flight":
            return self
        if status in {"uncertain", "for_a_person"}:
            self.outcome("uncertain")
            self.move("uncertain")
            if status == "for_a_person":
                self.move("for_a_person")
            return self
        outcome = {"posted": "posted", "refused": "refused", "due": "not_sent", "void": "not_sent"}[
            status
        ]
        self.outcome(outcome)
        self.move(status, OUTCOMES[outcome])
        return self


@pytest.fixture
def other(desk):
    """Another reply, on the other account, whose facts must never be taken for the first one's."""
    ticket = factories.arrive(
        desk,
        factories.post("@AmselnetzBiz help", account="amselnetzbiz"),
        account=desk.business_account,
    )[0]
    draft = factories.approved(
        desk, factories.submitted(desk, ticket, by=desk.nele), by=desk.farida
    )
    made = object.__new__(Story)
    sent = delivery.claim(draft, desk.business_account)
    made.desk, made.delivery, made.attempt = desk, sent.delivery.pk, sent.attempt.pk
    return made


@pytest.mark.parametrize(
    "status", ["in_flight", "uncertain", "for_a_person", "posted", "refused", "due", "void"]
)
@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_an_outcome_is_written_only_where_it_can_happen(desk, status, outcome):
    story = Story(desk).bring_to(status)
    by = story.refuses(outcome)
    if outcome in MAY_FOLLOW.get(status, ()) and outcome not in {"absent", "unseen"}:
        assert by == ""
    else:
        assert by in {"posting_result_real", "result_once_at_once"}


def test_an_outcome_belongs_to_the_newest_attempt(desk):
    story = Story(desk).bring_to("due")
    first = story.attempt
    story.move("in_flight")
    second = do(
        "INSERT INTO posting_attempt (delivery_id) VALUES (%s) RETURNING id", story.delivery
    )
    assert do("SELECT number FROM posting_attempt WHERE id = %s", second) == 2
    assert story.refuses("refused", attempt=first) in {"posting_result_real", "result_once_at_once"}
    do(
        "INSERT INTO posting_result (attempt_id, outcome, code, said) "
        "VALUES (%s, 'uncertain', '', '')",
        second,
    )
    story.move("uncertain")
    assert (
        refused_by(
            "INSERT INTO posting_result (attempt_id, outcome, external_id, code, said) "
            "VALUES (%s, 'found', 5, '', '')",
            first,
        )
        == "posting_result_real"
    )


def test_absence_wants_two_readings_the_first_after_the_settle_time_the_second_later(desk, ahead):
    story = Story(desk).bring_to("uncertain")
    story.reading()
    assert story.refuses("absent") == "posting_result_real"  # one, and too early
    ahead("30 seconds")
    story.reading()
    assert story.refuses("absent") == "posting_result_real"  # one early, one late
    story.reading()
    assert story.refuses("absent") == "posting_result_real"  # two late ones without a pause
    ahead("60 seconds")
    story.reading()
    assert story.refuses("absent") == ""


def test_two_early_readings_prove_nothing_even_with_a_pause_between(desk, ahead):
    story = Story(desk).bring_to("uncertain")
    settle, pause = (
        do("SELECT settle_seconds FROM posting_timing"),
        do("SELECT second_reading_seconds FROM posting_timing"),
    )
    assert settle > pause
    story.reading()
    ahead(f"{settle - 0.3} seconds")
    story.reading()
    assert story.refuses("absent") == "posting_result_real"


def test_readings_and_doubts_of_another_reply_prove_nothing(desk, other, ahead):
    other.bring_to("uncertain")
    ahead("30 seconds")
    story = Story(desk).bring_to("uncertain")
    other.reading()
    ahead("33 seconds")
    other.reading()
    assert story.refuses("absent") == "posting_result_real"  # both timeline_checks are the other's
    story.reading()
    assert story.refuses("absent") == "posting_result_real"  # one is
    story_early = do("SELECT min(at) FROM posting_result WHERE attempt_id = %s", story.attempt)
    assert story_early > do(
        "SELECT min(at) FROM posting_result WHERE attempt_id = %s", other.attempt
    )


def test_the_settle_time_counts_from_this_replys_own_doubt(desk, other, ahead):
    other.bring_to("uncertain")
    ahead("30 seconds")
    story = Story(desk).bring_to("uncertain")
    story.reading()
    ahead("31.5 seconds")
    story.reading()
    assert story.refuses("absent") == "posting_result_real"


@pytest.mark.parametrize(
    "status", ["in_flight", "for_a_person", "posted", "refused", "due", "void"]
)
def test_a_reading_is_only_of_a_reply_that_is_looked_for(desk, status):
    assert Story(desk).bring_to(status).refuses_timeline_check() == "posting_timelinecheck_real"


def test_a_reading_names_an_attempt_of_its_own_reply(desk, other):
    story = Story(desk).bring_to("uncertain")
    assert story.refuses_timeline_check(attempt=other.attempt) == "posting_timelinecheck_real"
    assert story.refuses_timeline_check(attempt=10**9) == "posting_timelinecheck_real"
    assert story.refuses_timeline_check() == ""


@pytest.mark.parametrize(
    "status", ["uncertain", "for_a_person", "posted", "refused", "due", "void"]
)
def test_an_attempt_needs_a_reply_in_flight(desk, status):
    story = Story(desk).bring_to(status)
    assert (
        refused_by("INSERT INTO posting_attempt (delivery_id) VALUES (%s)", story.delivery)
        == "posting_attempt_real"
    )


def test_numbers_and_times_of_facts_are_the_databases_own(desk):
    story = Story(desk)
    attempt = do(
        "INSERT INTO posting_attempt (delivery_id, number, at) "
        "VALUES (%s, 77, '2001-01-01') RETURNING id",
        story.delivery,
    )
    assert do("SELECT number FROM posting_attempt WHERE id = %s", attempt) == 2
    do(
        "INSERT INTO posting_result (attempt_id, outcome, code, said, at) "
        "VALUES (%s, 'uncertain', '', '', '2001-01-01')",
        attempt,
    )
    story.move("uncertain")
    do(
        "INSERT INTO posting_timelinecheck (delivery_id, attempt_id, at) "
        "VALUES (%s, %s, '2001-01-01')",
        story.delivery,
        attempt,
    )
    now = desk_now()
    for table in ("posting_attempt", "posting_result", "posting_timelinecheck"):
        assert now - do(f"SELECT max(at) FROM {table}") < timedelta(minutes=5), table
        assert now - do(f"SELECT min(at) FROM {table}") < timedelta(minutes=5), table


WAYS = sorted(
    (was, to)
    for was in ("in_flight", "uncertain", "for_a_person", "posted", "refused", "due", "void")
    for to in DeliveryStatus.values
    if was != to
)


@pytest.mark.parametrize(("was", "to"), WAYS)
def test_a_delivery_moves_only_as_the_table_says_and_only_with_an_outcome_that_says_so(
    desk, was, to
):
    story = Story(desk).bring_to(was)
    by = story.refuses_move(to, 99 if to == "posted" else None)
    if to == "in_flight" and was == "due":
        assert by == ""
    elif to in {"for_a_person", "void"} and to in DELIVERY_MOVES[was] and was != "in_flight":
        assert by in {"", "posting_delivery_facts"}
    else:
        assert by  # no such move, or nothing happened that would carry it


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("not_sent", "due"),
        ("not_sent", "void"),
        ("refused", "refused"),
        ("uncertain", "uncertain"),
        ("posted", "posted"),
    ],
)
def test_each_outcome_carries_its_own_moves_and_no_other(desk, outcome, status):
    story = Story(desk)
    story.outcome(outcome)
    carried = {"not_sent": {"due", "void"}}.get(outcome, {outcome})
    for to in ("due", "void", "refused", "uncertain", "posted"):
        if to not in carried:
            assert story.refuses_move(to, 99 if to == "posted" else None) in {
                "posting_delivery_rule",
                "delivery_posted_as",
            }, to
    assert story.refuses_move(status, OUTCOMES[outcome]) == ""


@pytest.mark.parametrize("outcome", ["found", "seen"])
def test_found_and_seen_name_the_post_that_the_delivery_then_names(desk, outcome):
    story = Story(desk).bring_to("uncertain" if outcome == "found" else "for_a_person")
    # Nothing was found yet
    assert story.refuses_move("posted", OUTCOMES[outcome]) == "posting_delivery_rule"
    story.outcome(outcome)
    assert story.refuses_move("posted", 4711) == "posting_delivery_rule"
    assert story.refuses_move("posted", OUTCOMES[outcome]) == ""


@pytest.mark.parametrize("outcome", ["absent", "unseen"])
def test_only_an_absence_makes_a_doubtful_reply_due_again(desk, ahead, outcome):
    story = Story(desk).bring_to("uncertain" if outcome == "absent" else "for_a_person")
    assert story.refuses_move("due") == "posting_delivery_rule"
    if outcome == "absent":
        for moment in ("30 seconds", "60 seconds"):
            ahead(moment)
            story.reading()
    ahead("60 seconds")
    story.outcome(outcome)
    assert story.refuses_move("due") == ""


def test_an_outcome_of_an_earlier_attempt_carries_nothing(desk):
    story = Story(desk).bring_to("due")
    story.move("in_flight")
    do("INSERT INTO posting_attempt (delivery_id) VALUES (%s)", story.delivery)
    assert story.refuses_move("due") == "posting_delivery_rule"
    assert story.refuses_move("void") == "posting_delivery_rule"


def test_an_outcome_of_another_reply_carries_nothing(desk, other):
    other.outcome("not_sent")
    story = Story(desk)
    assert story.refuses_move("due") == "posting_delivery_rule"


def test_a_delivery_keeps_what_it_is_about(desk, other):
    story = Story(desk).bring_to("due")
    theirs = Delivery.objects.get(pk=other.delivery)
    for column, value in (
        ("revision_id", theirs.revision_id),
        ("sha256", theirs.sha256),
        ("account_id", theirs.account_id),
        ("target_id", theirs.target_id),
    ):
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            do(f"UPDATE posting_delivery SET {column} = %s WHERE id = %s", value, story.delivery)
        assert error.value.__cause__.pgcode in {"42501", "DK403"}, column


@pytest.mark.parametrize("column", ["revision_id", "sha256", "account_id", "target_id"])
def test_the_owner_too_leaves_a_delivery_what_it_is_about(open_desk, owner, column):
    story = Story(open_desk)
    other = {"sha256": "repeat('a', 64)", "target_id": "target_id || '1'"}
    value = other.get(column, f"{column} + 1")
    with pytest.raises(psycopg2.Error) as error:
        owner.execute(
            f"UPDATE posting_delivery SET {column} = {value} WHERE id = %s", [story.delivery]
        )
    assert error.value.diag.constraint_name == "posting_delivery_rule"


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO posting_result (attempt_id, outcome, code, said) "
            "VALUES (%(attempt)s, 'uncertain', '', '')"
        ),
        "INSERT INTO posting_attempt (delivery_id) VALUES (%(delivery)s)",
        "INSERT INTO posting_timelinecheck (delivery_id, attempt_id) "
        "VALUES (%(delivery)s, %(attempt)s)",
    ],
)
def test_facts_about_a_reply_wait_for_whoever_holds_it(open_desk, owner, statement):
    """Somebody else has locked the delivery: the fact is not judged by what stood there before."""
    story = Story(open_desk)
    owner.execute("BEGIN")
    owner.execute("SELECT FROM posting_delivery WHERE id = %s FOR NO KEY UPDATE", [story.delivery])
    try:
        with (
            pytest.raises(DatabaseError) as error,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            cursor.execute(statement, {"delivery": story.delivery, "attempt": story.attempt})
        assert error.value.__cause__.pgcode == "55P03"
    finally:
        owner.execute("ROLLBACK")
