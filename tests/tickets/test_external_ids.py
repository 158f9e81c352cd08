"""Ids of a network are text: who and what they name, and which order its posts have."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import UniqueConstraint

from networks.ids import external_id_of, number_of, position_of
from posting.models import Delivery
from tests import factories
from tickets.conversations import thread
from tickets.models import ConnectedAccount, Customer, Mention, OwnPost, PostVersion
from tickets.models.external_id import LONGEST

SHORTER = 999
LONGER = 1000


def test_x_orders_by_the_number_whatever_its_length():
    ids = [external_id_of(number) for number in (LONGER, SHORTER, 2**62, 7)]
    assert sorted(ids, key=position_of) == ["7", "999", "1000", str(2**62)]
    assert [number_of(one) for one in ids] == [LONGER, SHORTER, 2**62, 7]
    assert (external_id_of(None), number_of(None)) == (None, None)


def test_posts_with_ids_of_different_length_stand_in_the_order_of_x(desk):
    ticket = factories.a_ticket(desk)
    at = factories.ago(minutes=1).replace(microsecond=0)
    for key in (LONGER, SHORTER):
        factories.arrive(
            desk, factories.post(key=key, at=at, conversation=ticket.conversation_id, named=())
        )
    of_that_second = Mention.objects.filter(written_at=at)
    assert list(of_that_second.order_by("position").values_list("external_id", flat=True)) == [
        "999",
        "1000",
    ]
    shown = [entry.item.external_id for entry in thread.of_ticket(ticket) if entry.at == at]
    assert shown == ["999", "1000"]


@pytest.mark.parametrize(
    "model", [ConnectedAccount, Customer, Mention, PostVersion, OwnPost, Delivery]
)
def test_an_id_names_one_on_its_network(model):
    once = [
        set(one.fields)
        for one in model._meta.constraints
        if isinstance(one, UniqueConstraint) and "external_id" in one.fields
    ]
    assert once == [{"external_id", "network"}]


def a_customer(external_id: str, **fields) -> Customer:
    """A customer with this id."""
    return Customer.objects.create(external_id=external_id, handle="h", name="n", **fields)


def test_the_same_id_twice_on_one_network_is_refused_and_so_is_an_unknown_network(db):
    a_customer("abc")
    for external_id, network in (("abc", "x"), ("abd", "nobody-knows-it")):
        with pytest.raises(IntegrityError), transaction.atomic():
            a_customer(external_id, network=network)


def test_an_id_is_kept_letter_for_letter(db):
    longest = "Aa:é/" * (LONGEST // 5)
    for external_id in (longest, "007", "7", "a", "A"):
        a_customer(external_id)
    kept = set(Customer.objects.values_list("external_id", flat=True))
    assert kept == {longest, "007", "7", "a", "A"}
    assert len(longest) == LONGEST
