"""How long somebody has been waiting, as rows of lists say it: in words, and in ten fields.

The customer waits against the target of the department, a review against its minutes of service.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.text import formatting
from people.hours import business_hours
from tickets.models import Ticket
from tickets.states import TicketStatus

FIELDS = 10
OVER_SOON = timedelta(minutes=10)


@dataclass(frozen=True)
class Wait:
    """A waiting in words. `state` is over, close or empty, `exact` the moment from which it counts.

    `filled` is how many of the ten fields are on; None where nobody waits any more. `brief` is the
    waiting of a review alone, for where its limit has no room.
    """

    words: str
    state: str = ""
    exact: str = ""
    filled: int | None = None
    brief: str = ""

    @property
    def bar(self) -> SafeString | str:
        """The ten fields as a drawing, a wider gap after five; nothing where nobody waits."""
        return "" if self.filled is None else clock_bar(self.state, self.filled)


def of_customer(ticket: Ticket, now: datetime) -> Wait:
    """Return how long the customer has been waiting; of what is done, when the last post came.

    The waiting counts from the oldest post that has no answer yet: who writes again waits no
    shorter.
    """
    if ticket.status in {TicketStatus.ANSWERED, TicketStatus.RESOLVED}:
        return Wait(
            formatting.short(ticket.last_inbound_at), "", formatting.when(ticket.last_inbound_at)
        )
    since = ticket.unanswered_since or ticket.last_inbound_at
    state = ""
    if now > ticket.due_at:
        state = "over"
    elif now > ticket.due_at - OVER_SOON:
        state = "close"
    target = max(ticket.due_at - since, timedelta(minutes=1))
    filled = min(FIELDS, int((now - since) / target * FIELDS))
    return Wait(brief(now - since), state, formatting.when(since), filled)


def of_review(ticket: Ticket, now: datetime) -> Wait:
    """Return how long a review has been waiting in service hours, of the department's minutes."""
    limit = ticket.department.clock_minutes
    waited = business_hours.between(ticket.department, ticket.waiting_since or now, now)
    minutes = int(waited.total_seconds() // 60)
    filled = min(FIELDS, minutes * FIELDS // limit)
    state = ""
    if minutes >= limit:
        state = "over"
    elif filled >= 7:
        state = "close"
    words = (
        _("{n} min over").format(n=minutes - limit)
        if minutes > limit
        else _("{n} of {limit} minutes").format(n=minutes, limit=limit)
    )
    return Wait(words, state, brief=brief(waited), filled=filled)


def brief(span: timedelta) -> str:
    """Say a span in short: "24 min", "3 h", "2 d"."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    return (
        _("{n} h").format(n=minutes // 60)
        if minutes < 1440
        else _("{n} d").format(n=minutes // 1440)
    )


@lru_cache
def clock_bar(state: str, filled: int) -> SafeString:
    """Draw ten fields of which the first are on."""
    fields = format_html_join(
        "", "{}", ((field(place, on=place < filled),) for place in range(FIELDS))
    )
    return format_html(
        (
            '<svg class="clockbar" data-state="{}" viewBox="0 0 72 4" width="72" height="4" '
            'aria-hidden="true">{}</svg>'
        ),
        state,
        fields,
    )


def field(place: int, *, on: bool) -> SafeString:
    """Draw one field of a clock bar."""
    left = place * 7 + (4 if place >= 5 else 0)
    if on:
        return format_html('<rect x="{}" width="5" height="4" data-on></rect>', left)
    return format_html('<rect x="{}" width="5" height="4"></rect>', left)
