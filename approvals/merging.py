"""Two texts that grew out of one: both changes in one text, where they do not touch each other."""

import difflib
import re


def merged(base: str, mine: str, theirs: str) -> str | None:
    """The text with the changes of both, by words; None where both changed the same words.

    Words added at the same place stand one after the other.
    """
    words = [re.findall(r"\s+|\S+", text) for text in (base, mine, theirs)]
    mine_changed = [
        (begin, end, 0, words[1][c:d]) for begin, end, c, d in changed(words[0], words[1])
    ]
    changes = [(begin, end, 1, words[2][c:d]) for begin, end, c, d in changed(words[0], words[2])]
    same = [(begin, end, new) for begin, end, _side, new in changes]
    changes += [one for one in mine_changed if (one[0], one[1], one[3]) not in same]
    parts: list[str] = []
    at = 0
    for begin, end, _side, new in sorted(changes, key=lambda one: (one[0], one[1], -one[2])):
        if begin < at:
            return None
        parts += words[0][at:begin]
        if begin == end and parts and new and not parts[-1].isspace() and not new[0].isspace():
            parts.append(" ")
        parts += new
        at = end
    return "".join([*parts, *words[0][at:]])


def changed(before: list[str], after: list[str]) -> list[tuple[int, int, int, int]]:
    """Which words of the one became which of the other."""
    return [
        (a, b, c, d)
        for kind, a, b, c, d in difflib.SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes()
        if kind != "equal"
    ]
