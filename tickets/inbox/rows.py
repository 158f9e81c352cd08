"""The rows of the inbox, prepared in one place: everything a row shows, ready for the template.

Whoever draws a row asks nothing any more, neither the database nor the clock. Words of others are
plain text here, which the template escapes, or HTML that `core.text.foreign_html` has made.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.broker import read_receipts
from core.screens.icons import icon
from core.text import foreign_html, formatting
from core.text.characters import revealed
from people.models import User
from tickets.conversations import post_contents, reply_permission
from tickets.inbox import waits
from tickets.inbox.status_marks import StatusMark, mark_of
from tickets.inbox.waits import Wait
from tickets.models import Mention, Ticket
from tickets.states import TicketStatus

TAGS = 2  # so many stand in a row; how many more there are stands behind
INCIDENT = 24  # characters of its name
NAMES = {
    "yours": gettext_lazy("Your turn"),
    "colleague": gettext_lazy("With a colleague"),
    "customer": gettext_lazy("Customer’s turn"),
    "nobody": gettext_lazy("Resolved"),
}


@dataclass(frozen=True)
class Reader:
    """For whom rows are prepared, and when; `query` is the list's address, `terms` the search.

    `unread` and `current` are keys of tickets.
    """

    user: User
    now: datetime
    query: str = ""
    terms: Sequence[str] = ()
    unread: Collection[int] = ()
    current: int | None = None


@dataclass(frozen=True)
class Pair:
    """Two signatures of which the first is given: the writer's initials, and the state in words."""

    writer: str
    words: str


@dataclass(frozen=True)
class Light:
    """Whether X will accept a reply: green or red, with its icon."""

    colour: str
    icon: SafeString


@dataclass(frozen=True)
class Assignee:
    """Who has the ticket: a name, and the initials for the stamp."""

    name: str
    stamp: str


@dataclass(frozen=True)
class Row:
    """One ticket in a list, for one reader.

    `name`, `handle` and `words` are marked where a search found something; `who` is the plain name.
    `pair` is there while a reply is being written.
    """

    ticket: int
    number: int
    address: str
    picture: str
    who: str
    name: SafeString | str
    handle: SafeString | str
    words: SafeString | str
    wait: Wait
    status: StatusMark
    light: Light | None
    assignee: Assignee | None
    language: str
    incident: str
    incident_icon: SafeString
    tags: Sequence[str]
    further_tags: Sequence[str]
    is_unread: bool
    is_current: bool
    pair: Pair | None = None


@dataclass(frozen=True)
class Group:
    """Rows under one heading; `key` says whose turn it is."""

    key: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PassedRow:
    """A post that became no ticket, and why."""

    picture: str
    name: str
    handle: str
    at: str
    words: str
    intake_outcome: str


def unread_of(tickets: Iterable[Ticket], user: User) -> set[int]:
    """Return the keys of the tickets whose last post this person has not read yet.

    Where nothing is known, what is new is unread.
    """
    tickets = list(tickets)
    looks = read_receipts.up_to(user.pk, [f"ticket:{ticket.pk}" for ticket in tickets])
    return {ticket.pk for ticket in tickets if is_unread(ticket, looks.get(f"ticket:{ticket.pk}"))}


def is_unread(ticket: Ticket, looked_at: int | None) -> bool:
    """Whether the last post came after the last look, a second of the clock."""
    if looked_at is None:
        return ticket.status == TicketStatus.NEW
    return ticket.last_inbound_at.timestamp() > looked_at + 1


def groups_of(tickets: Iterable[Ticket], reader: Reader) -> list[Group]:
    """Return the rows of these tickets under plain headings, in the order of `NAMES`.

    No query, if the tickets come from `querysets.for_rows`.
    """
    groups: dict[str, list[Row]] = {key: [] for key in NAMES}
    departments = {one.department_id for one in reader.user.memberships}
    for ticket in tickets:
        groups[turn_of(ticket, reader.user, departments)].append(row_of(ticket, reader))
    return [Group(key, str(NAMES[key]), tuple(rows)) for key, rows in groups.items() if rows]


