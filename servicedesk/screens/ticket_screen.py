"""What the page of a ticket shows, prepared in one place and without a template.

A `TicketScreen` has three parts beside its conversation: what happened, what is known of the
customer, and what one may do. The reply pane is none of them: the package above prepares it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from approvals.querysets import read_drafts, waiting_for
from core.database import at_hand
from core.database.prepared import Given, rows_of
from core.errors import Reason
from core.models import Event
from core.screens.truncated_lists import Cut, cut
from core.text.characters import revealed
from people import access
from people.models import Person, User
from satisfaction import asking
from tickets import policies, querysets
from tickets.conversations import post_contents, thread, timeline
from tickets.conversations.reply_permission import Light, light_of
from tickets.inbox import rows, waits
from tickets.merging import merge_policies
from tickets.models import CustomerNote, Escalation, Mention, Ticket
from tickets.states import TicketStatus
from tickets.views import verbs
from tickets.views.verbs import Verbs

MOST_EVENTS = 60
MOST_EARLIER = 5
FIRST_WORDS = 120  # characters of another ticket


@dataclass(frozen=True)
class PersonNoteRow:
    """A remark about the customer; each `why_not` keeps this person from one button."""

    note: CustomerNote
    why_not_end: Reason | None
    why_not_share: Reason | None


@dataclass(frozen=True)
class OtherTicket:
    """Another ticket of the customer: where it stands, and the first words of its first post.

    `fits` says whether it can be merged into this one, as far as its row tells.
    """

    number: int
    status: str
    at: datetime
    words: str
    direction: str
    fits: bool = False


@dataclass(frozen=True)
class AboutCustomer:
    """What is known of the customer besides: remarks, and their other tickets (`OtherTicket`).

    `elsewhere` counts the tickets that this person may not read.
    """

    customer_notes: list[PersonNoteRow]
    follows: Ticket | None
    earlier: Cut
    elsewhere: int

    @property
    def others(self) -> int:
        """How many other tickets there are of this customer, here and elsewhere."""
        return self.earlier.total + self.elsewhere

    @property
    def mergeable(self) -> list[OtherTicket]:
        """Those that this person may merge into the ticket."""
        return [one for one in self.earlier if one.fits]


@dataclass(frozen=True)
class History:
    """What happened to the ticket: its events in words, the newest first, and each escalation."""

    events: Cut
    escalations: list[Escalation]


@dataclass(frozen=True)
class Work:
    """What this person may do with the ticket; nothing where `why_not` says so.

    `nameable` is whom a note can name, `may_unmerge` whether they take a merged ticket out again.
    """

    why_not: Reason | None
    verbs: Verbs
    nameable: list[Person]
    may_unmerge: bool


@dataclass(frozen=True)
class VerbsOfTicket:
    """What the menus of a ticket's verbs say: the choices, and what is chosen now."""

    verbs: Verbs
    priority: str
    assignee: int | None
    is_in_incident: bool


@dataclass(frozen=True)
class Nameable:
    """A colleague whom a note can name, and by which word."""

    pk: int
    name: str
    called: str


def nameable_as(person: Person) -> Nameable:
    """Return a colleague of the ticket's department as a note names them."""
    called = person.initials or person.username  # type: ignore[attr-defined]
    return Nameable(person.pk, person.name, called)


@dataclass(frozen=True)
class Notes:
    """What the forms for notes say: whom one can name, and whether one may remember something."""

    nameable: tuple[Nameable, ...]
    may_remember: bool


@dataclass(frozen=True)
class TicketScreen:
    """The page of one ticket for one person.

    `target` is the post that the next reply would answer, `light` whether X would accept it; a
    merged ticket has neither. `customer_context_version` is the newest context version that the
    customer moved, `is_yours` says whether it is this person's turn,
    `asked` whether the customer was asked how content they are, where the department asks anybody.
    """

    ticket: Ticket
    entries: list[thread.Entry]
    target: Mention | None
    light: Light | None
    customer_context_version: int
    is_yours: bool
    wait: waits.Wait
    history: History
    customer: AboutCustomer
    work: Work
    asked: str


def screen_of(ticket: Ticket, user: User, asked: QueryDict) -> TicketScreen:
    """Prepare the page of this ticket for this person; `asked` says how long its lists are."""
    at_hand.read(
        ticket,
        "escalations",
        lambda: Escalation.objects.select_related("by__person", "ended_by__person").order_by("id"),
        has=querysets.has(ticket, "escalations"),
    )
    read_drafts(ticket)
    entries = thread.of_ticket(ticket)
    target = None if ticket.merged_into_id else target_of(entries)
    history = history_of(ticket, asked)
    thread.fold_in(entries, history.events)
    work = work_of(ticket, user)
    return TicketScreen(
        ticket=ticket,
        entries=entries,
        target=target,
        light=light_of(target) if target else None,
        customer_context_version=ticket.customer_context_version,  # type: ignore[attr-defined]
        is_yours=is_turn_of(ticket, user),
        wait=waits.of_customer(ticket, timezone.now()),
        history=history,
        customer=about_customer(ticket, user, work.why_not, asked),
        work=work,
        asked=asking.said_of(ticket),
    )


