"""A post that quotes another one shows it inside, as far as the desk knows its words."""

import pytest
from django.urls import reverse

from tests import factories
from tickets.conversations import thread
from tickets.ingestion import refresh, retention
from tickets.models import Mention
from tickets.states import MentionState
from xapi.payloads import XUser

DIRK = XUser(id=7002, handle="dirk_b", name="Dirk Brodersen")


@pytest.fixture
def page(desk, client):
    """What Aylin sees of a ticket."""
    client.force_login(desk.aylin)
    return lambda ticket: client.get(reverse("conversation", args=[ticket.number])).content.decode()


@pytest.mark.campaign
def test_our_post_and_one_that_reached_us_stand_inside(desk, page):
    ours = factories.post("Works again in Kranstedt. ^an", at=factories.ago(hours=2))
    refresh.appear(ours, desk.account, through_desk=False)
    theirs = factories.post(
        "@AmselnetzHilfe nothing works <b>here</b>", by=DIRK, at=factories.ago(hours=1)
    )
    factories.arrive(desk, theirs, users=(DIRK,))
    one = factories.a_ticket(desk, "@AmselnetzHilfe really?", quoted=ours.id)
    two = factories.arrive(
        desk,
        factories.post(
            "@AmselnetzHilfe same with me", quoted=theirs.id, by=XUser(7003, "eve", "Eve")
        ),
        users=(XUser(7003, "eve", "Eve"),),
    )[0]
    assert "Works again in Kranstedt. ^an</p>" in page(one).split('class="quoted"')[1]
    inside = page(two).split('class="quoted"')[1]
    assert "Dirk Brodersen" in inside
    assert "nothing works &lt;b&gt;here&lt;/b&gt;" in inside


def test_of_a_post_that_never_reached_us_there_is_the_way_to_it(desk, page):
    shown = page(factories.a_ticket(desk, "@AmselnetzHilfe look at this", quoted=4242)).split(
        'class="quoted"'
    )[1]
    assert "Quotes a post that did not go to us" in shown
    assert "/4242" in shown


@pytest.mark.campaign
def test_the_words_of_a_quoted_post_go_when_it_goes(desk, page, ahead):
    theirs = factories.post("@AmselnetzHilfe my secret", by=DIRK, at=factories.ago(hours=1))
    factories.arrive(desk, theirs, users=(DIRK,))
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe look what he says", quoted=theirs.id)
    for said_at in ("", "61 minutes"):
        ahead(said_at)
        refresh.note_gone(Mention.objects.get(external_id=theirs.key), MentionState.DELETED)
        shown = page(ticket).split('class="quoted"')[1]
        assert "The quoted post is gone on X." in shown
        assert "my secret" not in shown
    assert retention.empty(Mention.objects.get(external_id=theirs.key))
    assert "The quoted post is gone on X." in page(ticket).split('class="quoted"')[1]


def test_quoting_costs_two_queries_whatever_the_number(desk, django_assert_num_queries):
    ticket = factories.a_ticket(desk)
    ticket.account = desk.account
    with django_assert_num_queries(4):
        thread.of_ticket(ticket)
    for number in range(5):
        factories.arrive(
            desk,
            factories.post(
                f"@AmselnetzHilfe and {number}",
                conversation=ticket.conversation_id,
                quoted=4000 + number,
            ),
        )
    with django_assert_num_queries(5):
        assert sum(1 for one in thread.of_ticket(ticket) if one.quoted) == 5
