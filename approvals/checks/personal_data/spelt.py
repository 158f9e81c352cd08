"""E-mail addresses that are spelt out (*max at example dot com*) or taken apart (*max (at) …*)."""

import re
from collections.abc import Iterator

from networks.text import top_level_domains

OPEN = r"[(\[{<]\s?"
CLOSE = r"\s?[)\]}>]"
DOT = rf"(?:\.|\s\.\s|\s?{OPEN}(?:dot|punkt|\.){CLOSE}\s?|\s(?:dot|punkt)\s)"
JOIN = (
    rf"(?:[._+-]|\s[._]\s|\s?{OPEN}(?:dot|punkt|\.){CLOSE}\s?|\s(?:dot|punkt|underscore"
    rf"|unterstrich|hyphen|bindestrich|dash|minus|strich)\s)"
)
ATOM = r"[^\W_]+"
LOCAL = re.compile(rf"(?<![\w@.]){ATOM}(?:{JOIN}{ATOM})*$", re.IGNORECASE)
SIGNED = (
    rf"\s?{OPEN}(?:at|ät|a|@|＠){CLOSE}\s?|\s?[@＠]\s|[@＠]"
    r"|\s(?:klammeraffe|at-sign|at\ssign|at-zeichen|ät|ett)\s"
)
SPOKEN = r"\sat\s"
AT = re.compile(rf"{SIGNED}|(?P<spoken>{SPOKEN})", re.IGNORECASE)
HOST = re.compile(rf"{ATOM}(?:-{ATOM})*(?:{DOT}{ATOM}(?:-{ATOM})*){{1,5}}(?![\w@-])", re.IGNORECASE)
LAST = re.compile(rf"{DOT}(?=([^\W\d_]+)$)", re.IGNORECASE)
IS_NAME = re.compile(
    r"[\d._+-]|\s(?:dot|punkt|underscore|unterstrich|hyphen|bindestrich|dash"
    r"|minus|strich)\s",
    re.IGNORECASE,
)
PLAIN = re.compile(r"[\w-]+\.\w")
PROVIDER = re.compile(
    r"(?:gmail|googlemail|gmx|outlook|hotmail|icloud|yahoo|posteo|t-online|freenet|protonmail|aol)"
    r"(?!\w|[.-]\w|\s?[(\[{<]|\s(?:\.|dot|punkt)\s)",
    re.IGNORECASE,
)
REACH = 80  # characters in front of the sign that may belong to it
# words in front of a spoken *at* that are no name: "find us at example dot com"
NO_NAME = re.compile(
    r"us|me|it|them|him|her|you|we|is?|are|was|were|be|been|in|on|up|out|off|here|there|now|online"
    r"|look(?:ing)?|find|found|visit|met|meet|see|read|more|help|page|site|website|shop|app"
    r"|available|working|live|only|also|back|home|still|not|and|or|go|went|sign(?:ed)?|log(?:ged)?"
    r"|try|check|open|start(?:ed)?|stay|orders?|faq|guide|everything|everybody|all|that|this|these"
    r"|those|what|hit|have|has|a|the",
    re.IGNORECASE,
)


def spelt(text: str) -> Iterator[tuple[int, int]]:
    """Each place that a reader takes for an e-mail address, though no plain one stands there."""
    for at in AT.finditer(text):
        if at.group() == "@" and PLAIN.match(text, at.end()):
            continue  # an address as it is, which is found without this
        begins = max(0, at.start() - REACH)
        local = LOCAL.search(text[begins : at.start()])
        if (
            local
            and re.search(r"[\d._+-]|@", local.group() + at.group())
            and (known := PROVIDER.match(text, at.end()))
        ):
            yield begins + local.start(), known.end()
            continue
        host = HOST.match(text, at.end(), at.end() + 2 * REACH)
        if (
            local
            and host
            and (end := end_of(host.group()))
            and is_name(local.group(), at, host.group())
        ):
            yield begins + local.start(), at.end() + end


def end_of(host: str) -> int:
    """How much of what reads like a host ends with a top-level domain; 0 if nothing does."""
    while host:
        last = LAST.search(host)
        if last is None:
            return 0
        if last[1].lower() in top_level_domains()[0]:
            return len(host)
        host = host[: last.start()]
    return 0


def is_name(local: str, at: re.Match[str], host: str) -> bool:
    """Whether the words in front can be a name. A spoken *at* may be part of a sentence instead."""
    if IS_NAME.search(local):
        return True
    if at["spoken"]:
        return bool(re.search(r"\s|[(\[{<]", host)) and not NO_NAME.fullmatch(local)
    return True
