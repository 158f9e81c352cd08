"""Words and phrases as people list them.

Whole words, `*` widens an end, `…` leaves room for some words, `~` compares by stem.

Used by routing rules here and by the checks of the guidelines above.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import snowballstemmer

GAP = r"(?:[^\w.!?…]+\w+){0,6}?[^\w.!?…]+"
STEMMERS = {"de": snowballstemmer.stemmer("german"), "en": snowballstemmer.stemmer("english")}
WORD = re.compile(r"\w+")


@lru_cache(maxsize=4000)
def pattern(term: str) -> re.Pattern[str]:
    """Return the pattern of one term without a stem."""
    left = r"\w*" if term.startswith("*") else r"(?<!\w)"
    right = r"\w*" if term.endswith("*") else r"(?!\w)"
    parts = [
        r"\s+".join(re.escape(word) for word in part.split())
        for part in re.split(r"…|\.\.\.", term.strip("*"))
    ]
    return re.compile(left + GAP.join(part for part in parts if part) + right, re.IGNORECASE)


@lru_cache(maxsize=4000)
def stem(word: str, language: str) -> str:
    """Return the stem of a word (Snowball)."""
    return str(STEMMERS[language].stemWord(word.lower())) if language in STEMMERS else word.lower()


def places(term: str, text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where a term stands in a text of this language, from left to right."""
    if not term.strip("*~ "):
        return
    if not term.startswith("~"):
        yield from ((found.start(), found.end()) for found in pattern(term).finditer(text))
        return
    wanted = [stem(word, language) for word in WORD.findall(term)]
    words = list(WORD.finditer(text))
    for first in range(len(words) - len(wanted) + 1):
        window = words[first : first + len(wanted)]
        if [stem(one.group(), language) for one in window] == wanted:
            yield window[0].start(), window[-1].end()


def matches(
    terms: Iterable[str], text: str, language: str, exceptions: Iterable[str] = ()
) -> list[tuple[int, int]]:
    """Find where any of the terms stands, longest first where they overlap.

    Without what stands inside an exception.
    """
    excepted = [place for term in exceptions for place in places(term, text, language)]
    found = sorted(
        {place for term in terms for place in places(term, text, language)},
        key=lambda one: (one[0], -one[1]),
    )
    kept: list[tuple[int, int]] = []
    for start, end in found:
        inside = any(low <= start and end <= high for low, high in excepted)
        if not inside and (not kept or start >= kept[-1][1]):
            kept.append((start, end))
    return kept
