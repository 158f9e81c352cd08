"""What templates ask of tickets: a status as a mark, posts ready to be drawn, an event in words."""

from typing import Any

from django import template

from tickets.conversations import opening, post_contents, posts, timeline
from tickets.conversations.thread import Entry
from tickets.inbox import status_marks
from tickets.models import Mention, Ticket

register = template.Library()
register.filter("in_a_line", post_contents.in_a_line)
register.filter("shapes", post_contents.of)
register.filter(post_contents.undescribed)
register.simple_tag(timeline.words_of, name="event_words")
register.simple_tag(opening.at_target, name="opened_at_target")


@register.filter
def live_topics(ticket: Ticket) -> str:
    """Return what wakes a page about this ticket: events of it, and of those merged into it."""
    return " ".join(f"ticket:{one.pk}" for one in [ticket, *ticket.merged.all()])


@register.inclusion_tag("components/status.html")
def status(status: str, word: str = "", escalated: bool = False) -> dict[str, Any]:
    """Show a status with its icon and this word; what the lead has to decide says so."""
    return {"mark": status_marks.mark_of(status, word, is_escalated=escalated)}


@register.simple_tag
def prepared_posts(
    entries: list[Entry],
    ticket: Ticket,
    target: Mention | None = None,
    pictures: dict[int, Any] | None = None,
    *,
    keeps: bool = False,
    pairs: dict[str, Any] | None = None,
) -> list[posts.Post | posts.InternalNote | posts.Fold]:
    """Return the entries of a conversation ready to be drawn; what is empty is not known."""
    around = posts.Around(ticket, target or None, pictures or None, bool(keeps), pairs or None)
    return posts.prepared(entries, around)
