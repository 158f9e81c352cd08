"""Whom a text names: handles as X reads them, whatever letters stand beside them. Pure.

Source: the twitter-text library (extraction of mentions and of replies; its conformance suite is in
the tests). A handle is plain ASCII; `@` may be the wide one. `@handle/list` names a list, nobody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xapi.finders import Finder, Found
from xapi.links import ACCENTED

LETTERS = "A-Za-z0-9_"
NAME = rf"[{LETTERS}]{{1,20}}"  # X's own have 15 at most; its library reads on to 20
SIGNS = "@＠"
BEFORE = (
    rf"(?:^|[^{LETTERS}!#$%&*{SIGNS}]"
    rf"|(?:^|[^{LETTERS}+~.\-])[Rr][Tt]:?)"
)
NAMED = re.compile(
    rf"{BEFORE}(?P<whole>[{SIGNS}](?P<name>{NAME})(?P<of_list>/[A-Za-z][A-Za-z0-9_-]{{0,24}})?)"
)
NOT_BEHIND = re.compile(rf"[{SIGNS}{ACCENTED}]|://")
IN_FRONT = re.compile(rf"\s*[{SIGNS}](?P<name>{NAME})")


@dataclass(frozen=True)
class Handle(Found):
    """A handle in a text, with the sign; `name` is what comes after it."""

    name: str


def named_in(text: str) -> Iterator[Handle]:
    """Everybody whom the text names, in order."""
    for found in NAMED.finditer(text):
        if not found["of_list"] and not NOT_BEHIND.match(text, found.end()):
            yield Handle(*found.span("whole"), found["whole"], found["name"])


HANDLE = Finder(named_in)


def handle_in_front(text: str) -> Handle | None:
    """Return the handle that a reply begins with; None where something else stands first."""
    found = IN_FRONT.match(text)
    if found is None or NOT_BEHIND.match(text, found.end()):
        return None
    return Handle(found.start("name") - 1, found.end(), found.group().lstrip(), found["name"])


def behind_handles(text: str) -> str:
    """Return what a reply says after all the handles in front."""
    while (first := handle_in_front(text)) and text[first.ends : first.ends + 1].isspace():
        text = text[first.ends :].lstrip()
    return text
