"""One stylesheet out of a file for each component and screen."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

IMPORT = re.compile(r'^@import url\("([a-z_./]+)"\);\n', re.MULTILINE)
COMMENT = re.compile(r'("[^"\n]*")|/\*.*?\*/', re.DOTALL)
BLANKS = re.compile(r"^\s+", re.MULTILINE)


def imported(styles: Path) -> Iterator[Path]:
    """Yield the files that a stylesheet imports, in their order."""
    for place in IMPORT.findall(styles.read_text(encoding="utf-8")):
        yield styles.parent / place


def joined(styles: Path) -> str:
    """Return a stylesheet with the rules of each file that it imports in the import's place.

    The rules and their order are those of the files; comments and indentation stay behind. Raises
    `ImproperlyConfigured` where a file names another one by its place, which would not hold.
    """

    def text(found: re.Match[str]) -> str:
        part = styles.parent / found.group(1)
        words = part.read_text(encoding="utf-8")
        if part.parent != styles.parent and "url(" in words:
            raise ImproperlyConfigured(f"{part.name} names a file by a place that would not hold.")
        return words

    whole = IMPORT.sub(text, styles.read_text(encoding="utf-8"))
    return BLANKS.sub("", COMMENT.sub(r"\1", whole))
