"""Dates that a reader takes for promised: each place once, the longest where two overlap."""

from collections.abc import Iterable, Iterator
from typing import Any

from approvals.checks.base import Place, Text
from approvals.checks.language.clauses import clauses
from approvals.checks.promises.days import days
from approvals.checks.promises.spans import spans


def date(text: Text, settings: dict[str, Any]) -> Iterator[Place]:
    """Days, times and spans of time that lie ahead, in clauses that say what will be."""
    found = [
        place
        for part in clauses(text.unquoted)
        for place in (*days(part, text.language), *spans(part, text.language))
    ]
    for start, end in longest(found):
        yield Place("date", start, end)


def longest(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the places in order; of those that overlap only the longest."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(places), key=lambda one: one[0] - one[1]):
        if all(end <= low or high <= start for low, high in kept):
            kept.append((start, end))
    return sorted(kept)
