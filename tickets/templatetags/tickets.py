"""What a row of a list says about age, waiting and the reply light; and an event in words."""

from datetime import timedelta
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import foreign, wording
from core.models import Event
from people import calendars
from tickets import shapes
from tickets.models import Ticket
from tickets.reply_light import CLOSED
from tickets.states import TicketStatus

register = template.Library()
FIELDS = 10


@register.simple_tag
def age(ticket: Ticket) -> dict[str, Any]:
    """How long the customer has been waiting, against the target in ten fields.

    A time for what is done.

    The waiting counts from the oldest post that has no answer yet: who writes again waits no
    shorter.
    """
    since = ticket.unanswered_since or ticket.last_inbound_at
    exact = wording.when(since)
    if ticket.status in {TicketStatus.ANSWERED, TicketStatus.RESOLVED}:
        return {
            "words": wording.short(ticket.last_inbound_at),
            "state": "",
            "exact": wording.when(ticket.last_inbound_at),
        }
    now = timezone.now()
    state = "close" if now > ticket.due_at - timedelta(minutes=10) else ""
    if now > ticket.due_at:
        state = "over"
    target = max(ticket.due_at - since, timedelta(minutes=1))
    filled = min(FIELDS, int((now - since) / target * FIELDS))
    return {
        "words": brief(now - since),
        "state": state,
        "exact": exact,
        "filled": filled,
        "bar": True,
    }


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


@register.simple_tag
def waiting(ticket: Ticket) -> dict[str, Any]:
    """How long a review has been waiting in hours of service, against the department's minutes."""
    limit = ticket.department.clock_minutes
    now = timezone.now()
    minutes = int(
        calendars.between(ticket.department, ticket.waiting_since or now, now).total_seconds() // 60
    )
    filled = min(FIELDS, minutes * FIELDS // limit)
    state = "close" if filled >= 7 else ""
    if minutes >= limit:
        state = "over"
    words = (
        _("{n} min over").format(n=minutes - limit)
        if minutes > limit
        else _("{n} of {limit} minutes").format(n=minutes, limit=limit)
    )
    return {"words": words, "state": state, "filled": filled, "minutes": minutes}


@register.simple_tag
def clockbar(wait: dict[str, Any]) -> SafeString:
    """Ten fields, a wider gap after five."""
    fields = format_html_join(
        "", "{}", ((field(place, on=place < wait["filled"]),) for place in range(FIELDS))
    )
    return format_html(
        (
            '<svg class="clockbar" data-state="{}" viewBox="0 0 72 4" width="72" height="4" '
            'aria-hidden="true">{}</svg>'
        ),
        wait["state"],
        fields,
    )


def field(place: int, *, on: bool) -> SafeString:
    """One field of a clock bar."""
    left = place * 7 + (4 if place >= 5 else 0)
    if on:
        return format_html('<rect x="{}" width="5" height="4" data-on></rect>', left)
    return format_html('<rect x="{}" width="5" height="4"></rect>', left)


register.filter("in_a_line", shapes.in_a_line)
register.filter("shapes", shapes.of)


@register.simple_tag
def light(ticket: Ticket) -> str:
    """Return the colour for a row, without asking the database."""
    mention = ticket.last_mention
    if mention is None or ticket.status == TicketStatus.RESOLVED:
        return ""
    return (
        "red"
        if mention.is_gone
        or mention.reply_settings in CLOSED
        or not (mention.names_us or mention.quotes_us)
        else "green"
    )


@register.simple_tag
def event_words(event: Event) -> SafeString:
    """Return the event as a sentence; one template per name."""
    name = event.by.person.name if event.by else _("The desk")
    return foreign.trimmed(
        render_to_string(f"timeline/{event.name}.html", {"event": event, "name": name})
    )
