"""What reads as money, a discount, a gift or a cost that we promise to bear, clause by clause."""

import re
from collections.abc import Iterator

from approvals.checks.favours.favours_de import GERMAN
from approvals.checks.favours.favours_en import ENGLISH
from approvals.checks.language.clauses import Clause

BY_LANGUAGE = {"de": GERMAN, "en": ENGLISH, "": [*GERMAN, *ENGLISH]}
OURS = re.compile(r"\b(?:wir|ich|we|I)\b", re.IGNORECASE)


def favours(parts: list[Clause], language: str) -> Iterator[tuple[int, int]]:
    """Where a clause promises something, in a text of this language; both where it is not clear."""
    for part in parts:
        if part.is_asked or part.is_theirs:
            continue
        asks = part.is_request and not OURS.search(part.text)
        for one in BY_LANGUAGE[language]:
            if (part.is_denied and not one.negated) or (asks and not one.requested):
                continue
            if found := one.pattern.search(part.text):
                start, end = found.span("words")
                yield part.start + start, part.start + end
