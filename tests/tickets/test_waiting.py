"""Since when a customer waits.

From the oldest post without an answer, by the hours of the department that has the ticket.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from people.hours import business_hours
from people.models import Department
from posting import takedown
from posting.models import Delivery
from posting.sending import delivery
from tests import factories
from tickets import lifecycle
from tickets.inbox import waits
from tickets.models import OwnPost
from tickets.states import TicketStatus


def written(desk, ticket, *, minutes):
    """The customer writes again in the same conversation, so many minutes ago."""
    factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe hello?",
            conversation=ticket.conversation_id,
            at=factories.ago(minutes=minutes),
        ),
    )
    ticket.refresh_from_db()


def sent(desk, ticket, external_id):
    """Our reply is approved and public."""
    draft = factories.approved(desk, factories.submitted(desk, ticket))
    claimed = delivery.claim(draft, desk.account)
    delivery.record_posted(claimed.attempt, str(external_id), "posted", shown=None)
    ticket.refresh_from_db()
    return Delivery.objects.get(pk=claimed.delivery.pk)


def test_who_writes_again_waits_no_shorter(desk):
    first = factories.ago(minutes=8)
    ticket = factories.arrive(desk, factories.post(at=first))[0]
    due = ticket.due_at
    written(desk, ticket, minutes=0)
    assert (ticket.unanswered_since, ticket.due_at) == (first, due)
    assert waits.of_customer(ticket, timezone.now()).words == "8 min"


def test_an_older_post_that_is_found_late_counts(desk):
    ticket = factories.arrive(desk, factories.post(at=factories.ago(minutes=8)))[0]
    written(desk, ticket, minutes=20)
    assert waits.of_customer(ticket, timezone.now()).words == "20 min"
    assert ticket.due_at == business_hours.due(ticket.department, ticket.unanswered_since)


def test_after_an_answer_the_next_post_counts_anew(desk):
    ticket = factories.arrive(desk, factories.post(at=factories.ago(minutes=50)))[0]
    sent(desk, ticket, 77)
    assert (ticket.status, ticket.unanswered_since) == (TicketStatus.ANSWERED, None)
    written(desk, ticket, minutes=0)
    written(desk, ticket, minutes=0)
    assert waits.of_customer(ticket, timezone.now()).words == "0 min"
    assert ticket.due_at == business_hours.due(ticket.department, ticket.unanswered_since)


def test_what_was_written_while_the_reply_left_still_waits(desk):
    ticket = factories.arrive(desk, factories.post(at=factories.ago(minutes=50)))[0]
    draft = factories.approved(desk, factories.submitted(desk, ticket))
    claimed = delivery.claim(draft, desk.account)
    written(desk, ticket, minutes=3)
    delivery.record_posted(claimed.attempt, "77", "posted", shown=None)
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.OPEN
    assert waits.of_customer(ticket, timezone.now()).words == "3 min"


def test_a_reply_that_is_taken_down_answers_nothing(desk):
    first = factories.ago(minutes=50)
    ticket = factories.arrive(desk, factories.post(at=first))[0]
    takedown.order(sent(desk, ticket, 77), reason="A wrong price.", confirmed=True, by=desk.lena)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.unanswered_since) == (TicketStatus.OPEN, first)


def test_a_ticket_that_was_resolved_unanswered_and_opened_again_waits_as_before(desk):
    first = factories.ago(minutes=50)
    ticket = factories.arrive(desk, factories.post(at=first))[0]
    ticket = lifecycle.resolve(ticket, reason="thanks", by=desk.aylin)
    assert ticket.unanswered_since is None
    assert lifecycle.reopen(ticket, by=desk.aylin).unanswered_since == first


def test_after_a_hand_over_the_new_departments_hours_count(desk):
    Department.objects.filter(pk=desk.business.pk).update(reply_minutes=7)
    Department.objects.filter(pk=desk.service.pk).update(reply_minutes=90)
    desk.business.refresh_from_db()
    ticket = factories.arrive(desk, factories.post(at=factories.ago(minutes=5)))[0]
    ticket = lifecycle.hand_off(ticket, to=desk.business, note="Yours.", by=desk.aylin)
    assert ticket.due_at == ticket.unanswered_since + timedelta(minutes=7)
    OwnPost.objects.create(
        account=desk.account,
        external_id="5",
        position=5,
        conversation_id=ticket.conversation_id,
        text="x",
        through_desk=True,
        written_at=factories.ago(minutes=4),
    )
    lifecycle.mark_answered(ticket)
    written(desk, ticket, minutes=1)
    assert ticket.due_at == ticket.unanswered_since + timedelta(minutes=7)


# In Berlin 02:00 to 03:00 does not exist on 29 March 2026; Samoa left a whole day out.
GAPS = [
    ("Europe/Berlin", date(2026, 3, 29), [["02:30", "03:30"]], 30),
    ("Europe/Berlin", date(2026, 3, 29), [["02:30", "03:00"]], 0),
    ("Europe/Berlin", date(2026, 3, 29), [["02:10", "02:50"], ["03:10", "03:40"]], 30),
    ("Europe/Berlin", date(2026, 3, 29), [["01:30", "02:30"]], 30),
    ("Europe/Berlin", date(2026, 10, 25), [["01:30", "03:30"]], 180),
    ("Pacific/Apia", date(2011, 12, 30), [["08:00", "17:00"]], 0),
]


@pytest.mark.parametrize(("zone", "day", "spans", "minutes"), GAPS)
def test_a_time_that_summer_time_leaves_out_is_no_service(zone, day, spans, minutes):
    department = Department(time_zone=zone, hours={str(day.weekday()): spans})
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    assert business_hours.between(department, start, start + timedelta(days=3)) == timedelta(
        minutes=minutes
    )


@given(
    zone=st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]
    ),
    start=st.datetimes(datetime(2011, 1, 1), datetime(2027, 1, 1)),
    edges=st.lists(st.integers(0, 24 * 60), min_size=2, max_size=6, unique=True).map(sorted),
)
def test_service_never_counts_backwards(zone, start, edges):
    written = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in edges]
    spans = [list(pair) for pair in zip(written[::2], written[1::2], strict=False)]
    department = Department(time_zone=zone, hours={str(day): spans for day in range(7)})
    moments = [
        moment
        for span in business_hours.services(department, start.replace(tzinfo=UTC), days=5)
        for moment in span
    ]
    assert moments == sorted(moments)
    assert all(opens < closes for opens, closes in zip(moments[::2], moments[1::2], strict=True))
