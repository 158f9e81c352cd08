"""How X counts and delivers text. Pure functions.

Source of the weights: X's counting configuration v3 (280 weighted characters; four light ranges weigh 1, all others 2; a URL
23; an emoji sequence 2).
"""

import html
import re
import unicodedata

from xapi.links import Links

LIMIT = 280
URL_WEIGHT = 23
LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
URL = Links()  # what X turns into links; counts, checks, previews and comparisons all ask this one
PICTURE = ("\U0001F000-\U0001FAFF\u2190-\u21FF\u2300-\u23FF\u24C2"
           "\u25A0-\u27BF\u2900-\u297F\u2B00-\u2BFF\u3030\u303D\u3297\u3299\u00A9\u00AE\u203C\u2049\u2122\u2139")
EMOJI = re.compile(
    "[\U0001F1E6-\U0001F1FF]{2}"
    "|[0-9#*]\uFE0F?\u20E3"
    "|\U0001F3F4[\U000E0061-\U000E007A\U000E0030-\U000E0039]+\U000E007F"
    f"|[{PICTURE}](?:\uFE0F|[\U0001F3FB-\U0001F3FF])?(?:\u200D[{PICTURE}](?:\uFE0F|[\U0001F3FB-\U0001F3FF])?)*")
HANDLES_IN_FRONT = re.compile(r"^(?:@\w{1,15}\s+)+")
HANDLE = re.compile(r"(?<![\w@])@(\w{1,15})")


def normal(text: str) -> str:
    """NFC, with `\\n` as the only line break and no blanks at either end: the form in which text is kept and counted."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def weighted_length(text: str) -> int:
    """How many of the 280 characters X counts for this text."""
    total, rest = 0, normal(text)
    total += URL_WEIGHT * len(URL.findall(rest))
    rest = URL.sub("", rest)
    total += 2 * len(EMOJI.findall(rest))
    rest = EMOJI.sub("", rest)
    return total + sum(1 if any(low <= ord(one) <= high for low, high in LIGHT) else 2 for one in rest)


def plain(delivered: str) -> str:
    """Text as people wrote it; X delivers it with `&`, `<` and `>` escaped."""
    return delivered.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escaped(text: str) -> str:
    """The way back: text as X delivers it."""
    return html.escape(text, quote=False)
