"""Icons and the pair of signatures: the small drawn things that many screens share."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """One icon of the sprite; without a label it is decoration."""
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon" width="{}" height="{}" {}><use href="{}#{}"/></svg>', size, size, named, static("icons.svg"), name)


@register.filter
def arc(length: int, limit: int) -> str:
    """How much of the count ring is drawn (its circumference is 75.4)."""
    return f"{min(75.4, length / limit * 75.4):.1f}" if limit else "0"
