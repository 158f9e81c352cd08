"""Events of the audit trail in words, each told once for however many places show it."""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.models import Event
from core.text import foreign_html, formatting


@dataclass(frozen=True)
class Told:
    """One event as a timeline says it: its sentence, and when, shortly and exactly."""

    name: str
    at: datetime
    words: SafeString
    shortly: str
    exact: str


def told(events: Iterable[Event]) -> list[Told]:
    """Return these events in the reader's language, in their order.

    No query, where `by__person` is at hand.
    """
    return [
        Told(one.name, one.at, words_of(one), formatting.short(one.at), formatting.when(one.at))
        for one in events
    ]


def plain_words_of(event: Event) -> str:
    """Return the event as a sentence without HTML, for refusals and the API."""
    return html.unescape(strip_tags(words_of(event)))


def words_of(event: Event) -> SafeString:
    """Return the event as a sentence; one template per name."""
    name = foreign_html.isolated(event.by.person.name) if event.by else _("The desk")
    return foreign_html.trimmed(
        render_to_string(f"timeline/{event.name}.html", {"event": event, "name": name})
    )
