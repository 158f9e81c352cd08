"""Two texts that grew out of one: both changes in one text, where they do not touch each other."""

import difflib
import re


def merged(base: str, mine: str, theirs: str) -> str | None:
    """Return the text with the changes of both, by words; None where both changed the same words.

    Words added at the same place stand one after the other.
    """
    words, my_words, their_words = (re.findall(r"\s+|\S+", text) for text in (base, mine, theirs))
    theirs_changed = changes_between(words, their_words)
    mine_changed = [
        change for change in changes_between(words, my_words) if change not in theirs_changed
    ]
    # Where both begin at the same place theirs come first.
    changes = sorted([*theirs_changed, *mine_changed], key=lambda change: change[:2])
    parts: list[str] = []
    at = 0
    for begin, end, new in changes:
        if begin < at:
            return None
        parts += words[at:begin]
        if begin == end and new and runs_together(parts, new):
            parts.append(" ")
        parts += new
        at = end
    return "".join([*parts, *words[at:]])


Change = tuple[int, int, list[str]]


def changes_between(before: list[str], after: list[str]) -> list[Change]:
    """Which words gave way to which: the first and last place before, and the new words."""
    return [(begin, end, after[low:high]) for begin, end, low, high in changed(before, after)]


def runs_together(parts: list[str], new: list[str]) -> bool:
    """Whether added words would stand against the word before them without a blank."""
    return bool(parts) and not parts[-1].isspace() and not new[0].isspace()


def changed(before: list[str], after: list[str]) -> list[tuple[int, int, int, int]]:
    """Which words of the one became which of the other."""
    return [
        (a, b, c, d)
        for kind, a, b, c, d in difflib.SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes()
        if kind != "equal"
    ]
