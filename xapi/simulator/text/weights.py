"""How long a text is for the simulated X: counting configuration 3, applied sign by sign.

Written from X's documentation and not from the desk's code, so that the two can disagree.
"""

import re
import unicodedata
from bisect import bisect_right

from xapi.simulator.text.emoji import SEQUENCE
from xapi.simulator.text.entities import links

MOST = 280
SCALE = 100
DEFAULT_WEIGHT = 200
URL_WEIGHT = 23 * SCALE
RANGES = ((0, 4351, 100), (8192, 8205, 100), (8208, 8223, 100), (8242, 8247, 100))
FIRSTS = [first for first, _last, _weight in RANGES]
DRAWN = "©®"  # X draws them as emoji even without the selector


def kept(text: str) -> str:
    """Text as X keeps it: composed, with one kind of line break, without blanks around it."""
    return composed(text).strip()


def composed(text: str) -> str:
    """NFC, with one kind of line break."""
    return unicodedata.normalize("NFC", re.sub(r"\r\n?", "\n", text))


def weight(text: str) -> int:
    """How much of its 280 the text takes."""
    text = composed(text)
    counted = {one.start: one.end - one.beside for one in links(text)}
    total = at = 0
    while at < len(text):
        if at in counted:
            total, at = total + URL_WEIGHT, counted[at]
        elif sequence := SEQUENCE.match(text, at):
            total, at = total + DEFAULT_WEIGHT, sequence.end()
        else:
            total, at = total + weight_of(text[at]), at + 1
    return total // SCALE


def weight_of(sign: str) -> int:
    """Return the weight of one character."""
    code = ord(sign)
    _first, last, lighter = RANGES[bisect_right(FIRSTS, code) - 1]
    return lighter if code <= last and sign not in DRAWN else DEFAULT_WEIGHT
