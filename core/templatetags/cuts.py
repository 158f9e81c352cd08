"""What stands below a list that stops: how many there are, and the way to the rest."""

from typing import Any
from urllib.parse import urlencode

from django import template

from core.cuts import Cut, kept

register = template.Library()


@register.inclusion_tag("components/rest.html", takes_context=True)
def the_rest(context: dict[str, Any], rows: Cut) -> dict[str, Any]:
    """How many of how many are shown; nothing below a list that is whole."""
    if rows.is_whole:
        return {"is_whole": True}
    asked = context["request"].GET
    address = (
        urlencode([*kept(asked, rows), ("list", f"{rows.name}.{rows.next}")]) if rows.next else ""
    )
    return {
        "is_whole": False,
        "shown": len(rows),
        "total": rows.total,
        "next": rows.next,
        "address": address,
    }


@register.simple_tag(takes_context=True)
def lists_asked(context: dict[str, Any], sign: str = "&") -> str:
    """Return the part of the address that says how long lists are, for what is fetched anew."""
    asked = urlencode([("list", one) for one in context["request"].GET.getlist("list")])
    return f"{sign}{asked}" if asked else ""
