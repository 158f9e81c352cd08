"""A new ticket whose posts are gone resolves itself, and opens again where X shows them."""

import pytest

from approvals.drafts import drafting
from core.models import Event
from tests import factories
from tickets import lifecycle
from tickets.conversations.timeline import words_of
from tickets.ingestion import refresh
from tickets.models import Mention
from tickets.states import MentionState, ResolvedReason, TicketStatus


def goes(ticket, state=MentionState.DELETED):
    for mention in ticket.mentions.all():
        refresh.note_gone(mention, state)
    ticket.refresh_from_db()


def comes_back(ticket):
    for mention in Mention.objects.filter(ticket=ticket):
        refresh.stand_again(mention, shown(mention))
    ticket.refresh_from_db()


def shown(mention):
    """The post as X shows it again."""
    return factories.post(
        mention.newest.text, key=mention.position, conversation=mention.conversation_id
    )


def last_event(ticket, name):
    return Event.objects.filter(topic_id=ticket.pk, name=name).order_by("-id").first()


@pytest.mark.parametrize("state", [MentionState.DELETED, MentionState.HIDDEN])
def test_a_new_ticket_resolves_itself_with_a_reason_in_words(desk, state):
    ticket = factories.a_ticket(desk)
    goes(ticket, state)
    assert (ticket.status, ticket.resolved_reason) == (
        TicketStatus.RESOLVED,
        ResolvedReason.POST_GONE,
    )
    assert ticket.unanswered_since is None
    said = words_of(last_event(ticket, "ticket.resolved"))
    assert said.startswith("The post is gone from X and nobody had begun to answer")


def test_it_opens_again_where_x_shows_the_post_after_all(desk):
    ticket = factories.a_ticket(desk)
    waited_since = ticket.unanswered_since
    goes(ticket)
    comes_back(ticket)
    assert (ticket.status, ticket.resolved_reason) == (TicketStatus.OPEN, "")
    assert ticket.unanswered_since == waited_since
    assert words_of(last_event(ticket, "ticket.reopened")).startswith("X shows the post after all")


def test_what_a_person_resolved_stays_resolved(desk):
    ticket = factories.a_ticket(desk)
    lifecycle.resolve(ticket, reason=ResolvedReason.THANKS, by=desk.aylin)
    goes(ticket)
    comes_back(ticket)
    assert ticket.status == TicketStatus.RESOLVED


def test_while_another_post_stands_the_ticket_stays(desk):
    ticket = factories.a_ticket(desk)
    factories.arrive(
        desk, factories.post("@AmselnetzHilfe hello?", conversation=ticket.conversation_id)
    )
    refresh.note_gone(ticket.mentions.order_by("id").first(), MentionState.DELETED)
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.NEW


def test_what_somebody_has_begun_to_answer_is_theirs_to_resolve(desk):
    ticket = factories.a_ticket(desk)
    drafting.open_draft(ticket, text="Hello", by=desk.aylin)
    goes(ticket)
    assert ticket.status == TicketStatus.OPEN
