"""How X counts and delivers text. Pure functions.

Source of the weights: X's counting configuration v3 (280 weighted characters; four light ranges weigh 1, all others 2; a URL
23; an emoji sequence 2).
"""

import html
import re
import unicodedata

LIMIT = 280
URL_WEIGHT = 23
LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
DOMAINS = ("com|org|net|info|biz|edu|gov|io|co|app|dev|me|tv|ai|eu|de|at|ch|uk|us|fr|nl|be|lu|it|es|pt|pl|cz|dk|se|no|fi|ie|"
           "ru|ua|tr|in|cn|jp|kr|br|au|nz|ca|mx|online|shop|site|xyz|blog|news|cloud|berlin|hamburg|koeln|wien")
URL = re.compile(rf"(?:https?://[^\s<>\"„“”]+|(?<![@\w.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{DOMAINS})(?![\w-])(?:/[^\s<>\"„“”]*)?)",
                 re.IGNORECASE)
PICTURE = "\U0001F000-\U0001FAFF\u2190-\u21FF\u2300-\u23FF\u25A0-\u27BF\u2900-\u297F\u2B00-\u2BFF\u3030\u303D\u3297\u3299\u00A9\u00AE\u203C\u2049\u2122\u2139"
EMOJI = re.compile(
    "[\U0001F1E6-\U0001F1FF]{2}"
    "|[0-9#*]\uFE0F?\u20E3"
    "|\U0001F3F4[\U000E0061-\U000E007A\U000E0030-\U000E0039]+\U000E007F"
    f"|[{PICTURE}](?:\uFE0F|[\U0001F3FB-\U0001F3FF])?(?:\u200D[{PICTURE}](?:\uFE0F|[\U0001F3FB-\U0001F3FF])?)*")
BLANKS = {0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0x034F}
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


def unreadable_at(text: str) -> int | None:
    """Where the first character stands that a reader cannot see or that turns others around; None if all is readable.

    Controls (but the line break), format characters (zero width, bidirectional), private and unassigned ones, blank letters
    and stray variation selectors are unreadable; inside an emoji sequence its joiners are part of the picture.
    """
    covered = {place for match in EMOJI.finditer(text) for place in range(match.start(), match.end())}
    for place, one in enumerate(text):
        if one == "\n" or place in covered:
            continue
        category, code = unicodedata.category(one), ord(one)
        if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} or code in BLANKS or 0xFE00 <= code <= 0xFE0F:
            return place
    return None


def plain(delivered: str) -> str:
    """Text as people wrote it; X delivers it with `&`, `<` and `>` escaped."""
    return delivered.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escaped(text: str) -> str:
    """The way back: text as X delivers it."""
    return html.escape(text, quote=False)
