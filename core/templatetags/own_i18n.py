"""What `{% load i18n %}` loads: Django's tags, with constant words translated once.

A page has some dozens of words that stand in its template as they are; Django looks each up and
escapes it every time.
"""

from django.template import Context, Library
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class ConstantWords(TranslateNode):
    """Words of a template, drawn once in each language for as long as the process runs."""

    def __init__(self, node: TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop, None, node.message_context)
        self.drawn: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        """Draw them as Django does."""
        key = get_language(), context.autoescape
        if key not in self.drawn:
            self.drawn[key] = super().render(context)
        return self.drawn[key]


@register.tag("trans")
@register.tag("translate")
def translate(parser: Parser, token: Token) -> TranslateNode:
    """Read the tag as Django does; what names a value or keeps the words under a name is left."""
    node = do_translate(parser, token)
    constant = node.filter_expression.var.lookups is None and not node.filter_expression.filters
    context = node.message_context
    named = context is not None and getattr(context.var, "lookups", None) is not None
    return node if node.asvar or not constant or named else ConstantWords(node)
