"""What changed between two texts, by words."""

import difflib
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A run of text that is the same, was `removed`, or was `added`."""

    kind: str
    text: str


@dataclass(frozen=True)
class PictureChange:
    """A picture that was `added` or `removed`, or whose description `changed`.

    Its pieces are words.
    """

    kind: str
    sha256: str
    pieces: list[Piece]


def of_pictures(before: list[dict[str, str]], after: list[dict[str, str]]) -> list[PictureChange]:
    """Return what happened to the pictures between two revisions; empty where nothing did."""
    old, new = ({one["sha256"]: one["alt"] for one in entries} for entries in (before, after))
    return [
        *(
            PictureChange("removed", sha256, [Piece("removed", alt)])
            for sha256, alt in old.items()
            if sha256 not in new
        ),
        *(
            PictureChange(
                "changed" if sha256 in old else "added", sha256, by_words(old.get(sha256, ""), alt)
            )
            for sha256, alt in new.items()
            if old.get(sha256) != alt
        ),
    ]


def by_words(before: str, after: str) -> list[Piece]:
    """Return the pieces in reading order; together the same and the added ones are `after`."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(new[c:d])))
            continue
        if a < b:
            pieces.append(Piece("removed", "".join(old[a:b])))
        if c < d:
            pieces.append(Piece("added", "".join(new[c:d])))
    return pieces
