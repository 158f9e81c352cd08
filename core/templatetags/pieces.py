"""Icons and the pair of signatures: the small drawn things that many screens share."""

from django import template

from core.screens.icons import icon
from core.screens.undo_messages import undo_of

register = template.Library()
register.simple_tag(icon)
register.filter(undo_of)


@register.simple_tag
def segments(answered: int, in_approval: int, waiting: int) -> list[dict[str, str]]:
    """Return the parts of a bar of 120 units, in this order; nothing for parts that are empty."""
    whole = answered + in_approval + waiting
    parts, at = [], 0.0
    for name, number in (("answered", answered), ("approval", in_approval), ("waiting", waiting)):
        width = 120 * number / whole if whole else 0.0
        if number:
            parts.append({"name": name, "x": f"{at:.1f}", "width": f"{max(width - 1, 1):.1f}"})
        at += width
    return parts


@register.filter
def arc(length: int, limit: int) -> str:
    """How much of the count ring is drawn (its circumference is 75.4)."""
    return f"{min(75.4, length / limit * 75.4):.1f}" if limit else "0"
