"""What the simulated X recognises in a text: links, mentions, the handle of a reply, cashtags.

Written from the grammar of X's library twitter-text, rule by rule, and not from the desk's code, so
that the two can disagree. Places count code points, the end is exclusive.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import regex

INVALID = "\ufffe\ufeff\uffff"
DIRECTIONAL = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
SPACES = "\u0009-\u000d\u0020\u0085\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268"
    "\u026f\u0272\u0289"
    "\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)

# The host of a link. (Python's `re` before 3.11.5 misreads a group that gives nothing back.)
PRECEDING = re.compile(rf"[^A-Za-z0-9@＠$#＃{INVALID}]")
PROTOCOL = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://")
HOST_LETTER = f"[^{PUNCTUATION}{SPACES}{INVALID}{DIRECTIONAL}]"
LABELS = regex.compile(rf"(?:{HOST_LETTER}++(?:[_-]++{HOST_LETTER}++)*+\.)++")
NAME = regex.compile(rf"{HOST_LETTER}++(?:-++{HOST_LETTER}++)*+")
LATIN_LABELS = regex.compile(rf"(?:[-A-Za-z0-9{LATIN}]++\.)++")
PUNYCODE = re.compile(r"[Xx][Nn]--[-0-9A-Za-z]+")
WORD = re.compile(r"[0-9A-Za-z]*")
ENDS_A_TOP = re.compile(r"[^0-9A-Za-z@+-]|\Z")
DOTS = re.compile(r"[.\u3002\uFF0E\uFF61]")

# What comes behind the host.
GENERAL = rf"[A-Za-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{LATIN}]"
ENDING = rf"[A-Za-z\u0400-\u04FF0-9+\-=_#/{LATIN}]"
BALANCED = rf"\((?:{GENERAL}++|{GENERAL}*+\({GENERAL}++\){GENERAL}*+)\)"
PORT = re.compile(r":[0-9]+")
PATH = re.compile(rf"/(?:{GENERAL}*(?:{BALANCED}{GENERAL}*)*{ENDING}|{BALANCED})*")
QUERY_LETTERS = r"[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[A-Za-z0-9\-_&=#/]"
QUERY = re.compile(rf"\?{QUERY_LETTERS}")
SHORT = re.compile(rf"[Hh][Tt][Tt][Pp][Ss]?://[Tt]\.[Cc][Oo]/([A-Za-z0-9]+)(?:\?{QUERY_LETTERS})?")
LONGEST_URL = 4096
LONGEST_LABEL = 63
LONGEST_SHORT = 40

# Handles and cashtags.
HANDLE_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
NOT_BEFORE_A_HANDLE = HANDLE_LETTERS | set("!#$%&*@＠")
NOT_BEFORE_RT = HANDLE_LETTERS | set("+~.-")
HANDLE_NAME = re.compile(r"[A-Za-z0-9_]{1,20}")
LIST_NAME = re.compile(r"/[A-Za-z][A-Za-z0-9_-]{0,24}")
NOT_BEHIND_A_HANDLE = re.compile(f"[@＠{LATIN}]|://")
BLANKS = re.compile(f"[{SPACES}]*")
SYMBOL = re.compile(r"[A-Za-z]{1,6}")
SYMBOL_TAIL = re.compile(r"[._][A-Za-z]{1,2}")
BEHIND_A_SYMBOL = re.compile(rf"[{SPACES}{INVALID}{PUNCTUATION}]|\Z")


class Entity(NamedTuple):
    """Something recognised; `beside` is how many characters of its place X counts beside a link."""

    start: int
    end: int
    text: str
    beside: int = 0


@cache
def tops() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the top-level domains: those in Latin letters, and the others.

    The others as read, longest first.
    """
    lines = (Path(__file__).parent.parent.parent / "top_level_domains.txt").read_text().split("\n")
    names = {line.strip().lower() for line in lines if line.strip() and line[0] != "#"}
    others = {name[4:].encode().decode("punycode") for name in names if name[:4] == "xn--"}
    return frozenset(names), tuple(sorted(others, key=len, reverse=True))


def tops_in(text: str) -> dict[int, int]:
    """Behind which full stops a top-level domain stands, and where it ends."""
    places = (place for place, sign in enumerate(text, 1) if sign == ".")
    return {place: end for place in places if (end := end_of_top(text, place))}


def end_of_top(text: str, place: int) -> int:
    """Where the top-level domain ends that begins here; 0 if none does."""
    latin, others = tops()
    end = WORD.match(text, place).end()  # type: ignore[union-attr]
    if text[place:end].lower() in latin and ENDS_A_TOP.match(text, end):
        return end
    for name in others:
        end = place + len(name)
        if text[place:end].lower() == name and ENDS_A_TOP.match(text, end):
            return end
    coded = PUNYCODE.match(text, place)
    return coded.end() if coded else 0


def links(text: str) -> list[Entity]:
    """Every link, with a protocol or without."""
    known = tops_in(text)
    if not known:
        return []
    stops, found, at = sorted(known), list[Entity](), 0
    while at < len(text):
        for start in starts(text, at):
            protocol = PROTOCOL.match(text, start)
            host = protocol.end() if protocol else start
            end = end_of_host(text, host, known, stops)
            if end:
                made, at = link_from(text, start, host, end)
                found += made
                break
        else:
            at += 1
    return found


def starts(text: str, at: int) -> Iterator[int]:
    """Where a link may start if all before is used up: behind a sign, or at the very beginning."""
    if PRECEDING.match(text, at):
        yield at + 1
    if at == 0:
        yield 0