def turn_of(ticket: Ticket, user: User, departments: Collection[int | None]) -> str:
    """Return whose turn it is, as `NAMES` has it."""
    if ticket.status in {TicketStatus.NEW, TicketStatus.OPEN}:
        is_free = ticket.assignee_id in {None, user.person_id}
        return "yours" if is_free and ticket.department_id in departments else "colleague"
    if ticket.status in {TicketStatus.IN_APPROVAL, TicketStatus.SENDING}:
        return "colleague"
    return "customer" if ticket.status == TicketStatus.ANSWERED else "nobody"


def row_of(ticket: Ticket, reader: Reader) -> Row:
    """Return the row of one ticket."""
    customer, incident = ticket.customer, ticket.incident
    address = reverse("ticket", args=[ticket.number])
    return Row(
        ticket=ticket.pk,
        number=ticket.number,
        address=f"{address}?{reader.query}" if reader.query else address,
        picture=customer.avatar_url,
        who=customer.name,
        name=foreign_html.marked(customer.name, reader.terms),
        handle=foreign_html.marked(customer.handle, reader.terms),
        words=words_of(ticket.last_mention, reader.terms),
        wait=waits.of_customer(ticket, reader.now),
        status=status_of(ticket),
        light=light_of(ticket),
        assignee=Assignee(ticket.assignee.name, ticket.assignee.stamp) if ticket.assignee else None,
        language="" if ticket.language == "und" else ticket.language.upper(),
        incident=Truncator(incident.name).chars(INCIDENT) if incident else "",
        incident_icon=icon("wave", 14),
        tags=ticket.tags[:TAGS],
        further_tags=ticket.tags[TAGS:],
        is_unread=ticket.pk in reader.unread,
        is_current=ticket.pk == reader.current,
    )


def words_of(mention: Mention | None, terms: Sequence[str]) -> SafeString | str:
    """Return the words of the last post in a line, with what was searched for marked."""
    if mention is None:
        return ""
    if mention.is_gone:
        return _("This post is gone.")
    return foreign_html.marked(post_contents.in_a_line(mention.newest), terms)


def status_of(ticket: Ticket) -> StatusMark:
    """Return the mark of a ticket's status, which says where the lead has it."""
    is_escalated: bool = ticket.is_escalated  # type: ignore[attr-defined]
    return mark_of(ticket.status, TicketStatus(ticket.status).label, is_escalated=is_escalated)


def light_of(ticket: Ticket) -> Light | None:
    """Return the light of a row; none where nobody would reply."""
    if ticket.last_mention is None or ticket.status == TicketStatus.RESOLVED:
        return None
    if reply_permission.is_open(ticket.last_mention):
        return Light("green", icon("ok", 14, _("X will accept a reply")))
    return Light("red", icon("stop", 14, _("X will not accept a reply")))


def with_pairs(groups: Iterable[Group], writers: dict[int, str]) -> list[Group]:
    """Return the groups with the pair in each row of which somebody writes a reply.

    `writers` has their initials (empty where they have none) by the tickets' keys.
    """
    words = _("second signature open")
    return [
        replace(
            group,
            rows=tuple(
                replace(row, pair=Pair(writers[row.ticket], words))
                if row.ticket in writers
                else row
                for row in group.rows
            ),
        )
        for group in groups
    ]


def passed_row(mention: Mention) -> PassedRow:
    """Return the row of a post that became no ticket."""
    return PassedRow(
        picture=mention.customer.avatar_url,
        name=mention.customer.name,
        handle=mention.customer.handle,
        at=formatting.short(mention.written_at),
        words=revealed(post_contents.in_a_line(mention.newest)),
        intake_outcome=mention.get_intake_outcome_display(),
    )
