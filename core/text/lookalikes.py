"""Letters that look like others: words that mix scripts, words only drawn like a known name.

Pure.

The table is our own and small: letters of Cyrillic and Greek that common fonts draw like Latin
ones, and the digits that pass for letters. Unicode's list of confusables is far longer; in a
reply of 280 characters these are the ones that matter.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

LIKE_LATIN = {
    **dict(zip("авеёкморстухѕіїјһԁԛԝѵзӏ", "abeëkmopctyxsiïjhdqwv3l", strict=True)),
    **dict(zip("АВЕЁКМНОРСТУХЅІЇЈҺԀԚԜѴЗӀ", "abeëkmhopctyxsiïjhdqwv3l", strict=True)),
    **dict(zip("αγεικνορστυχωηΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ayeikvopotuxwnabezhlkmnoptyx", strict=True)),
    **dict(zip("ıɑɡɩℓ", "iagil", strict=True)),
}
DRAWN_LIKE = {"I": "l", "1": "l", "|": "l", "0": "o", "Ӏ": "l", "І": "l", "Ι": "l"}
DRAWN_TOGETHER = (("rn", "m"), ("vv", "w"))
WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]+")
# Other scripts look like nothing in these.
ALPHABETS = {
    name: regex.compile(rf"\p{{Script={name}}}")
    for name in ("Latin", "Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Georgian")
}
UNIT = regex.compile(r"[kMGmµ]?[ΩΩ]|[μµ]\p{L}{1,2}|Δ\p{L}{1,2}")


@dataclass(frozen=True)
class Word:
    """A word and where it stands."""

    written: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Return the words of a text: letters, digits and underlines without a break."""
    return (Word(found.group(), *found.span()) for found in WORD.finditer(text))


def mixed_words(text: str) -> Iterator[Word]:
    """Words whose letters are of two alphabets that look alike; units like kΩ are none."""
    if text.isascii():
        return
    for word in words(text):
        mixed = not word.written.isascii() and len(alphabets_of(word.written)) > 1
        if mixed and not UNIT.fullmatch(word.written):
            yield word


def alphabets_of(word: str) -> set[str]:
    """Return the alphabets of its letters, as far as they can pass for one another."""
    return {name for name, pattern in ALPHABETS.items() if pattern.search(word)}


def skeleton(word: str) -> str:
    """Return the word as it is drawn: two words of one skeleton look alike."""
    letters = unicodedata.normalize("NFKC", word)
    drawn = "".join(DRAWN_LIKE.get(one, LIKE_LATIN.get(one, one)) for one in letters).casefold()
    for pair, one in DRAWN_TOGETHER:
        drawn = drawn.replace(pair, one)
    parts = unicodedata.normalize("NFD", drawn)
    return "".join(one for one in parts if not unicodedata.combining(one))


def only_looks_like(word: str, known: Iterable[str]) -> str:
    """Return the known name that this word is drawn like.

    Empty where it is none, or truly one of them.
    """
    names = list(known)
    if any(word.casefold() == name.casefold() for name in names):
        return ""
    drawn = {skeleton(word), skeleton(word.lower())}
    return next((name for name in names if drawn & {skeleton(name), skeleton(name.lower())}), "")
