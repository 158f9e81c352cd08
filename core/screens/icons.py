"""The icons of the sprite as HTML, drawn once in a process for each kind."""

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

KINDS = 500  # more than there are: names, sizes and labels in both languages


def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """Return one icon of the sprite; without a label it is decoration."""
    return _drawn(name, size, str(label))


@lru_cache(maxsize=KINDS)
def _drawn(name: str, size: int, label: str) -> SafeString:
    named = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else format_html('aria-hidden="{}"', "true")
    )
    return format_html(
        '<svg class="icon" width="{}" height="{}" {}><use href="{}#{}"/></svg>',
        size,
        size,
        named,
        static("icons.svg"),
        name,
    )
