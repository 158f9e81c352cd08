"""Checks of wording: a text and its surroundings in, findings out.

Nothing here reads a row or the clock.
"""

from collections.abc import Iterable
from typing import Any

from approvals.checks.base import SEVERITIES, Finding, Place, Text
from approvals.checks.kinds import KINDS

__all__ = ["KINDS", "SEVERITIES", "Finding", "Place", "Text", "examine"]


def examine(text: Text, paragraphs: Iterable[dict[str, Any]], *, version: int = 0) -> list[Finding]:
    """Every finding of every check bound to these paragraphs, in the order of the text.

    Of the same words only the weightier one.

    A paragraph is what a guideline's version holds: `number` and `checks`, each with `kind`,
    `severity` and `settings`. A kind that this desk does not know is left out.
    """
    found: dict[tuple, Finding] = {}
    if not text.typed.strip():
        return []
    for paragraph in paragraphs:
        for check in paragraph.get("checks", []):
            kind = KINDS.get(check["kind"])
            for place in kind.look(text, check.get("settings", {})) if kind else ():
                finding = Finding(
                    check["kind"],
                    place.detail,
                    check["severity"],
                    str(paragraph["number"]),
                    text.typed[place.start : place.end],
                    place.start,
                    place.end,
                    place.values,
                    version,
                    paragraph.get("title_en", ""),
                    paragraph.get("title_de", ""),
                )
                known = found.get((finding.kind, finding.start, finding.end))
                if known is None or SEVERITIES.index(finding.severity) > SEVERITIES.index(
                    known.severity
                ):
                    found[(finding.kind, finding.start, finding.end)] = finding
    return sorted(found.values(), key=lambda one: (one.end == 0, one.start, one.end))
