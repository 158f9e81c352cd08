"""Whom a post names, as X says it: by number, with the letters and their place in the words. Pure.

A handle is only a name: its owner can change it, and somebody else can take it. The number stays.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from xapi.attached import a_dict, a_list, line
from xapi.handles import HANDLE, SIGNS
from xapi.text import plain


@dataclass(frozen=True)
class Named:
    """Somebody whom a post names.

    Handle in small letters, number (None where X gave none), and where in the words the handle
    begins, with its sign (None where the place that X names is not true).
    """

    handle: str
    id: int | None = None
    start: int | None = None

    def as_data(self) -> dict[str, Any]:
        """For keeping; ids are text, as everywhere in JSON."""
        return {
            "handle": self.handle,
            "id": str(self.id) if self.id else "",
            **({"start": self.start} if self.start is not None else {}),
        }


def read_named(raw: dict[str, Any], delivered: str) -> tuple[Named, ...]:
    """Everybody whom X says this post names, from both lists of a long post.

    The whole words' own, and the cut ones'.

    `delivered` are the words that are kept, as X sent them. Who stands in both lists stands here
    once.
    """
    note = a_dict(raw.get("note_tweet") or raw.get("note_post"))
    found: dict[tuple[int | None, str, int | None], Named] = {}
    for entities in (note.get("entities"), raw.get("entities")):
        for one in a_list(a_dict(entities).get("mentions")):
            if isinstance(one, dict) and (read := read_one(one, delivered)):
                found.setdefault((read.id, read.handle, read.start), read)
    return tuple(_without_twins(found.values()))


def read_one(entity: dict[str, Any], delivered: str) -> Named | None:
    """One entity; None where it has neither handle nor number."""
    handle, number = line(entity.get("username"), 50).lower(), str(entity.get("id") or "")
    is_number = number.isascii() and number.isdigit() and 0 < len(number) < 20
    if not handle and not is_number:
        return None
    return Named(handle, int(number) if is_number else None, place_of(handle, entity, delivered))


def place_of(handle: str, entity: dict[str, Any], delivered: str) -> int | None:
    """Where in the unescaped words the handle stands.

    None where the place that X names is not true.
    """
    start = entity.get("start")
    if not handle or not isinstance(start, int) or isinstance(start, bool) or start < 0:
        return None
    if stands(handle, delivered, start):
        return len(plain(delivered[:start]))
    return start if stands(handle, plain(delivered), start) else None


def stands(handle: str, text: str, start: int) -> bool:
    """Whether this handle stands at this place, behind its sign, in whatever case."""
    return (
        text[start : start + 1] in {*SIGNS}
        and text[start + 1 : start + 1 + len(handle)].lower() == handle.lower()
    )


def has_entities(raw: dict[str, Any]) -> bool:
    """Whether X said at all what stands in the words."""
    note = a_dict(raw.get("note_tweet") or raw.get("note_post"))
    return bool(a_dict(raw.get("entities")) or a_dict(note.get("entities")))


def named_in_words(text: str, handles: Iterable[str]) -> bool:
    """Whether these words name one of these handles: the last resort, where X says nothing."""
    letters = {one.lower() for one in handles}
    return any(one.name.lower() in letters for one in HANDLE.finditer(text))


def _without_twins(found: Iterable[Named]) -> Iterator[Named]:
    """Without those that stand nowhere, where the same person stands somewhere."""
    all_of_them = list(found)
    placed = {(one.id, one.handle) for one in all_of_them if one.start is not None}
    for one in all_of_them:
        if one.start is not None or (one.id, one.handle) not in placed:
            yield one