def is_turn_of(ticket: Ticket, user: User) -> bool:
    """Whether the ticket is assigned to this person, or its reply waits for their signature."""
    signing: set[int] = set()
    if ticket.status == TicketStatus.IN_APPROVAL:
        signing = set(waiting_for(user).filter(ticket=ticket.pk).values_list("ticket", flat=True))
    reader = rows.Reader(user, timezone.now(), access.department_ids(user), signing=signing)
    return rows.turn_of(ticket, reader) == "yours"


def target_of(entries: list[thread.Entry]) -> Mention | None:
    """Return what the next reply would answer: the newest post that names us and stands.

    The newest of all where there is none.
    """
    posts = [entry.item for entry in reversed(entries) if entry.kind == "post"]
    standing = [post for post in posts if post.names_us and not post.is_gone]
    return next(iter(standing or posts), None)


def history_of(ticket: Ticket, asked: QueryDict) -> History:
    """Return what happened to the ticket so far."""

    def first(most: int) -> list[Event]:
        key = ("events of a ticket", most)
        return rows_of(key, lambda: events_of(Given("ticket"))[:most], ticket=ticket.pk)

    newest = cut(events_of(ticket.pk), "events", MOST_EVENTS, asked, first)
    return History(
        events=newest.prepared(timeline.told(newest)),
        escalations=list(ticket.escalations.all()),
    )


def events_of(ticket: Any) -> QuerySet[Event]:
    """Return the events of a ticket (its key), the newest first, with who did each."""
    events = Event.objects.filter(topic_kind="tickets.ticket", topic_id=ticket)
    return events.select_related("by__person").order_by("-id")


def about_customer(
    ticket: Ticket, user: User, why_not_work: Reason | None, asked: QueryDict
) -> AboutCustomer:
    """Return what this person may know of the customer besides."""
    others, all_of_them = querysets.others_of_customer(ticket, user)
    earlier = cut(others, "earlier", MOST_EARLIER, asked)
    follows = None
    if ticket.follows_id:
        follows = querysets.visible_to(user).filter(pk=ticket.follows_id).first()
    return AboutCustomer(
        customer_notes=[
            PersonNoteRow(
                note=note,
                why_not_end=why_not_work or policies.why_not_end_person_note(note, user),
                why_not_share=policies.why_not_share_person_note(note, user),
            )
            for note in known_of(ticket, user)
        ],
        follows=follows,
        earlier=earlier.prepared(other_tickets(list(earlier), None if why_not_work else ticket)),
        elsewhere=all_of_them - earlier.total,
    )


def known_of(ticket: Ticket, user: User) -> Iterable[CustomerNote]:
    """Return the remarks about the customer that this person reads."""
    if not querysets.has(ticket, "customer notes"):
        return []
    return querysets.customer_notes(ticket.customer, user)


def other_tickets(tickets: list[Ticket], into: Ticket | None = None) -> list[OtherTicket]:
    """Return these tickets as they stand in the list of others, in their order; one query.

    `into` is the ticket that one of them may be merged into, for who works on it.
    """
    if not tickets:
        return []
    posts = (
        Mention.objects.filter(ticket__in=tickets)
        .select_related("newest")
        .order_by("ticket", "written_at", "position")
        .distinct("ticket")
    )
    first = {post.ticket_id: post for post in posts}
    return [other_ticket(one, first.get(one.pk), into) for one in tickets]


def other_ticket(ticket: Ticket, first: Mention | None, into: Ticket | None = None) -> OtherTicket:
    """Return a ticket with the words of its first post, as far as they are still there."""
    words = post_contents.in_a_line(first.newest) if first else ""
    if first and first.is_gone:
        words = _("This post is gone.")
    return OtherTicket(
        ticket.number,
        _("Merged") if ticket.merged_into_id else ticket.get_status_display(),
        ticket.created_at,
        Truncator(revealed(words)).chars(FIRST_WORDS),
        rows.direction_of_last(first),
        fits=into is not None and merge_policies.why_not_fit(ticket, into) is None,
    )


def work_of(ticket: Ticket, user: User) -> Work:
    """Say what this person may do with the ticket now, and whom they may give it to."""
    nameable = access.nameable_people(ticket.department)
    members = [one for one in nameable if one.is_member]  # type: ignore[attr-defined]
    why_not = policies.why_not_work(ticket, user)
    return Work(
        why_not=why_not,
        verbs=verbs.NONE if why_not else verbs.of_ticket(ticket, user, members),
        nameable=nameable,
        may_unmerge=ticket.merged_into is not None
        and policies.why_not_member(ticket, user) is None,
    )
