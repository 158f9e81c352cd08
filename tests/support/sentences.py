"""Set pages of Markdown with one sentence a line.

So a change to a sentence is a change to a line. `python -m tests.support.sentences` sets every page
of ours anew; a rule test says which page is not.
Headings, tables, code and comments stay as they are.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from servicedesk.launcher.running import ROOT

ITEM = re.compile(r"(\s*)([-*]|\d+\.)\s+")
AS_IT_IS = re.compile(r"\s*(#|\||<!--|>|!\[|\[[^\]]+\]: )|\s{4,}\S|\s*-{3,}\s*$")
SHORT_FORMS = ("e.g.", "i.e.", "etc.", "vs.", "cf.", "No.", "St.", "Dr.", "z.B.", "Nr.")
ENDS = re.compile(r"[.!?][\"”’)*_]*$")
BEGINS = re.compile(r"[\"“‘(*_\[`]*[A-ZÄÖÜ`0-9*/]")
OPENED = {"(": ")", "[": "]"}


def pages() -> list[Path]:
    """Each page of Markdown that is ours."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def set_anew(text: str) -> str:
    """The page with one sentence a line."""
    lines: list[str] = []
    block: list[str] = []
    in_code = False
    for line in text.splitlines():
        fence = line.lstrip().startswith("```")
        if (
            fence
            or in_code
            or not line.strip()
            or (AS_IT_IS.match(line) and not goes_on(line, block))
        ):
            lines += [*flowed(block), line]
            block = []
            in_code ^= fence
        elif ITEM.match(line):
            lines += flowed(block)
            block = [line]
        else:
            block.append(line)
    return "\n".join([*lines, *flowed(block)]) + "\n"


def goes_on(line: str, block: list[str]) -> bool:
    """Whether an indented line belongs to the item of a list above it, and is no code."""
    return bool(block) and line.startswith("    ") and ITEM.match(block[0]) is not None


def flowed(block: list[str]) -> list[str]:
    """A paragraph, or an item of a list, as one line for each of its sentences."""
    if not block:
        return []
    item = ITEM.match(block[0])
    mark = item.group(0) if item else ""
    rest = " " * len(mark)
    words = " ".join([block[0][len(mark) :], *block[1:]]).split()
    return [
        f"{mark if number == 0 else rest}{sentence}" for number, sentence in enumerate(cut(words))
    ]


def cut(words: list[str]) -> Iterator[str]:
    """The sentences of these words; none ends inside brackets, quoted code or a short form."""
    sentence: list[str] = []
    for word, following in zip(words, [*words[1:], ""], strict=True):
        sentence.append(word)
        text = " ".join(sentence)
        if (
            following
            and ENDS.search(word)
            and BEGINS.match(following)
            and word not in SHORT_FORMS
            and closed(text)
        ):
            yield text
            sentence = []
    if sentence:
        yield " ".join(sentence)


def closed(text: str) -> bool:
    """Whether every bracket, and every piece of code, that this text opens is closed in it."""
    plain = re.sub(r"`[^`]*`", "", text)
    return "`" not in plain and all(
        plain.count(one) <= plain.count(end) for one, end in OPENED.items()
    )


if __name__ == "__main__":
    for page in pages():
        page.write_text(set_anew(page.read_text()))
