"""How a customer left: said with resolving or not, kept for good, taken back with it."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.errors import DeskError
from core.models import Event
from people.identity.tokens import issue
from servicedesk.screens.verbs import bulk_actions
from tests import factories
from tickets import lifecycle
from tickets.conversations import timeline
from tickets.models import Mention, Outcome, Ticket, UndoEntry
from tickets.outcomes.drawing import is_drawn
from tickets.outcomes.recording import Said
from tickets.states import LeftAs
from tickets.undo import undoing
from xapi.payloads import XUser

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(desk):
    """A ticket of the service."""
    return factories.a_ticket(desk)


def of_others(desk, count):
    """Tickets of so many other customers."""
    people = [XUser(id=8000 + n, handle=f"c{n}", name=f"C {n}", followers=1) for n in range(count)]
    posts = [factories.post(by=person) for person in people]
    return factories.arrive(desk, *posts, users=tuple(people))


def writes_again(desk, ticket, text):
    """The customer's next post in the same conversation."""
    posted = factories.post(text, conversation=ticket.conversation_id)
    factories.arrive(desk, posted)
    return Mention.objects.get(external_id=str(posted.id))


def resolve_on_screen(client, ticket, **sent):
    """Resolve it as the form does."""
    address = reverse("ticket-act", args=[ticket.number, "resolve"])
    return client.post(address, {"reason": "done"} | sent, follow=True)


def resolving(ticket):
    """The newest event of resolving this ticket."""
    events = Event.objects.filter(topic_kind="tickets.ticket", topic_id=ticket.pk)
    return events.filter(name="ticket.resolved").latest("pk")


def test_resolving_without_a_word_records_nothing(desk, ticket, client):
    client.force_login(desk.aylin)
    for sent in ({}, {"outcome": ""}):
        resolve_on_screen(client, ticket, **sent)
        assert not Outcome.objects.exists()
        assert resolving(ticket).data == {"reason": "done"}
        lifecycle.reopen(ticket, by=desk.aylin)


@pytest.mark.parametrize("value", LeftAs.values)
def test_each_value_is_kept_with_the_post_that_shows_it_and_the_event_names_its_row(
    desk, ticket, client, value
):
    client.force_login(desk.aylin)
    resolve_on_screen(client, ticket, outcome=value)
    kept = Outcome.objects.get()
    last = Mention.objects.filter(ticket=ticket).latest("written_at")
    assert (kept.ticket, kept.value, kept.by) == (ticket, value, desk.aylin)
    assert kept.post == (None if value == "no_sign" else last)
    assert kept.at >= Ticket.objects.get(pk=ticket.pk).resolved_at
    assert resolving(ticket).data == {"reason": "done", "outcome": kept.pk}


def test_the_trail_never_says_the_value_so_that_a_check_stays_blind(desk, ticket):
    lifecycle.resolve(ticket, reason="done", by=desk.aylin, left=Said("not_content"))
    said = str(timeline.words_of(resolving(ticket)))
    assert "How the customer left was recorded." in said
    assert "content" not in said.replace("How the customer left was recorded.", "").lower()


def test_the_last_post_that_stands_shows_it_unless_another_one_is_named(desk, ticket):
    first = Mention.objects.get(ticket=ticket)
    second = writes_again(desk, ticket, "@AmselnetzHilfe thank you, it works!")
    lifecycle.resolve(ticket, reason="thanks", by=desk.aylin, left=Said("content"))
    assert Outcome.objects.latest("pk").post == second
    lifecycle.reopen(ticket, by=desk.aylin)
    named = Said("neutral", first.external_id)
    lifecycle.resolve(ticket, reason="thanks", by=desk.aylin, left=named)
    assert Outcome.objects.latest("pk").post == first


def test_a_post_of_another_ticket_and_an_unknown_value_are_refused_and_nothing_is_resolved(
    desk, ticket
):
    [other] = of_others(desk, 1)
    strange = Mention.objects.get(ticket=other).external_id
    for said, code in (
        (Said("content", strange), "outcome_post_unknown"),
        (Said("delighted"), "outcome_unknown"),
    ):
        with pytest.raises(DeskError) as refused:
            lifecycle.resolve(ticket, reason="done", by=desk.aylin, left=said)
        assert refused.value.code == code
    assert Ticket.objects.get(pk=ticket.pk).status == "new"
    assert not Outcome.objects.exists()


