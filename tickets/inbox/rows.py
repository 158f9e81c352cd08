"""The rows of the inbox, prepared in one place: everything a row shows, ready for the template.

Whoever draws a row asks nothing any more, neither the database nor the clock. Words of others are
plain text here, which the template escapes, or HTML that `core.text.foreign_html` has made.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.broker import read_receipts
from core.screens.icons import icon
from core.text import foreign_html, formatting, languages
from core.text.characters import revealed
from core.text.direction import LTR, direction_of
from people.models import User
from tickets.conversations import post_contents, reply_permission
from tickets.inbox import waits
from tickets.inbox.status_marks import StatusMark, mark_of
from tickets.inbox.waits import Wait
from tickets.models import Mention, Ticket
from tickets.states import ACTIVE, TicketStatus

CHIPS = 2  # incident and tags; so many stand in a row, how many more there are stands behind
INCIDENT = 24  # characters of its name
NAMES = {
    "yours": gettext_lazy("Your turn"),
    "free": gettext_lazy("Unassigned"),
    "colleague": gettext_lazy("With a colleague"),
    "customer": gettext_lazy("Customer’s turn"),
    "snoozed": gettext_lazy("Snoozed"),
    "nobody": gettext_lazy("Resolved"),
}
MOST = 2000  # prepared rows in one process
WORKED_ON = {TicketStatus.NEW, TicketStatus.OPEN}


@dataclass(frozen=True)
class Reader:
    """For whom rows are prepared, and when; `query` is the list's address, `terms` the search.

    `departments` are the keys of those whose tickets this person sees. `signing` has the tickets
    whose reply waits for this person's signature; it, `unread` and `current` are keys of tickets.
    """

    user: User
    now: datetime
    departments: Collection[int]
    signing: Collection[int] = ()
    query: str = ""
    terms: Sequence[str] = ()
    unread: Collection[int] = ()
    current: int | None = None

    @cached_property
    def sees(self) -> tuple[Any, ...]:
        """What a row says to this reader besides what it is to them: words, times, the search."""
        return (
            get_language(),
            timezone.get_current_timezone_name(),
            formatting.hours_of_day.get(),
            int(self.now.timestamp() // 60),
            self.query,
            tuple(self.terms),
        )


@dataclass(frozen=True)
class Pair:
    """Two signatures of which the first is given: the writer's initials, and the state in words.

    `is_yours` says that the open one is the reader's.
    """

    writer: str
    words: str
    is_yours: bool = False


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
    `since` says since when the customer waits, and how often they wrote where that is more than
    once (`wrote_again`). `pair` is there while a reply is being written, `is_to_sign` where it
    waits for the reader's signature.
    """

    ticket: int
    number: int
    department: int
    address: str
    picture: str
    who: str
    name: SafeString | str
    handle: SafeString | str
    words: SafeString | str
    direction: str
    wait: Wait
    since: str
    wrote_again: bool
    status: StatusMark
    light: Light | None
    assignee: Assignee | None
    language: str
    language_name: str
    incident: str
    incident_icon: SafeString
    tags: Sequence[str]
    further_tags: Sequence[str]
    is_unread: bool
    is_current: bool
    is_to_sign: bool = False
    pair: Pair | None = None

    @property
    def all_tags(self) -> str:
        """Every tag, as they are typed."""
        return ", ".join([*self.tags, *self.further_tags])


@dataclass(frozen=True)
class Group:
    """Rows under one heading; `key` says whose turn it is.

    `count` is how many there are; None where only some of them are at hand.
    """

    key: str
    name: str
    rows: tuple[Row, ...]
    count: int | None = None


@dataclass(frozen=True)
class PassedRow:
    """A post that became no ticket, and why."""

    picture: str
    name: str
    handle: str
    at: str
    words: str
    direction: str
    intake_outcome: str


_prepared: dict[tuple[Any, ...], Row] = {}


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


def groups_of(
    tickets: Iterable[Ticket], reader: Reader, known: Mapping[str, int] | None = None
) -> list[Group]:
    """Return the rows of these tickets under plain headings, in the order of `NAMES`.

    Of a list that goes on, `known` has the numbers of those groups whose number is known. No
    query, if the tickets come from `querysets.for_rows`.
    """
    groups: dict[str, list[Row]] = {key: [] for key in NAMES}
    for ticket in tickets:
        groups[turn_of(ticket, reader)].append(row_of(ticket, reader))
    return [
        Group(
            key=key,
            name=str(NAMES[key]),
            rows=tuple(rows),
            count=len(rows) if known is None else known.get(key),
        )
        for key, rows in groups.items()
        if rows
    ]


