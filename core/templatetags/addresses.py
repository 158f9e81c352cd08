"""`{% url %}` as Django's, with the addresses that were asked for at hand.

A page names the same dozen addresses of its ticket, and a list those of each row; finding one takes
longer than drawing what stands around it.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parsed
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape

register = template.Library()
MOST = 5000  # addresses of one process
PLAIN = (int, str)  # of exactly these kinds is a value whose address is kept


class Address(URLNode):
    """An address of the desk, which has no namespaces."""

    def render(self, context: Context) -> str:
        """Return the address of a view with plain values; anything else is left to Django."""
        view, values = self.view_name.resolve(context), [one.resolve(context) for one in self.args]
        if self.kwargs or self.asvar or not all(type(one) in PLAIN for one in values):
            return super().render(context)
        return address_of(get_urlconf(), get_script_prefix(), str(view), *values)


@lru_cache(maxsize=MOST, typed=True)
def address_of(_urlconf: str | None, _prefix: str, view: str, *values: Any) -> str:
    """Return the address, escaped as it is within a page."""
    return conditional_escape(reverse(view, args=values))


@register.tag
def url(parser: Parser, token: Token) -> Address:
    """Read the tag as Django does."""
    node = parsed(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)
