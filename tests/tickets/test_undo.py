"""Undoing: each verb leaves a way back, which leaves the ticket as it was and both in the trail."""

import pytest
from django.urls import reverse

from approvals.models import Void
from approvals.reviews import voiding
from core.errors import DeskError
from core.models import Event
from core.screens.undo_messages import undo_of
from notices.models import Notice
from people.memberships import memberships
from tests import factories
from tickets import incidents, lifecycle, querysets
from tickets.conversations import notes, timeline
from tickets.models import HandOff, Ticket, UndoEntry
from tickets.routing import rule_editing
from tickets.undo import entries, undoing

pytestmark = pytest.mark.django_db

FREE = {"updated_at", "context_version"}


@pytest.fixture
def ticket(desk):
    """A ticket of Bastian's in an incident, tagged, put aside."""
    made = factories.a_ticket(desk)
    incident = incidents.open_incident(
        name="Kranstedt is dark", department=desk.service, by=desk.bastian
    )
    incidents.join(made, incident=incident, by=desk.bastian)
    lifecycle.take(made, by=desk.bastian)
    lifecycle.tag(made, tags=["router"], by=desk.bastian)
    return lifecycle.snooze(made, until=factories.ago(hours=-3), by=desk.bastian)


def stands(ticket):
    """Everything that verbs change of a ticket."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return {name: value for name, value in row.items() if name not in FREE}


def newest(ticket):
    """What somebody did last with it."""
    rows = UndoEntry.objects.select_related("event", "by__person", "ticket")
    return rows.filter(ticket=ticket).latest("pk")


def code(act):
    """The code of the refusal."""
    with pytest.raises(DeskError) as refused:
        act()
    return refused.value.code


def other_incident(desk):
    """Another incident that is open."""
    return incidents.open_incident(name="Invoices", department=desk.service, by=desk.bastian)


# What somebody does, by its address, and what is sent.
DONE = {
    "take": lambda desk: {},
    "assign": lambda desk: {"person": desk.lena.person_id},
    "hand-off": lambda desk: {"department": desk.business.pk, "note": "Yours."},
    "snooze": lambda desk: {"until": "tomorrow"},
    "wake": lambda desk: {},
    "resolve": lambda desk: {"reason": "thanks"},
    "tag": lambda desk: {"tags": "outage, billing"},
    "priority": lambda desk: {"priority": "high"},
    "join": lambda desk: {"incident": other_incident(desk).pk},
    "leave": lambda desk: {},
}


@pytest.mark.parametrize("verb", DONE)
def test_each_verb_offers_to_undo_it_and_then_the_ticket_stands_as_before(
    desk, ticket, client, verb
):
    client.force_login(desk.aylin)
    sent = DONE[verb](desk)
    before, number = stands(ticket), ticket.number
    done = client.post(reverse("ticket-act", args=[number, verb]), sent, follow=True)
    assert stands(ticket) != before
    entry = newest(ticket)
    [message] = done.context["messages"]
    undo = undo_of(message)
    assert str(message)
    assert ("entry", entry.pk) in undo.fields
    page = done.content.decode()
    assert f'action="{undo.address}"' in page
    assert 'data-key="u"' in page

    answer = client.post(undo.address, dict(undo.fields), follow=True)
    assert answer.redirect_chain == [(reverse("ticket", args=[number]), 302)]
    assert "Undone. The ticket is as it was before." in answer.content.decode()
    assert stands(ticket) == before
    first, second = Event.objects.filter(topic_kind="tickets.ticket", topic_id=ticket.pk).order_by(
        "-pk"
    )[:2][::-1]
    assert (first.pk, second.name) == (entry.event_id, "ticket.undone")
    assert second.data["event"] == first.pk
    for event in (first, second):
        assert timeline.words_of(event)


def test_a_reopened_ticket_is_resolved_again_and_says_since_when(desk):
    made = factories.a_ticket(desk)
    lifecycle.resolve(made, reason="thanks", by=desk.aylin)
    before = stands(made)
    lifecycle.reopen(made, by=desk.aylin)
    undoing.undo(newest(made), by=desk.aylin)
    assert stands(made) == before


def test_undone_twice_is_undone_once_and_what_was_undone_stands_in_nobodys_way(desk, ticket):
    lifecycle.take(ticket, by=desk.aylin)
    first = newest(ticket)
    lifecycle.assign(ticket, to=desk.lena.person, by=desk.aylin)
    second = newest(ticket)
    assert code(lambda: undoing.undo(first, by=desk.aylin)) == "moved_on"
    for entry in (second, second, first, first):
        undoing.undo(entry, by=desk.aylin)
    assert Ticket.objects.get(pk=ticket.pk).assignee == desk.bastian.person
    assert Event.objects.filter(name="ticket.undone").count() == 2


def test_only_who_did_it_undoes_it_and_for_some_minutes(desk, ticket, ahead):
    lifecycle.take(ticket, by=desk.aylin)
    assert code(lambda: undoing.undo(newest(ticket), by=desk.bastian)) == "not_yours"
    ahead("11 minutes")
    assert code(lambda: undoing.undo(newest(ticket), by=desk.aylin)) == "undo_over"
    ahead("2 hours")
    assert entries.forget_old() == UndoEntry.objects.count() + 4 + 1
    assert code(lambda: undoing.latest_of(ticket, desk.aylin)) == "nothing_to_undo"


def test_who_may_not_do_it_by_hand_any_more_does_not_undo_it(desk, ticket):
    lifecycle.take(ticket, by=desk.aylin)
    memberships.end_role(desk.aylin.person.membership_set.get())
    aylin = type(desk.aylin).objects.get(pk=desk.aylin.pk)
    assert code(lambda: undoing.undo(newest(ticket), by=aylin)) == "other_department"


def test_a_former_assignee_who_left_is_not_assigned_again(desk, ticket):
    lifecycle.take(ticket, by=desk.aylin)
    memberships.end_role(desk.bastian.person.membership_set.get())
    assert code(lambda: undoing.undo(newest(ticket), by=desk.aylin)) == "not_a_member"


def test_an_incident_that_is_over_takes_no_ticket_back(desk, ticket):
    incident = Ticket.objects.get(pk=ticket.pk).incident
    incidents.leave(ticket, by=desk.aylin)
    incidents.end_incident(incident, by=desk.aylin)
    assert code(lambda: undoing.undo(newest(ticket), by=desk.aylin)) == "incident_over"


MEANWHILE = {
    "somebody else takes it": (
        lambda one, desk: lifecycle.take(one, by=desk.aylin),
        lambda one, desk: lifecycle.take(one, by=desk.tomasz),
        "Meanwhile: Tomasz Zieliński took the ticket.",
    ),
    "and gives it back": (
        lambda one, desk: lifecycle.take(one, by=desk.aylin),
        lambda one, desk: (
            lifecycle.take(one, by=desk.tomasz),
            lifecycle.assign(one, to=desk.aylin.person, by=desk.tomasz),
        ),
        "Meanwhile: Tomasz Zieliński took the ticket.",
    ),
    "other tags": (
        lambda one, desk: lifecycle.tag(one, tags=["a"], by=desk.aylin),
        lambda one, desk: lifecycle.tag(one, tags=["a", "b"], by=desk.tomasz),
        "Meanwhile: Tomasz Zieliński changed the tags.",
    ),
    "opened again": (
        lambda one, desk: lifecycle.resolve(one, reason="thanks", by=desk.aylin),
        lambda one, desk: lifecycle.reopen(one, by=desk.tomasz),
        "Meanwhile: Tomasz Zieliński reopened the ticket.",
    ),
    "the customer writes to what was put aside": (
        lambda one, desk: lifecycle.snooze(one, until=factories.ago(hours=-9), by=desk.aylin),
        lambda one, desk: wrote_again(one, desk),
        "the ticket has changed since",
    ),
    "the customer writes to what was resolved": (
        lambda one, desk: lifecycle.resolve(one, reason="thanks", by=desk.aylin),
        lambda one, desk: wrote_again(one, desk),
        "the ticket has changed since",
    ),
    "the other department takes it": (
        lambda one, desk: lifecycle.hand_off(one, to=desk.business, note="", by=desk.aylin),
        lambda one, desk: lifecycle.take(one, by=desk.nele),
        "Meanwhile: Nele Harmsen took the ticket.",
    ),
    "the other department writes": (
        lambda one, desk: lifecycle.hand_off(one, to=desk.business, note="", by=desk.aylin),
        lambda one, desk: factories.submitted(desk, one, by=desk.nele),
        "Meanwhile: Nele Harmsen",
    ),
}


def wrote_again(ticket, desk):
    """Another post of the customer."""
    factories.arrive(
        desk,
        factories.post("@AmselnetzHilfe still dark", conversation=ticket.conversation_id),
    )


@pytest.mark.parametrize("what", MEANWHILE)
def test_it_is_refused_in_words_once_the_ticket_has_moved_on(desk, ticket, client, what):
    act, meanwhile, says = MEANWHILE[what]
    act(ticket, desk)
    entry = newest(ticket)
    meanwhile(Ticket.objects.get(pk=ticket.pk), desk)
    before = stands(ticket)
    client.force_login(desk.aylin)
    answer = client.post(reverse("undo"), {"entry": entry.pk})
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert stands(ticket) == before


def test_what_others_do_elsewhere_in_the_ticket_stands_in_nobodys_way(desk, ticket):
    lifecycle.hand_off(ticket, to=desk.business, note="", by=desk.aylin)
    handed = newest(ticket)
    notes.add_note(Ticket.objects.get(pk=ticket.pk), text="Ours after all.", by=desk.nele)
    undoing.undo(handed, by=desk.aylin)
    lifecycle.set_priority(ticket, priority="high", by=desk.aylin)
    urgent = newest(ticket)
    lifecycle.take(ticket, by=desk.tomasz)
    wrote_again(ticket, desk)
    assert undoing.undo(urgent, by=desk.aylin).priority == "normal"


def test_a_hand_off_taken_back_counts_as_none_and_ended_approvals_stay_ended(desk):
    made = factories.a_ticket(desk)
    Ticket.objects.filter(pk=made.pk).update(priority="high")
    draft = factories.approved(desk, factories.submitted(desk, made))
    version = Ticket.objects.get(pk=made.pk).context_version
    lifecycle.hand_off(made, to=desk.business, note="", by=desk.aylin)
    voiding.void_all()
    assert querysets.visible_to(desk.nele).filter(pk=made.pk).exists()
    undoing.undo(newest(made), by=desk.aylin)
    fresh = Ticket.objects.get(pk=made.pk)
    assert fresh.department == desk.service
    assert fresh.context_version == version + 2
    assert not querysets.visible_to(desk.nele).filter(pk=made.pk).exists()
    assert Void.objects.get().reason == "handed_over"
    assert voiding.pair_fault(draft.newest) == "not_approved"
    assert HandOff.objects.count() == 2
    assert not HandOff.objects.holding().exists()
    assert not rule_editing.Counter(HandOff.objects.holding().values_list("wrong_rule"))


def test_who_was_assigned_by_mistake_is_not_told_and_who_was_told_need_not_look(desk):
    made = factories.a_ticket(desk)
    lifecycle.assign(made, to=desk.bastian.person, by=desk.aylin)
    told = newest(made).event
    Notice.objects.create(
        user=desk.bastian, kind="assigned", what=told.name, event=told, path="/", ways=["desk"]
    )
    undoing.undo(newest(made), by=desk.aylin)
    assert not Notice.objects.filter(seen_at=None).exists()


def test_undoing_resolve_opens_nothing_as_if_somebody_had_written(desk):
    made = factories.a_ticket(desk)
    lifecycle.mark_answered(lifecycle.locked(made))
    before = stands(made)
    lifecycle.resolve(made, reason="thanks", by=desk.aylin)
    undoing.undo(newest(made), by=desk.aylin)
    assert stands(made) == before
    assert not Event.objects.filter(name__in=["ticket.reopened", "mentions.ingested"]).filter(
        topic_id=made.pk, topic_kind="tickets.ticket"
    )


def test_several_are_undone_at_once_and_what_moved_on_is_said(desk, client):
    three = [factories.a_ticket(desk, f"@AmselnetzHilfe no network since {n}") for n in (7, 8, 9)]
    before = [stands(one) for one in three]
    client.force_login(desk.aylin)
    sent = {"number": [one.number for one in three], "act": "resolve", "reason": "thanks"}
    done = client.post(reverse("several"), sent | {"back": "/inbox/?tab=open"}, follow=True)
    [message] = done.context["messages"]
    assert str(message) == "3 tickets: resolved."
    lifecycle.reopen(three[2], by=desk.tomasz)
    undo = undo_of(message)
    given = {name: [value for key, value in undo.fields if key == name] for name, _ in undo.fields}
    answer = client.post(undo.address, given, follow=True)
    assert answer.redirect_chain == [("/inbox/?tab=open", 302)]
    said = [str(one) for one in answer.context["messages"]]
    assert said[0] == "Undone for 2 tickets."
    assert said[1].startswith("1 ticket stays: Nothing was undone. Meanwhile: Tomasz")
    assert [stands(one) for one in three[:2]] == before[:2]


def test_nobody_undoes_what_a_colleague_did(desk, ticket, client):
    lifecycle.take(ticket, by=desk.aylin)
    before = stands(ticket)
    client.force_login(desk.bastian)
    answer = client.post(reverse("undo"), {"entry": newest(ticket).pk})
    assert answer.status_code == 409
    assert "There is nothing of yours to undo here any more." in answer.content.decode()
    assert stands(ticket) == before
