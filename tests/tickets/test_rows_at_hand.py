"""A ticket of a list is read again only where something that its row shows was changed."""

import pytest
from django.utils import timezone

from approvals.escalation import escalation
from people.access import department_ids
from people.models import Department, Person
from tests import factories
from tickets import incidents, lifecycle
from tickets.inbox import rows, rows_at_hand
from tickets.models import ConnectedAccount, Customer, Incident, Mention, Ticket
from tickets.querysets import for_rows


@pytest.fixture
def ticket(desk) -> Ticket:
    """One with a row in every table that a list reads."""
    made = factories.a_ticket(desk)
    lifecycle.take(made, by=desk.aylin)
    cable = incidents.open_incident(name="A cable", department=desk.service, by=desk.lena)
    incidents.join(made, incident=cable, by=desk.aylin)
    return Ticket.objects.get(pk=made.pk)


def row_at_hand(user) -> rows.Row:
    (ticket,) = rows_at_hand.listed(Ticket.objects.all)
    return rows.row_of(ticket, reader(user))


def row_read_anew(user) -> rows.Row:
    (ticket,) = for_rows(Ticket.objects.all())
    return rows.row_of(ticket, reader(user))


def reader(user) -> rows.Reader:
    return rows.Reader(user=user, now=timezone.now(), departments=department_ids(user))


CHANGES = {
    "tags": lambda ticket, desk: lifecycle.tag(ticket, tags=["bill"], by=desk.aylin),
    "assignee": lambda ticket, desk: lifecycle.assign(ticket, to=desk.rita.person, by=desk.aylin),
    "escalation": lambda ticket, desk: escalation.escalate(ticket, reason="a", by=desk.aylin),
    "another post": lambda ticket, desk: factories.arrive(
        desk, factories.post(text="and now", conversation=ticket.conversation_id)
    ),
    "customer": lambda ticket, desk: Customer.objects.update(name="Grace A."),
    "our handle": lambda ticket, desk: ConnectedAccount.objects.update(name="New"),
    "department": lambda ticket, desk: Department.objects.update(clock_minutes=77),
    "colleague": lambda ticket, desk: Person.objects.filter(pk=desk.aylin.person_id).update(
        name="Aylin Winter"
    ),
    "incident": lambda ticket, desk: Incident.objects.update(name="Two cables"),
    "post": lambda ticket, desk: Mention.objects.update(reply_settings="following"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_at_hand_is_what_would_be_read(desk, ticket, change, django_assert_num_queries):
    row_at_hand(desk.lena)
    with django_assert_num_queries(1):
        before = rows_at_hand.listed(Ticket.objects.all)[0]
    change(ticket, desk)
    after = rows_at_hand.listed(Ticket.objects.all)[0]
    assert after.version != before.version
    assert row_at_hand(desk.lena) == row_read_anew(desk.lena)
    with django_assert_num_queries(1):
        assert rows_at_hand.listed(Ticket.objects.all)[0] is after


def test_the_order_is_the_lists_and_no_more_than_asked_for(desk):
    made = [factories.a_ticket(desk) for _n in range(4)]
    wanted = [one.pk for one in reversed(made)]
    for _time in range(2):
        assert [
            one.pk for one in rows_at_hand.listed(lambda: Ticket.objects.order_by("-pk"))
        ] == wanted
        few = rows_at_hand.listed(lambda: Ticket.objects.order_by("-pk"), 2)
        assert [one.pk for one in few] == wanted[:2]


def test_too_many_at_hand_are_forgotten_and_read_again(desk, monkeypatch):
    monkeypatch.setattr(rows_at_hand, "MOST", 2)
    for _number in range(5):
        factories.a_ticket(desk)
    for _time in range(2):
        assert len(rows_at_hand.listed(lambda: Ticket.objects.order_by("pk"))) == 5
