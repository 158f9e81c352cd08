"""What stands below a list that stops: how many there are, and the way to the rest."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict

from core.screens.truncated_lists import Cut

register = template.Library()


@register.inclusion_tag("components/rest.html")
def the_rest(rows: Cut) -> dict[str, Any]:
    """How many of how many are shown; nothing below a list that is whole."""
    return {"rows": rows}


@register.simple_tag
def lists_asked(asked: QueryDict, sign: str = "&") -> str:
    """Return the part of the address that says how long lists are, for what is fetched anew.

    `asked` is what the address of the page asks for.
    """
    lengths = urlencode([("list", length) for length in asked.getlist("list")])
    return f"{sign}{lengths}" if lengths else ""
