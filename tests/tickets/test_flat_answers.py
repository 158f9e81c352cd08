"""What the API says of tickets, read field by field, is what its framework would say."""

import pytest
from rest_framework.serializers import ModelSerializer

from core.api import flat
from tests import factories
from tickets import lifecycle, querysets
from tickets.api import CustomerSerializer, PostSerializer, TicketSerializer
from tickets.merging import merging
from tickets.models import Ticket

FLAT = [CustomerSerializer, PostSerializer, TicketSerializer]


@pytest.fixture
def tickets(desk):
    taken = factories.a_ticket(desk)
    lifecycle.take(taken, by=desk.aylin)
    plain = factories.a_ticket(desk, "@AmselnetzHilfe no line in Garden Street")
    bare = factories.a_ticket(desk)
    rows = querysets.with_merging(Ticket.objects.order_by("id"), desk.aylin)
    found = list(querysets.for_rows(rows))
    assert [one.pk for one in found] == [taken.pk, plain.pk, bare.pk]
    return found


@pytest.fixture
def without_a_post(tickets):
    """As between a ticket and its first post."""
    tickets[2].last_mention = None
    return tickets


def listed(desk, tickets):
    columns = flat.columns(TicketSerializer)
    rows = Ticket.objects.filter(pk__in=[one.pk for one in tickets]).order_by("id")
    page = list(querysets.for_programs(rows, columns.names))
    return [columns.read(one) for one in querysets.name_mergings(page, desk.aylin)]


def of_the_framework(tickets, monkeypatch):
    for one in FLAT:
        monkeypatch.setattr(one, "to_representation", ModelSerializer.to_representation)
    return [dict(one) for one in TicketSerializer(tickets, many=True).data]


def test_the_same_values(without_a_post, monkeypatch):
    flat = TicketSerializer(without_a_post, many=True).data
    assert of_the_framework(without_a_post, monkeypatch) == flat
    assert [one["assignee"] for one in flat] == ["Aylin Nergiz", None, None]
    assert flat[2]["post"] is None
    assert flat[2]["text"] is None


def test_the_same_values_of_a_list(desk, tickets, monkeypatch):
    Ticket.objects.filter(pk=tickets[2].pk).update(last_mention=None)
    tickets[2].last_mention = None
    found = listed(desk, tickets)
    assert of_the_framework(tickets, monkeypatch) == found
    assert [one["post"] is None for one in found] == [False, False, True]


def test_a_list_names_what_each_was_merged_into(desk, monkeypatch):
    stays, goes = factories.a_ticket(desk), factories.a_ticket(desk)
    merging.merge(goes, into=stays, by=desk.aylin)
    rows = querysets.for_rows(querysets.with_merging(Ticket.objects.order_by("id"), desk.aylin))
    found = listed(desk, list(rows))
    assert {one["number"]: one["merged_into"] for one in found} == {
        stays.number: None,
        goes.number: stays.number,
    }
    assert of_the_framework(list(rows), monkeypatch) == found


def test_a_list_is_two_statements_at_most(desk, tickets, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert len(listed(desk, tickets)) == 3


def test_it_asks_nothing(tickets, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert TicketSerializer(tickets, many=True).data


def test_a_field_that_may_not_be_null_is_not_left_out(tickets):
    del tickets[0].is_escalated
    with pytest.raises(AttributeError, match="is_escalated"):
        assert TicketSerializer(tickets[:1], many=True).data
