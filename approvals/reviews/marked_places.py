"""The words under review with the places marked that the desk has something to say about."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from approvals.models import Finding
from approvals.reviews.unusual_characters import Unusual
from core.text import foreign_html
from networks.text import pieces

ORDER = ("blocks", "needs_lead", "must_explain", "hint")
Place = tuple[int, int, str, str]  # from, to, what it is, and its sentence


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with what blocks first, then the lead's, then what is to be explained."""
    return sorted(findings, key=lambda one: (ORDER.index(one.severity), one.pk))


def marked(
    text: str, odd: Iterable[Unusual], findings: Iterable[tuple[Finding, str]]
) -> SafeString:
    """Return the text as HTML, each place marked once.

    `findings` come with their sentences. What is odd about letters counts before what a check
    says, and the graver finding before the other.
    """
    wanted: list[Place] = [(one.start, one.end, foreign_html.ODD, one.sentence) for one in odd]
    wanted += [
        (one.start, one.end, one.severity, sentence) for one, sentence in findings if one.end
    ]
    cut: list[tuple[str, str, str]] = []
    last = 0
    for start, end, kind, sentence in sorted(apart(wanted, len(text))):
        cut += [*pieces(text[last:start]), (text[start:end], kind, sentence)]
        last = end
    return foreign_html.words([*cut, *pieces(text[last:])])


def apart(wanted: Iterable[Place], length: int) -> list[Place]:
    """Return the places that do not lie over one that came before, and lie within the text."""
    kept: list[Place] = []
    for place in wanted:
        start, end = place[:2]
        if start < end <= length and all(end <= one[0] or one[1] <= start for one in kept):
            kept.append(place)
    return kept
