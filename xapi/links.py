"""What X turns into a link: with a scheme or without, whatever script the host is in. Pure.

Source: the twitter-text library (extraction of URLs; its conformance suite is in the tests), and
beside this file the top-level domains of IANA and of that library. One pass over the text, hosts
label by label, so that no text makes it slow.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

from xapi.finders import Finder, Found

LONGEST = 4096
LONGEST_LABEL = 63
LONGEST_T_CO = 40
USUAL_SCHEME = "https://"
ACCENTED = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b"
    "\u0263\u0268\u026f\u0272\u0289"
    "\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
OF_DIRECTION = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
NEVER_IN_A_HOST = (
    r"\s!'#%&()*+,\\/:;<=>?@\[\]^{|}~$\u0085\u00A0\u1680\u180E"
    r"\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
    rf"\uFFFE\uFEFF\uFFFF{OF_DIRECTION}"
)
IN_A_PATH = rf"A-Za-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{ACCENTED}"
HOST = re.compile(rf"[^{NEVER_IN_A_HOST}]+")
SCHEME = re.compile(r"https?://\Z", re.IGNORECASE | re.ASCII)
NOTHING_BEFORE = re.compile(r"[A-Za-z0-9@＠$#＃\uFFFE\uFEFF\uFFFF]")
OTHER_STOPS = re.compile(r"[\u3002\uFF0E\uFF61]")
PORT = re.compile(r":[0-9]+")
BEGINS_A_PATH = re.compile(r"(?::[0-9]+)?/")
IN_BRACKETS = rf"\((?:[{IN_A_PATH}]*+\([{IN_A_PATH}]++\)[{IN_A_PATH}]*+|[{IN_A_PATH}]++)\)"
LAST_IN_A_PATH = rf"A-Za-z\u0400-\u04FF0-9=_#/+\-{ACCENTED}"
PATH = regex.compile(  # `re` before 3.11.5 misreads a group that gives nothing back
    rf"/(?:(?:[{IN_A_PATH}]|{IN_BRACKETS})*[{LAST_IN_A_PATH}])?(?:{IN_BRACKETS})*+"
)
QUERY = re.compile(r"\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*+")
NOT_LAST_IN_A_QUERY = "!?*'@();:+$%[].,~|"
T_CO = re.compile(r"https?://t\.co/([a-z0-9]+)", re.IGNORECASE | re.ASCII)
IN_ASCII_DOMAIN = re.compile(rf"[-A-Za-z0-9{ACCENTED}]*\Z")
PUNYCODE = re.compile(r"[Xx][Nn]--[-0-9A-Za-z]+")
WORD = re.compile(r"[0-9A-Za-z]+")


@dataclass(frozen=True)
class Link(Found):
    """A link of a text, with its host as the network knows it.

    `beside` is how many characters of its place X counts beside the link: as many as its host has
    between the part in Latin letters and the path.
    """

    host: str
    beside: int = 0


@cache
def top_level_domains() -> tuple[frozenset[str], re.Pattern[str]]:
    """Those in Latin letters, and a pattern of those in other scripts, the longest first."""
    lines = (Path(__file__).parent / "top_level_domains.txt").read_text().lower().splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    others = [name[4:].encode().decode("punycode") for name in names if name.startswith("xn--")]
    longest_first = sorted(map(re.escape, others), key=len, reverse=True)
    return frozenset(names), re.compile("|".join(longest_first), re.IGNORECASE)


def found_in(text: str) -> Iterator[Link]:
    """Every link of the text, in order, as X would make them."""
    place = free = 0
    while run := HOST.search(text, place):
        place = run.end()
        if "." not in run.group():
            continue
        for begins, ends, written in hosts_in(text, *run.span(), free):
            whole = rest_of(text, ends) if ends == run.end() else ends
            place, free = max(place, whole), whole + 1
            scheme = scheme_before(text, begins) if begins == run.start() else ""
            length = units(text[begins - len(scheme) : whole]) + len(scheme or USUAL_SCHEME)
            if length > LONGEST or not is_a_host(written):
                continue
            yield from links_at(text, begins, ends, whole, scheme)


URL = Finder(found_in)


def links_at(text: str, begins: int, ends: int, whole: int, scheme: str) -> Iterator[Link]:
    """Return the link with its scheme.

    Without one, what of the host is in Latin letters, and its path.
    """
    if scheme:
        first, last = begins - len(scheme), whole
        if short := T_CO.match(text, first):
            if len(short.group(1)) > LONGEST_T_CO:
                return
            last = rest_of(text, short.end(), path=False)
        yield Link(first, last, text[first:last], ascii_host(text[begins:ends]))
        return
    if begins and text[begins - 1] in "-_./":
        return
    parts = list(latin_parts(text, begins, ends))
    for number, (low, high) in enumerate(parts):
        with_path = number == len(parts) - 1 and BEGINS_A_PATH.match(text, ends)
        last = whole if with_path else high
        beside = ends - high if with_path else 0
        yield Link(low, last, text[low:last], ascii_host(text[low:high]), beside)


def scheme_before(text: str, begins: int) -> str:
    """Return the scheme right before a host, unless what it hangs on keeps X from making a link."""
    found = SCHEME.search(text, max(0, begins - 8), begins)
    if found is None or (found.start() and NOTHING_BEFORE.match(text[found.start() - 1])):
        return ""
    return found.group()


def hosts_in(text: str, low: int, high: int, free: int) -> Iterator[tuple[int, int, str]]:
    """Find the hosts in an unbroken run of their characters.

    Each as long as it gets, from `free` on.

    A host needs a character before it that belongs to no other link.
    """
    labels, begins = [], low
    for label in text[low:high].split("."):
        labels.append((begins, begins + len(label)))
        begins += len(label) + 1
    tops = [0] + [length_of_top(text, *label) for label in labels[1:]]
    reach = reaches(text, labels, tops)
    place, number = max(low, free), 0
    while number < len(labels) - 1:
        first, last = labels[number]
        place = max(place, first)
        starts = (at for at in places(place, last) if may_begin(text, at, low))
        for at in starts:
            top = farthest(text[at:last], number, tops, reach)
            if top:
                place, number = labels[top][0] + tops[top], top
                yield at, place, text[at:place]
                place += 1
                break
        else:
            number += 1


def places(first: int, last: int) -> Iterator[int]:
    """Where a host may begin, in X's order: of the very first sign it would rather do without."""
    if first == 0 and last > 1:
        yield 1
    yield from range(first, last)


