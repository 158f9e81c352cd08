"""Where in a text stands what a search found, however it is written there.

Text and terms are compared without accents and in small letters; what is marked is the text as it
stands. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

SPELT = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ς": "σ"}
BETWEEN_DIGITS = r"[ ()/.,'’–-]{0,3}"
SHORTEST_INSIDE = 4
STEM = "~"
ENDING = r"\w{0,4}\b"


def folded(text: str) -> tuple[str, list[int]]:
    """Return the text without accents and in small letters, and where each letter came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, one in enumerate(text):
        plain = unicodedata.normalize("NFKD", SPELT.get(one.lower(), one.lower()))
        for letter in plain:
            if not unicodedata.combining(letter):
                letters.append(letter)
                places.append(place)
    return "".join(letters), [*places, len(text)]


def places_of(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Return where something found begins and ends, in order and without overlaps.

    A term is the beginning of a word, a stem (`~` before it) all but its ending; a longer term is
    marked within a word too, and of digits whatever stands between them.
    """
    patterns = sorted((pattern_of(folded(term)[0]) for term in terms if term), key=len)
    plain, places = folded(text)
    found: list[tuple[int, int]] = []
    for one in re.finditer("|".join(reversed(patterns)), plain) if patterns else ():
        begin, end = places[one.start()], end_of(text, places, one.end())
        if one.group() and begin >= (found[-1][1] if found else 0):
            found.append((begin, end))
    return found


def pattern_of(term: str) -> str:
    """Return what one term looks like in folded text."""
    if term.startswith(STEM):
        return rf"\b{re.escape(term.removeprefix(STEM))}{ENDING}"
    if re.fullmatch(r"[0-9]{6,}", term):
        return BETWEEN_DIGITS.join(term)
    if len(term) < SHORTEST_INSIDE and term.isascii():
        return rf"\b{re.escape(term)}\w*"
    begins = rf"\b{re.escape(term)}\w*" if term.isascii() else re.escape(term)
    return f"{begins}|{re.escape(term)}"


def end_of(text: str, places: Sequence[int], end: int) -> int:
    """Return where a place ends in the text, with the accents that stand behind its last letter."""
    place = places[end - 1] + 1
    while place < len(text) and unicodedata.combining(text[place]):
        place += 1
    return place
