"""How X counts and delivers text. Pure functions.

Source of the weights: X's counting configuration v3 (280 weighted characters; four light ranges
weigh 1, all others 2; a URL 23; an emoji sequence 2), and its library twitter-text, whose
conformance suite is in the tests.
"""

import html
import re
import unicodedata

from xapi.emoji_sequences import sequences_in
from xapi.links import URL

LIMIT = 280
URL_WEIGHT = 23
EMOJI_WEIGHT = 2
HEAVY = re.compile(  # all but the four light ranges; the signs of © and ® are drawn as emoji
    "[^\u0000-\u00a8\u00aa-\u00ad\u00af-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]"
)


def normal(text: str) -> str:
    """Return the form in which text is kept.

    NFC, one kind of line break, no blanks at either end.
    """
    return composed(text).strip()


def composed(text: str) -> str:
    r"""NFC, with `\\n` as the only line break."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def weighted_length(text: str) -> int:
    """How many of the 280 characters X counts for this text."""
    text, total, place = composed(text), 0, 0
    for link in URL.finditer(text):
        total += weight_of_words(text[place : link.begins]) + URL_WEIGHT
        place = link.ends - link.beside
    return total + weight_of_words(text[place:])


def weight_of_words(words: str) -> int:
    """Return the weight of words without a link."""
    if words.isascii():
        return len(words)
    total, place = 0, 0
    for begins, ends in sequences_in(words):
        total += weight_of_letters(words[place:begins]) + EMOJI_WEIGHT
        place = ends
    return total + weight_of_letters(words[place:])


def weight_of_letters(letters: str) -> int:
    """Return the weight of characters that count one by one."""
    return len(letters) + len(HEAVY.findall(letters))


def plain(delivered: str) -> str:
    """Text as people wrote it; X delivers it with `&`, `<` and `>` escaped."""
    return delivered.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escaped(text: str) -> str:
    """Return the way back: text as X delivers it."""
    return html.escape(text, quote=False)
