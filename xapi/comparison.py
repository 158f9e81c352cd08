"""Whether a post as X shows it holds the words that we sent.

X rewrites links, puts handles in front and a link to pictures at the end. Pure functions. Where
a link stands in what X shows, ours must hold the same address in one of the ways in which X
writes it; everything else must be the same, but for Unicode's composition and the kind and
number of blanks. Our own idea of what a link is plays no part.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from xapi.text import plain

SHORT_LINK = re.compile(r"https?://t\.co/[0-9A-Za-z]{1,40}")
IN_FRONT = re.compile(r"(?:@[A-Za-z0-9_]{1,20}(?: |$))+")
PICTURES = re.compile(
    r"(?:https?://)?(?:(?:x|twitter)\.com/\w+/status/\d+/(?:photo|video)/\d+"
    r"|pic\.(?:x|twitter)\.com/\w+)",
    re.ASCII,
)
ADDRESS = re.compile(
    r"(?:https?://)?(?P<user>[^/?#@]*@)?(?P<host>[^/?#:@]+)(?::(?P<port>[0-9]+))?"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.IGNORECASE | re.DOTALL,
)
ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
ENCODED_LETTERS = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
MEANS_SOMETHING = "/?#&=+%"  # in an address these are not the same as their encoded form
ORDINARY_PORTS = {None, "80", "443"}


@dataclass(frozen=True)
class Written:
    """A link of a post.

    The t.co address in its text (`short`), and the ways in which X writes the one behind it.
    """

    short: str
    ways: tuple[str, ...]


def says_the_same(sent: str, shown: str, links: Sequence[Written] = ()) -> bool:
    """Whether `shown` is what X makes of `sent`.

    A post's unescaped text, with its `links` in order.
    """
    their_handles, body = parted(even(shown))
    our_handles, ours = parted(even(sent))
    if their_handles and not our_handles <= their_handles:
        return False
    pieces = in_pieces(body, links)
    return fits(ours, pieces) or (is_of_pictures(pieces) and fits(ours, without_the_last(pieces)))


def even(text: str) -> str:
    """Composed (NFC), every run of blanks of whatever kind one blank, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def parted(text: str) -> tuple[set[str], str]:
    """Return the handles in front, without case, and what comes after them."""
    front = IN_FRONT.match(text)
    if front is None:
        return set(), text
    return {one.casefold() for one in front.group().split()}, text[front.end() :]


def in_pieces(text: str, links: Sequence[Written]) -> list[str | Written]:
    """Return the text cut at its links.

    Each t.co address becomes the entity at that place, or stands for itself alone.
    """
    shorts = sorted({re.escape(one.short) for one in links}, key=len, reverse=True)
    waiting = list(links)
    pieces: list[str | Written] = []
    last = 0
    for match in re.finditer("|".join([*shorts, SHORT_LINK.pattern]), text):
        of_this = [one for one in (*waiting, *links) if one.short == match.group()]
        link = of_this[0] if of_this else Written(match.group(), ())
        if link in waiting:
            waiting.remove(link)
        pieces += [text[last : match.start()], link]
        last = match.end()
    return [*pieces, text[last:]]


def is_of_pictures(pieces: list[str | Written]) -> bool:
    """Whether the last link, with nothing after it, is X's own to the pictures of the post."""
    if len(pieces) < 2 or pieces[-1]:
        return False
    link = pieces[-2]
    return isinstance(link, Written) and any(PICTURES.fullmatch(way) for way in link.ways)


def without_the_last(pieces: list[str | Written]) -> list[str | Written]:
    """Return the pieces without their last link and the blank before it."""
    return [*pieces[:-3], str(pieces[-3]).rstrip()]


def fits(ours: str, pieces: Sequence[str | Written]) -> bool:
    """Whether our words are these pieces one after the other.

    Each link in one of X's ways of writing it.
    """
    if not pieces:
        return not ours
    first, rest = pieces[0], pieces[1:]
    if isinstance(first, str):
        return ours.startswith(first) and fits(ours[len(first) :], rest)
    return any(fits(ours[end:], rest) for end in ends_of(ours, first))


def ends_of(ours: str, link: Written) -> list[int]:
    """Return where an address may end that our words begin with and that is the link's.

    The longest first.
    """
    wanted = {bare(way) for way in (link.short, *link.ways)}
    run = ours.split(" ", 1)[0]
    return [end for end in range(len(run), 0, -1) if bare(run[:end]) in wanted]


def ways_of(entity: dict) -> tuple[str, ...]:
    """Every way in which X writes the address behind a link.

    A shown form that was cut proves nothing.
    """
    given = [str(entity.get(name) or "") for name in ("expanded_url", "unwound_url", "display_url")]
    if given[-1].endswith(("…", "...")):
        given.pop()
    return tuple(dict.fromkeys(form for one in given if one for form in (one, plain(one))))


def bare(address: str) -> str:
    """Return an address without what does not change where it leads.

    That is: scheme, `www.`, case of the host, ordinary port, closing slash, needless encoding.
    """
    match = ADDRESS.fullmatch(address)
    if match is None:
        return address
    host = host_of(match["host"])
    port = "" if match["port"] in ORDINARY_PORTS else f":{match['port']}"
    path, query, fragment = (decoded(match[name] or "") for name in ("path", "query", "fragment"))
    return f"{match['user'] or ''}{host}{port}{path.removesuffix('/')}{query}{fragment}"


def host_of(host: str) -> str:
    """Return a host in small letters, as the network knows it (`xn--`), without `www.`."""
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        host = host.casefold()
    return host.lower().removeprefix("www.")


def decoded(part: str) -> str:
    """Part of an address in its one form.

    Letters encoded, what needs none decoded, codes in capitals.
    """
    part = unicodedata.normalize("NFC", ENCODED_LETTERS.sub(letters, part))
    part = quote(part, safe="!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~")
    return ENCODED.sub(lambda found: plainly(found.group(1)), part)


def letters(found: re.Match[str]) -> str:
    """Return the letters that a run of encoded bytes stands for.

    The run itself where it is none.
    """
    try:
        return bytes.fromhex(found.group().replace("%", "")).decode()
    except UnicodeDecodeError:
        return found.group()


def plainly(code: str) -> str:
    """Return an encoded ASCII sign as itself, unless encoding it makes a difference."""
    sign = chr(int(code, 16))
    return sign if "!" <= sign <= "~" and sign not in MEANS_SOMETHING else f"%{code.upper()}"
