"""A statement that is put together once finds what the query set finds, value by value."""

from threading import Thread

import pytest
from django.db import connection, connections

from core.database import prepared
from core.database.prepared import Given
from people.models import Person
from tests import factories
from tickets.models import Mention, Ticket


def of_number(number):
    tickets = Ticket.objects.filter(number=number).select_related("customer", "assignee", "account")
    return tickets.order_by("-id")


@pytest.fixture
def tickets(desk):
    prepared._statements.clear()
    return [factories.a_ticket(desk) for _number in range(3)]


def asked(number):
    return prepared.rows_of("a ticket", lambda: of_number(Given("number")), number=number)


def test_each_value_finds_its_own_row_with_everything_around_it(tickets, django_assert_num_queries):
    for ticket in [*tickets, *tickets]:
        handle = ticket.customer.handle
        with django_assert_num_queries(1):
            (found,) = asked(ticket.number)
            assert (found.pk, found.customer.handle) == (ticket.pk, handle)
            assert found.assignee is None
    assert asked(1) == []
    for field in Ticket._meta.concrete_fields:
        (found,) = asked(tickets[0].number)
        assert getattr(found, field.attname) == getattr(tickets[0], field.attname), field


def test_it_is_put_together_once(tickets):
    built = []

    def build():
        built.append(1)
        return of_number(Given("number"))

    for ticket in tickets:
        prepared.rows_of("once", build, number=ticket.number)
    assert built == [1]


def test_a_list_of_values_and_a_slice(desk, tickets):
    wanted = [one.conversation_id for one in tickets[:2]]

    def build():
        posts = Mention.objects.filter(conversation_id__in=[Given("first"), Given("second")])
        return posts.order_by("id")[:5]

    found = prepared.rows_of("posts", build, first=wanted[0], second=wanted[1])
    assert [one.conversation_id for one in found] == wanted


def test_a_value_that_is_missing_is_an_error(tickets):
    with pytest.raises(KeyError, match="number"):
        prepared.rows_of("a ticket", lambda: of_number(Given("number")))


def test_no_value_becomes_part_of_the_statement(desk):
    name = "'; DROP TABLE people_person; --"
    person = Person.objects.create(name=name)
    found = prepared.rows_of("named", lambda: Person.objects.filter(name=Given("name")), name=name)
    assert found == [person]


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_on_its_own_connection(desk):
    ticket = factories.a_ticket(desk)
    asked(ticket.number)
    found = []

    def elsewhere():
        found.append((asked(ticket.number)[0].pk, connection.connection.info.backend_pid))
        connections.close_all()

    own = connection.connection.info.backend_pid
    threads = [Thread(target=elsewhere) for _number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {pk for pk, _pid in found} == {ticket.pk}
    assert len({pid for _pk, pid in found} | {own}) == 5


def test_there_is_an_end_to_what_is_kept(tickets, monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 3)
    for place in range(8):
        key = ("a ticket", place)
        (found,) = prepared.rows_of(
            key, lambda: of_number(Given("number")), number=tickets[0].number
        )
        assert found.pk == tickets[0].pk
        assert len(prepared._statements) <= 3