def may_begin(text: str, at: int, low: int) -> bool:
    """Whether a host may begin here: with a letter, not behind a word, a handle or a tag."""
    if text[at] in "-_":
        return False
    if at == low and scheme_before(text, at):
        return True
    return at == 0 or not NOTHING_BEFORE.match(text[at - 1])


def length_of_top(text: str, first: int, last: int) -> int:
    """How much of the beginning of this label is a top-level domain; 0 if none."""
    latin, others = top_level_domains()
    if found := PUNYCODE.match(text, first, last):
        return len(found.group())
    found = WORD.match(text, first, last)
    if not found or found.group().lower() not in latin:
        found = others.match(text, first, last)
    if not found or re.match(r"[0-9a-zA-Z@+-]", text[found.end() : found.end() + 1]):
        return 0
    return len(found.group())


def reaches(text: str, labels: list[tuple[int, int]], tops: list[int]) -> list[int]:
    """For each label taken whole, the farthest one where a host through it may end; 0 if none."""
    reach = [0] * (len(labels) + 1)
    for number in range(len(labels) - 2, -1, -1):
        reach[number] = farthest(text[slice(*labels[number])], number, tops, reach)
    return reach


def farthest(label: str, number: int, tops: list[int], reach: list[int]) -> int:
    """Return the same for as much of a label; only next to the top it must hold no underline."""
    if not label or label[0] in "-_" or label[-1] in "-_":
        return 0
    if number + 1 < len(reach) and reach[number + 1]:
        return reach[number + 1]
    return number + 1 if number + 1 < len(tops) and tops[number + 1] and "_" not in label else 0


def latin_parts(text: str, begins: int, ends: int) -> Iterator[tuple[int, int]]:
    """Return what of a host without a scheme becomes a link.

    Latin labels up to a top-level domain.
    """
    low = begins
    while low < ends:
        dot = text.find(".", low, ends)
        if dot < 0:
            return
        first = dot - len(IN_ASCII_DOMAIN.search(text[low:dot]).group())  # type: ignore[union-attr]
        chain, best = dot, 0
        while first < dot and chain >= 0:
            label = chain + 1
            chain = text.find(".", label, ends)
            last = chain if chain >= 0 else ends
            top = length_of_top(text, label, last)
            best = label + top if top else best
            if IN_ASCII_DOMAIN.match(text[label:last]) is None:
                break
        if best:
            yield first, best
        low = best or (dot + 1 if chain < 0 or first == dot else max(dot, label - 1) + 1)


def rest_of(text: str, ends: int, *, path: bool = True) -> int:
    """Where a link ends whose host ends here: with port, path and query, without closing marks."""
    if path:
        if port := PORT.match(text, ends):
            ends = port.end()
        if found := PATH.match(text, ends):
            ends = found.end()
    if found := QUERY.match(text, ends):
        asked = found.group()[1:].rstrip(NOT_LAST_IN_A_QUERY)
        ends += 1 + len(asked) if asked else 0
    return ends


def is_a_host(written: str) -> bool:
    """Whether X takes this for a name: no label has more than 63 letters in punycode."""
    if written.startswith("xn--") and not any(latin_parts(written, 0, len(written))):
        return False
    return all(length_in_ascii(label) <= LONGEST_LABEL for label in written.split("."))


def length_in_ascii(label: str) -> int:
    """Return how long a label is in punycode, as X measures it.

    Nothing folded, and with other full stops.
    """
    parts = OTHER_STOPS.split(label)
    return sum(len(part if part.isascii() else punycode(part)) for part in parts) + len(parts) - 1


def units(text: str) -> int:
    """How many 16-bit units a text has, of which X's lengths are made."""
    return len(text) + sum(one > "\uffff" for one in text)


def ascii_host(written: str) -> str:
    """Return a host as the network knows it: lower case, in punycode.

    An empty label where none can be.
    """
    return ".".join(ascii_label(label.lower()) for label in written.split("."))


def ascii_label(label: str) -> str:
    """One label, likewise."""
    label = unicodedata.normalize("NFKC", label)
    if label.isascii():
        return label
    return "" if label.startswith("xn--") else punycode(label)


def punycode(label: str) -> str:
    """Return a label that is not plain ASCII in the form that the network knows."""
    return f"xn--{label.encode('punycode').decode()}"


def unicode_host(host: str) -> str:
    """Return a host as people read it: punycode undone where that is possible."""
    return ".".join(unicode_label(label) for label in host.split("."))


def unicode_label(label: str) -> str:
    """One label, likewise."""
    try:
        return label[4:].encode().decode("punycode") if label.lower().startswith("xn--") else label
    except UnicodeError:
        return label
