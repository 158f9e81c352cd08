"""A post cut into pieces: plain words, links at the places that X names, handles.

Pure; nothing here knows about HTML.

X's places count code points of the text as it is delivered, with `&`, `<` and `>` escaped, or
of the text as people wrote it: the documentation does not settle which, so a place counts only
if exactly the short link stands there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from xapi.handles import HANDLE
from xapi.naming import stands as handle_stands
from xapi.text import plain

LINK = "link"
MARK = "handle"
NOT_AFTER = r"(?![A-Za-z0-9_])"  # `t.co/abc` does not stand in `t.co/abcd`
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Piece(NamedTuple):
    """What is shown, what it is (empty for plain words, link, handle), and where a link leads."""

    text: str
    kind: str = ""
    target: str = ""


class Place(NamedTuple):
    """From where to where in the text a piece of its own stands."""

    start: int
    end: int
    piece: Piece


def pieces(
    text: str, links: Iterable[Mapping[str, Any]] = (), named: Iterable[Mapping[str, Any]] = ()
) -> list[Piece]:
    """Return the text from left to right.

    Of places that overlap the first counts, and links before handles.

    Where X says whom the text names, handles are marked there and nowhere else.
    """
    placed = without_overlap([*places_of_links(text, links), *places_of_handles(text, list(named))])
    made, last = [], 0
    for place in placed:
        made += [Piece(text[last : place.start])] if place.start > last else []
        made.append(place.piece)
        last = place.end
    return made + ([Piece(text[last:])] if text[last:] else [])


def without_overlap(places: list[Place]) -> list[Place]:
    """From left to right; a handle inside of a link is part of the link."""
    kept: list[Place] = []
    taken = [place for place in places if place.piece.kind == LINK]
    for place in sorted(places, key=lambda one: (one.start, one.piece.kind != LINK)):
        beside = place.piece.kind == LINK or not any(
            one.start < place.end and place.start < one.end for one in taken
        )
        if beside and (not kept or place.start >= kept[-1].end):
            kept.append(place)
    return kept


def places_of_links(text: str, links: Iterable[Mapping[str, Any]]) -> Iterator[Place]:
    """Where each link stands.

    At its own place if that is true, else wherever its short form stands in the plain text.
    """
    for link in links:
        short = str(link.get("url") or "")
        if not short:
            continue
        shown = str(link.get("display_url") or link.get("expanded_url") or short)
        piece = Piece(shown, LINK, web_address(link.get("expanded_url")))
        start = link.get("start")
        if isinstance(start, int) and not isinstance(start, bool) and stands(short, text, start):
            yield Place(start, start + len(short), piece)
            continue
        for found in re.finditer(re.escape(short) + NOT_AFTER, text):
            yield Place(found.start(), found.end(), piece)


def places_of_handles(text: str, named: list[Mapping[str, Any]]) -> Iterator[Place]:
    """Every @handle that X names, at its place if that is true, else wherever it stands.

    Every one at all where X names none.
    """
    without_place = set()
    for one in named:
        handle, start = str(one.get("handle") or ""), one.get("start")
        if (
            handle
            and isinstance(start, int)
            and not isinstance(start, bool)
            and start >= 0
            and handle_stands(handle, text, start)
        ):
            end = start + 1 + len(handle)
            yield Place(start, end, Piece(text[start:end], MARK))
        else:
            without_place.add(handle.lower())
    if without_place or not named:
        for found in HANDLE.finditer(text):
            if not named or found.name.lower() in without_place:
                yield Place(found.start(), found.end(), Piece(found.group(), MARK))


def stands(short: str, text: str, start: int) -> bool:
    """Whether this short link stands at this place."""
    return (
        start >= 0
        and text.startswith(short, start)
        and not re.match(r"[A-Za-z0-9_]", text[start + len(short) :][:1])
    )


def place_in_plain(delivered: str, entity: Mapping[str, Any]) -> int | None:
    """Where an entity's link begins in the unescaped text, by the place that X names.

    None where that place is not true.
    """
    start, short = entity.get("start"), str(entity.get("url"))
    if not isinstance(start, int) or isinstance(start, bool) or start < 0:
        return None
    if stands(short, delivered, start):
        return len(plain(delivered[:start]))
    return start if stands(short, plain(delivered), start) else None


def web_address(address: Any) -> str:
    """Return the address if a browser may be sent there: http or https with a host; else empty.

    No character of control stands in one: browsers and `urlsplit` leave line breaks away, others do
    not.
    """
    address = str(address or "").strip()
    if CONTROL.search(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname else ""
