"""The audit trail as people read it: in words, narrowed by what one looks for, each thing linked.

What the desk does by itself all the time (it took posts in, somebody opened a draft) is left out
unless one asks for everything.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import GuidelineVersion, SavedReply
from core.models import Event
from core.text import formatting
from people.models import Department, Person
from tickets.conversations import timeline
from tickets.models import ConnectedAccount, Incident, Ticket

# What these events are about belongs to the customers of one department.
OF_CUSTOMERS = {"tickets.ticket", "tickets.incident", "tickets.mention", "approvals.savedreply"}
NOISE = (
    "mentions.ingested",
    "feed.compared",
    "draft.opened",
    "review.claimed",
    "review.released",
    "reply.sending",
)
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "replies": (gettext_lazy("Drafts and decisions"), ("draft", "review", "approval", "lead")),
    "sending": (gettext_lazy("Replies on their way"), ("reply", "take_down")),
    "tickets": (
        gettext_lazy("Tickets"),
        ("ticket", "note", "customer_note", "incident", "outcome", "survey"),
    ),
    "posts": (
        gettext_lazy("Posts and reading"),
        ("mention", "mentions", "own_post", "post", "gap", "feed"),
    ),
    "people": (
        gettext_lazy("People and roles"),
        ("person", "membership", "invitation", "absence", "portrait"),
    ),
    "access": (
        gettext_lazy("Sign-ins and access"),
        ("sign_in", "session", "sessions", "password", "token", "credentials"),
    ),
    "setup": (
        gettext_lazy("Setting up"),
        (
            *("company", "department", "setting", "account", "routing", "backup", "restore"),
            *("guideline", "saved_reply", "notices"),
        ),
    ),
}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the trail; None and "" narrow nothing."""

    person: Person | None = None
    ticket: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    kind: str = ""
    everything: bool = False


@dataclass(frozen=True)
class Row:
    """One event as a line of the trail; `event`, `topic` and `channel` are its raw names."""

    number: int
    at: str
    sentence: SafeString
    about: str
    link: str
    through: str
    event: str
    topic: str
    channel: str


def narrowed(events: QuerySet[Event], wanted: Wanted) -> QuerySet[Event]:
    """Return the events that are looked for; days begin and end in the reader's zone."""
    if wanted.person:
        about = Q(topic_kind="people.person", topic_id=wanted.person.pk)
        events = events.filter(Q(by__person=wanted.person) | about)
    if wanted.ticket is not None:
        numbers = Ticket.objects.filter(number=wanted.ticket).values_list("pk", flat=True)
        events = events.filter(topic_kind="tickets.ticket", topic_id__in=list(numbers))
    if wanted.first_day:
        events = events.filter(at__gte=midnight(wanted.first_day))
    if wanted.last_day:
        events = events.filter(at__lt=midnight(wanted.last_day, later=1))
    if wanted.kind in KINDS:
        begins = Q()
        for noun in KINDS[wanted.kind][1]:
            begins |= Q(name__startswith=f"{noun}.")
        events = events.filter(begins)
    return events if wanted.everything else events.exclude(name__in=NOISE)


def midnight(day: date, *, later: int = 0) -> datetime:
    """Return when a day begins in the reader's zone, or the day so many days later."""
    beginning = date.fromordinal(day.toordinal() + later)
    return timezone.make_aware(datetime.combine(beginning, time()))


def rows(events: Iterable[Event], own: Collection[int]) -> list[Row]:
    """Return these events as lines, in their order; what they are about is asked for once a kind.

    `own` are the reader's departments: of another one's customers a line says no more than that
    something happened. `by__person` has to be at hand.
    """
    listed = list(events)
    places = named([event for event in listed if not is_closed(event, own)])
    return [
        closed_row(event)
        if is_closed(event, own)
        else row_of(event, *places.get((event.topic_kind, event.topic_id), ("", "")))
        for event in listed
    ]


def is_closed(event: Event, own: Collection[int]) -> bool:
    """Whether the event is about customers of a department that the reader does not belong to."""
    return (
        event.department_id is not None
        and event.department_id not in own
        and event.topic_kind in OF_CUSTOMERS
    )


def closed_row(event: Event) -> Row:
    """Return an event about another department's customers as a line that names nobody."""
    said = escape(_("Something about a ticket of another department."))
    return replace(row_of(event, "", ""), sentence=said)


def row_of(event: Event, about: str, link: str) -> Row:
    """Return one event as a line."""
    return Row(
        number=event.pk,
        at=formatting.exact(event.at),
        sentence=timeline.words_of(event),
        about=about,
        link=link,
        through=channel_in_words(event.channel),
        event=event.name,
        topic=f"{event.topic_kind} {event.topic_id or ''}".strip(),
        channel=event.channel,
    )


def channel_in_words(channel: str) -> str:
    """Say how it came in: a browser, a program, a command, or the desk by itself."""
    kind, _colon, which = channel.partition(":")
    if kind == "session":
        return _("in the browser")
    if kind == "token":
        return _("by a program, token {n}").format(n=which)
    if kind == "command":
        return _("by command: {name}").format(name=which)
    return _("by itself") if kind == "worker" else ""


def named(events: list[Event]) -> dict[tuple[str, int | None], tuple[str, str]]:
    """Return for what these events are about its name and the address of its page."""
    found: dict[tuple[str, int | None], tuple[str, str]] = {}
    for kind, (model, say) in ABOUT.items():
        keys = {event.topic_id for event in events if event.topic_kind == kind}
        if keys:
            for thing in model.objects.filter(pk__in=keys):
                found[kind, thing.pk] = say(thing)
    return found


def ticket(one: Ticket) -> tuple[str, str]:
    """Name a ticket by its number."""
    return _("Ticket {n}").format(n=one.number), reverse("ticket", args=[one.number])


def person(one: Person) -> tuple[str, str]:
    """Name a colleague."""
    return one.name, reverse("person", args=[one.pk])


def department(one: Department) -> tuple[str, str]:
    """Name a department."""
    return one.name, reverse("people")


def account(one: ConnectedAccount) -> tuple[str, str]:
    """Name one of our accounts by its handle."""
    return str(one), reverse("outbox")


def incident(one: Incident) -> tuple[str, str]:
    """Name an incident."""
    return one.name, reverse("incident", args=[one.pk])


def guideline(one: GuidelineVersion) -> tuple[str, str]:
    """Name a version of a guideline."""
    return _("Guideline, version {n}").format(n=one.number), reverse("guidelines-home")


def saved_reply(one: SavedReply) -> tuple[str, str]:
    """Name a saved reply by its title."""
    return one.title, reverse("saved-reply", args=[one.pk])


ABOUT: dict[str, tuple[Any, Callable[[Any], tuple[str, str]]]] = {
    "tickets.ticket": (Ticket, ticket),
    "people.person": (Person, person),
    "people.department": (Department, department),
    "tickets.connectedaccount": (ConnectedAccount, account),
    "tickets.incident": (Incident, incident),
    "approvals.guidelineversion": (GuidelineVersion, guideline),
    "approvals.savedreply": (SavedReply, saved_reply),
}