def end_of_host(text: str, start: int, known: dict[int, int], stops: list[int]) -> int:
    """Return where the host ends that starts here.

    All the labels there are, a name, a top-level domain.
    """
    labels = LABELS.match(text, start)
    if labels is None:
        return 0
    inside = stops[bisect_left(stops, start) : bisect_left(stops, labels.end() + 1)]
    for stop in reversed(inside):
        first = text.rfind(".", start, stop - 1) + 1 or start
        if NAME.fullmatch(text, first, stop - 1):
            return known[stop]
    return 0


def link_from(text: str, start: int, host: int, end: int) -> tuple[list[Entity], int]:
    """Return the links of one host and what is behind it, and from where the search goes on."""
    port = PORT.match(text, end)
    behind = port.end() if port else end
    path = PATH.match(text, behind)
    if path:
        behind = path.end()
    query = QUERY.match(text, behind)
    whole = query.end() if query else behind
    protocol = text[start:host]
    if not is_valid(text[host:end], text[start:whole], protocol or "https://"):
        return [], whole
    if not protocol:
        if start and text[start - 1] in "-_./":
            return [], whole
        return bare_links(text, start, end, whole if path else 0), whole
    if short := SHORT.match(text, start, whole):
        return [] if len(short[1]) > LONGEST_SHORT else [
            Entity(start, short.end(), short[0])
        ], whole
    return [Entity(start, whole, text[start:whole])], whole


def is_valid(host: str, url: str, protocol: str) -> bool:
    """Whether each label, coded as punycode, and the whole are short enough."""
    if host.startswith("xn--") and not latin_hosts(host):
        return False
    for label in host.split("."):
        coded = [
            part if part.isascii() else "xn--" + part.encode("punycode").decode()
            for part in DOTS.split(label)
        ]
        if len(".".join(coded)) > LONGEST_LABEL:
            return False
    return len(f"{protocol}{url}".encode("utf-16-le")) // 2 <= LONGEST_URL


def bare_links(text: str, start: int, end: int, whole: int) -> list[Entity]:
    """Without a protocol what of the host is in Latin letters; the last takes the path, if any."""
    found = [
        Entity(start + low, start + high, text[start + low : start + high])
        for low, high in latin_hosts(text[start:end])
    ]
    if found and whole:
        last = found.pop()
        found.append(Entity(last.start, whole, text[last.start : whole], beside=end - last.end))
    return found


def latin_hosts(host: str) -> list[tuple[int, int]]:
    """Return the parts of a host that are hosts in Latin letters."""
    known, found, at = tops_in(host), [], 0
    while labels := LATIN_LABELS.search(host, at):
        inside = [stop for stop in known if labels.start() < stop <= labels.end()]
        at = known[max(inside)] if inside else labels.end()
        if inside:
            found.append((labels.start(), at))
    return found


def mentions(text: str) -> list[Entity]:
    """Everybody who is named, also inside of links."""
    found, used = [], 0
    for at, sign in enumerate(text):
        if at < used or sign not in "@＠" or not may_be_named(text, at, used):
            continue
        name = HANDLE_NAME.match(text, at + 1)
        if name is None:
            continue
        of_list = LIST_NAME.match(text, name.end())
        used = of_list.end() if of_list else name.end()
        if not of_list and not NOT_BEHIND_A_HANDLE.match(text, used):
            found.append(Entity(at, used, text[at:used]))
    return found


def may_be_named(text: str, at: int, used: int) -> bool:
    """Whether what is before a sign lets a handle begin; what is used up counts for nothing."""
    before = text[used:at]
    if at == 0 or (before and before[-1] not in NOT_BEFORE_A_HANDLE):
        return True
    if before[-2:].lower() != "rt":
        return False
    return at == 2 or before[-3:-2] not in NOT_BEFORE_RT | {""}


def named(text: str) -> list[Entity]:
    """Everybody whom a post names: mentions that are no part of a link."""
    taken = [(one.start, one.end) for one in links(text)]
    return [
        one
        for one in mentions(text)
        if not any(start < one.end and one.start < end for start, end in taken)
    ]


def reply_to(text: str) -> Entity | None:
    """Whom a text answers by the handle that it begins with."""
    at = BLANKS.match(text).end()  # type: ignore[union-attr]
    name = HANDLE_NAME.match(text, at + 1) if text[at : at + 1] in {"@", "＠"} else None
    if name is None or NOT_BEHIND_A_HANDLE.match(text, name.end()):
        return None
    return Entity(at, name.end(), text[at : name.end()])


def behind_handles(text: str) -> str:
    """Return what a text says behind the handles that it begins with."""
    while (first := reply_to(text)) and text[first.end : first.end + 1].isspace():
        text = text[first.end :].lstrip()
    return text


def cashtags(text: str) -> list[Entity]:
    """Every cashtag: a dollar sign behind a blank or at the beginning, and up to six letters."""
    found = []
    for at, sign in enumerate(text):
        free = at == 0 or BLANKS.fullmatch(text[at - 1])
        symbol = SYMBOL.match(text, at + 1) if sign == "$" and free else None
        if symbol is None:
            continue
        tail = SYMBOL_TAIL.match(text, symbol.end())
        ends = [tail.end()] if tail else []
        end = next((end for end in [*ends, symbol.end()] if BEHIND_A_SYMBOL.match(text, end)), 0)
        if end:
            found.append(Entity(at, end, text[at:end]))
    return found