def turn_of(ticket: Ticket, reader: Reader) -> str:
    """Return whose turn it is, as `NAMES` has it.

    The reader's is what is assigned to them, and what waits for their signature.
    """
    if ticket.snoozed_until:
        return "snoozed"
    if ticket.status in WORKED_ON and ticket.department_id in reader.departments:
        if ticket.assignee_id is None:
            return "free"
        return "yours" if ticket.assignee_id == reader.user.person_id else "colleague"
    if ticket.status in ACTIVE:
        return "yours" if ticket.pk in reader.signing else "colleague"
    return "customer" if ticket.status == TicketStatus.ANSWERED else "nobody"


def row_of(ticket: Ticket, reader: Reader) -> Row:
    """Return the row of one ticket: as it was prepared before, where nothing of it changed.

    What it says of times is a minute old at most.
    """
    version = getattr(ticket, "version", None)
    if version is None:
        return prepared(ticket, reader)
    key = (
        version,
        reader.sees,
        ticket.pk in reader.unread,
        ticket.pk == reader.current,
        ticket.pk in reader.signing,
    )
    if (row := _prepared.get(key)) is None:
        row = prepared(ticket, reader)
        if len(_prepared) >= MOST:
            _prepared.clear()
        _prepared[key] = row
    return row


def prepared(ticket: Ticket, reader: Reader) -> Row:
    """Prepare the row of one ticket."""
    customer, incident = ticket.customer, ticket.incident
    tags = CHIPS - 1 if incident else CHIPS
    written: int = ticket.written  # type: ignore[attr-defined]
    address = reverse("ticket", args=[ticket.number])
    return Row(
        ticket=ticket.pk,
        number=ticket.number,
        department=ticket.department_id,
        address=f"{address}?{reader.query}" if reader.query else address,
        picture=customer.avatar_url,
        who=customer.name,
        name=foreign_html.marked(customer.name, reader.terms),
        handle=foreign_html.marked(customer.handle, reader.terms),
        words=words_of(ticket, reader.terms),
        direction=direction_of_last(ticket.last_mention),
        wait=waits.of_customer(ticket, reader.now),
        since=since_of(ticket, written),
        wrote_again=written > 1,
        status=status_of(ticket),
        light=light_of(ticket),
        assignee=Assignee(ticket.assignee.name, ticket.assignee.stamp) if ticket.assignee else None,
        language=languages.mark_of(ticket.language),
        language_name=languages.name_of(ticket.language),
        incident=Truncator(incident.name).chars(INCIDENT) if incident else "",
        incident_icon=icon("wave", 14),
        tags=tuple(ticket.tags[:tags]),
        further_tags=tuple(ticket.tags[tags:]),
        is_unread=ticket.pk in reader.unread,
        is_current=ticket.pk == reader.current,
        is_to_sign=ticket.pk in reader.signing,
    )


def words_of(ticket: Ticket, terms: Sequence[str]) -> SafeString | str:
    """Return the words of the last post without our handle, with what was searched for marked."""
    mention = ticket.last_mention
    if mention is None:
        return ""
    if mention.is_gone:
        return _("This post is gone.")
    words = post_contents.in_a_line(mention.newest)
    return foreign_html.marked(post_contents.without_handle(words, ticket.account.handle), terms)


def since_of(ticket: Ticket, written: int) -> str:
    """Say since when the customer waits, and how often they wrote; nothing where nobody waits."""
    if ticket.unanswered_since is None:
        return ""
    time = formatting.short(ticket.unanswered_since)
    if written > 1:
        return _("wrote {n} times, waits since {time}").format(n=written, time=time)
    return _("waits since {time}").format(time=time)


def direction_of_last(mention: Mention | None) -> str:
    """Return which way the words of the last post run."""
    if mention is None or mention.is_gone or mention.newest is None:
        return LTR
    return direction_of(mention.newest.text, mention.newest.language)


def status_of(ticket: Ticket) -> StatusMark:
    """Return the mark of a ticket's status: where the lead has it, when a snoozed one wakes."""
    if ticket.snoozed_until:
        wakes = _("wakes {when}").format(when=formatting.when(ticket.snoozed_until))
        return StatusMark("snoozed", icon("moon", 14), wakes)
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
    return [
        replace(group, rows=tuple(with_pair(row, writers) for row in group.rows))
        for group in groups
    ]


def with_pair(row: Row, writers: dict[int, str]) -> Row:
    """Return the row with its pair, if somebody writes a reply."""
    if row.ticket not in writers:
        return row
    words = _("second signature open, yours") if row.is_to_sign else _("second signature open")
    return replace(row, pair=Pair(writers[row.ticket], words, row.is_to_sign))


def passed_row(mention: Mention) -> PassedRow:
    """Return the row of a post that became no ticket."""
    return PassedRow(
        picture=mention.customer.avatar_url,
        name=mention.customer.name,
        handle=mention.customer.handle,
        at=formatting.short(mention.written_at),
        words=revealed(post_contents.in_a_line(mention.newest)),
        direction=direction_of_last(mention),
        intake_outcome=mention.get_intake_outcome_display(),
    )
