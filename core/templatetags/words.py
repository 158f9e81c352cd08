"""Filters for times and names in the reader's language."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.text import characters, direction, foreign_html, formatting, languages

register = template.Library()


@register.filter
def ago(at: datetime | None) -> str:
    """How long ago."""
    return formatting.ago(at)


@register.filter
def when(at: datetime | None) -> str:
    """Day and time in words."""
    return formatting.when(at) if at else ""


@register.filter
def until(at: datetime | None) -> str:
    """Day and time for after "until" or "since"."""
    return formatting.until(at) if at else ""


@register.filter
def exact(at: datetime | None) -> str:
    """Date, second and zone."""
    return formatting.exact(at) if at else ""


@register.filter
def day(at: date | None) -> str:
    """Return the day, of a date or of a time."""
    return formatting.day(at) if at else ""


@register.filter
def shortly(at: datetime | None) -> str:
    """For lists."""
    return formatting.short(at) if at else ""


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """Return a `<time>` that keeps telling how long ago, with the exact time on hover."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}" data-behaviour="ago">{}</time>',
        at.isoformat(),
        formatting.when(at),
        formatting.ago(at),
    )


@register.filter
def number(value: int | None) -> str:
    """10,482 in English; 10 482 with a narrow space in German."""
    if value is None:
        return ""
    return (
        f"{value:,}".replace(",", " ")
        if (get_language() or "en").startswith("de")
        else f"{value:,}"
    )


register.filter(formatting.quoted)
register.filter(foreign_html.isolated)
register.filter("language_tag", languages.tag_of)
register.filter("language_name", languages.name_of)


@register.filter
def revealed(text: str | None) -> str:
    """Show words of others with the number of each character that would be invisible.

    Or would turn them round.
    """
    return characters.revealed(text or "")


@register.filter
def capped(value: int | None) -> str:
    """Return a count, from a hundred on as 99+."""
    return "99+" if (value or 0) > 99 else str(value or 0)


@register.filter
def of(found: dict[Any, Any] | None, key: Any) -> Any:
    """Return the entry of a dictionary."""
    return (found or {}).get(key)


@register.filter("direction")
def direction_of(text: str | None, language: str | None = "") -> str:
    """Return `rtl` or `ltr`, for the element that shows this text."""
    return direction.direction_of(text or "", language or "")
