"""What the API says of tickets, read field by field, is what its framework would say."""

import pytest
from rest_framework.serializers import ModelSerializer

from tests import factories
from tickets import lifecycle, querysets
from tickets.api import CustomerSerializer, PostSerializer, TicketSerializer
from tickets.models import Ticket

FLAT = [CustomerSerializer, PostSerializer, TicketSerializer]


@pytest.fixture
def tickets(desk):
    taken = factories.a_ticket(desk)
    lifecycle.take(taken, by=desk.aylin)
    plain = factories.a_ticket(desk, "@AmselnetzHilfe no line in Garden Street")
    bare = factories.a_ticket(desk)
    found = list(querysets.for_programs(Ticket.objects.order_by("id")))
    found = querysets.name_mergings(found, desk.aylin)
    assert [one.pk for one in found] == [taken.pk, plain.pk, bare.pk]
    found[2].last_mention = None  # as between the ticket and its first post
    return found


def test_the_same_values(tickets, monkeypatch):
    flat = TicketSerializer(tickets, many=True).data
    for one in FLAT:
        monkeypatch.setattr(one, "to_representation", ModelSerializer.to_representation)
    assert [dict(one) for one in TicketSerializer(tickets, many=True).data] == flat
    assert [one["assignee"] for one in flat] == ["Aylin Nergiz", None, None]
    assert flat[2]["post"] is None
    assert flat[2]["text"] is None


def test_it_asks_nothing(tickets, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert TicketSerializer(tickets, many=True).data


def test_a_field_that_may_not_be_null_is_not_left_out(tickets):
    del tickets[0].is_escalated
    with pytest.raises(AttributeError, match="is_escalated"):
        assert TicketSerializer(tickets[:1], many=True).data
