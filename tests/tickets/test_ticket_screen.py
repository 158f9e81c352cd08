"""The page of a ticket, built without a template."""

from django.http import QueryDict

from core.database.guards import DeskNow
from servicedesk.screens.ticket_screen import other_tickets, screen_of
from tests import factories
from tickets import incidents, lifecycle
from tickets.conversations import notes
from tickets.models import Mention
from tickets.states import MentionState, ResolvedReason
from tickets.views.lookup import load


def shown(desk, ticket, who, asked=""):
    """Build the screen for this person as the page does."""
    return screen_of(load(who, ticket.number), who, QueryDict(asked))


def test_the_next_reply_answers_the_newest_post_that_names_us(desk):
    ticket = factories.a_ticket(desk)
    factories.arrive(
        desk, factories.post("nobody named", conversation=ticket.conversation_id, named=())
    )
    screen = shown(desk, ticket, desk.aylin)
    assert [entry.kind for entry in screen.entries] == ["post", "post"]
    assert screen.target == screen.entries[0].item
    assert screen.light.colour == "green"
    assert screen.customer_context_version == ticket.context_version + 1


def test_who_works_here_sees_whom_to_give_it_to(desk):
    ticket = factories.a_ticket(desk)
    incident = incidents.open_incident(name="Cable", department=desk.service, by=desk.aylin)
    incidents.open_incident(name="Theirs", department=desk.business, by=desk.nele)
    work = shown(desk, ticket, desk.aylin).work
    assert work.why_not is None
    members = {one.pk for one in work.verbs.members}
    assert {desk.bastian.person_id, desk.lena.person_id} <= members
    assert desk.nele.person_id not in members
    assert [one.pk for one in work.verbs.departments] == [desk.business.pk]
    assert [one.pk for one in work.verbs.incidents] == [incident.pk]
    assert set(work.verbs.snoozes) == {"hour", "afternoon", "tomorrow", "week"}


def test_who_only_reads_sees_why_and_nobody_to_give_it_to(desk):
    ticket = factories.a_ticket(desk)
    lifecycle.hand_off(ticket, to=desk.business, note="Yours, I think.", by=desk.aylin)
    of_nele = shown(desk, ticket, desk.nele).work
    assert of_nele.why_not is None
    assert [one.pk for one in of_nele.verbs.departments] == [desk.service.pk]
    work = shown(desk, ticket, desk.aylin).work
    assert work.why_not.code == "other_department"
    assert (work.verbs.members, work.verbs.departments, work.verbs.incidents) == ((), (), ())
    assert desk.nele.person in work.nameable


def test_what_is_known_of_the_customer_comes_with_what_one_may_do(desk):
    first = factories.a_ticket(desk)
    lifecycle.resolve(first, reason=ResolvedReason.SPAM, by=desk.aylin)
    second = factories.a_ticket(desk, "@AmselnetzHilfe once more")
    notes.add_person_note(second.customer, text="Prefers mornings.", ticket=second, by=desk.aylin)
    customer = shown(desk, second, desk.aylin).customer
    assert [row.note.text for row in customer.customer_notes] == ["Prefers mornings."]
    assert customer.customer_notes[0].why_not_end is None
    (other,) = customer.earlier
    assert (other.number, other.status, other.direction) == (first.number, "Resolved", "ltr")
    assert other.words.startswith("@AmselnetzHilfe")
    assert (customer.others, customer.elsewhere) == (1, 0)


def test_other_tickets_say_their_first_words_as_far_as_they_are_there(
    desk, django_assert_num_queries
):
    tickets = [
        factories.a_ticket(desk, f"@AmselnetzHilfe שלום {number}{' word' * 50}")
        for number in range(3)
    ]
    factories.arrive(desk, factories.post("and later", conversation=tickets[0].conversation_id))
    gone = tickets[1].mentions.get()
    Mention.objects.filter(pk=gone.pk).update(status=MentionState.DELETED, gone_at=DeskNow())
    with django_assert_num_queries(1):
        others = other_tickets(tickets)
    assert others[0].words.startswith("@AmselnetzHilfe שלום 0 word word")
    assert len(others[0].words) == 120
    assert [one.direction for one in others] == ["rtl", "ltr", "rtl"]
    assert others[1].words == "This post is gone."


def test_what_happened_is_told_in_the_timeline_and_between_the_posts(desk):
    ticket = factories.a_ticket(desk)
    lifecycle.take(ticket, by=desk.aylin)
    factories.arrive(desk, factories.post(conversation=ticket.conversation_id))
    screen = shown(desk, ticket, desk.aylin, "list=events.1")
    assert screen.history.escalations == []
    assert {event.name for event in screen.history.events} >= {"ticket.taken"}
    assert [event.name for event in screen.entries[-1].before] == ["ticket.taken"]
