"""`{% once %} … {% endonce %}`: a part of a template that is the same on every page."""

from collections.abc import Iterator
from typing import Any, cast

from django import template
from django.template import Context, Node, NodeList, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, TextNode, Token, TokenType, Variable
from django.template.defaulttags import URLNode
from django.template.library import SimpleNode
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
# What can stand in it, as long as it names no value of the page.
TAKEN = (TextNode, TranslateNode, BlockTranslateNode, URLNode, StaticNode, SimpleNode, IncludeNode)


class Once(Node):
    """What stands between the tags, drawn once in each language for as long as the process runs."""

    def __init__(self, nodes: NodeList) -> None:
        self.nodelist = nodes
        self.drawn: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Draw it without the page's values: it has none of them."""
        language = get_language()
        if language not in self.drawn:
            drawing = cast(Template, context.template)  # a node is only drawn within one
            with context.render_context.push_state(drawing, isolated_context=True):
                self.drawn[language] = self.nodelist.render(context.new())
        return self.drawn[language]


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """Refuse a part that says what differs from page to page: all would have the first page's."""
    nodes = parser.parse(("endonce",))
    parser.delete_first_token()
    if said := sorted(set(differing_in(nodes))):
        raise TemplateSyntaxError(f"Not the same on every page: {', '.join(said)}")
    return Once(nodes)


def differing_in(nodes: NodeList) -> Iterator[str]:
    """Name each node that may differ from page to page, and each value that one asks for."""
    for node in nodes:
        if not isinstance(node, TAKEN):
            yield type(node).__name__
        if isinstance(node, IncludeNode) and not node.isolated_context:
            yield "include without only"
        if getattr(node, "takes_context", False):
            yield "a tag that reads the page"
        if isinstance(node, BlockTranslateNode):
            tokens = [*node.singular, *(node.plural or [])]
            said = {one.contents for one in tokens if one.token_type is TokenType.VAR}
            yield from said - set(node.extra_context)
        for held in vars(node).values():
            yield from values_of(held)


def values_of(held: Any) -> Iterator[str]:
    """Name the values of a page in one thing that a node holds."""
    if isinstance(held, FilterExpression):
        yield from values_of(held.var)
        yield from values_of([value for _filter, given in held.filters for _kind, value in given])
    elif isinstance(held, Variable) and held.lookups is not None:
        yield str(held.var)
    elif isinstance(held, dict):
        for one in held.values():
            yield from values_of(one)
    elif isinstance(held, list | tuple):
        for one in held:
            yield from values_of(one)