def test_who_may_not_resolve_records_no_outcome(desk, ticket):
    with pytest.raises(DeskError):
        lifecycle.resolve(ticket, reason="done", by=desk.nele, left=Said("content"))
    assert not Outcome.objects.exists()


def test_a_double_click_records_it_once(desk, ticket):
    for _click in range(2):
        lifecycle.resolve(ticket, reason="done", by=desk.aylin, left=Said("content"))
    assert Outcome.objects.count() == 1


def test_undoing_takes_it_back_and_keeps_both_rows(desk, ticket):
    lifecycle.resolve(ticket, reason="done", by=desk.aylin, left=Said("content"))
    kept = Outcome.objects.get()
    for _twice in range(2):
        undoing.undo(UndoEntry.objects.get(event=resolving(ticket)), by=desk.aylin)
    assert not Outcome.objects.holding().exists()
    taken = Outcome.objects.get(undoes=kept)
    assert (taken.value, taken.by, taken.ticket) == ("", desk.aylin, ticket)
    assert Outcome.objects.get(pk=kept.pk).value == "content"
    undone = Event.objects.filter(name="ticket.undone").latest("pk")
    assert undone.data["outcome"] == kept.pk


def test_several_at_once_are_resolved_with_one_word(desk, client):
    tickets = of_others(desk, 3)
    client.force_login(desk.aylin)
    numbers = [one.number for one in tickets]
    sent = {"number": numbers, "reason": "thanks", "outcome": "content"}
    client.post(reverse("several"), sent)
    assert set(Outcome.objects.values_list("ticket", "value")) == {
        (one.pk, "content") for one in tickets
    }
    assert Outcome.objects.filter(post__isnull=False).count() == len(tickets)
    assert len(tickets) <= bulk_actions.MOST


def test_a_program_says_it_too(desk, ticket, client):
    key = issue(desk.aylin, name="test")
    post = Mention.objects.get(ticket=ticket).external_id

    def resolve(**sent):
        return client.post(
            f"/api/v1/tickets/{ticket.number}/resolve/",
            {"reason": "done"} | sent,
            content_type="application/json",
            headers={"authorization": f"Token {key}"},
        )

    assert resolve(outcome="happy").status_code == 400
    assert resolve(outcome="content", outcome_post="1").status_code == 400
    answer = resolve(outcome="content", outcome_post=post)
    assert (answer.status_code, answer.json()["status"]) == (200, "resolved")
    assert Outcome.objects.get().post.external_id == post


def test_the_database_keeps_it_and_takes_none_without_its_post(desk, ticket):
    lifecycle.resolve(ticket, reason="done", by=desk.aylin, left=Said("content"))
    kept = Outcome.objects.get()
    for act in (
        lambda: Outcome.objects.filter(pk=kept.pk).update(value="not_content"),
        lambda: Outcome.objects.filter(pk=kept.pk).delete(),
        lambda: Outcome.objects.create(ticket=ticket, value="content", by=desk.aylin),
        lambda: Outcome.objects.create(ticket=ticket, value="", by=desk.aylin),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_one_in_twenty_is_drawn_whatever_is_said_and_each_draw_stands_for_itself(desk):
    drawn = {of for of in range(10_000) if is_drawn("outcome", str(of), percent=5)}
    assert 400 <= len(drawn) <= 600
    assert drawn == {of for of in range(10_000) if is_drawn("outcome", str(of), percent=5)}
    other = {of for of in range(10_000) if is_drawn("survey", str(of), percent=5)}
    assert len(drawn & other) < 60


def test_whether_it_is_drawn_is_kept_with_it(desk):
    tickets = of_others(desk, 4)
    for one in tickets:
        lifecycle.resolve(one, reason="done", by=desk.aylin, left=Said("no_sign"))
    kept = {one.ticket_id: one.sampled for one in Outcome.objects.all()}
    assert kept == {one.pk: is_drawn("outcome", str(one.pk), percent=5) for one in tickets}
