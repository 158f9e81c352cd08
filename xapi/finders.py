"""Places in a text, and what finds them.

Used like compiled patterns and their matches, so that replacing reads the same everywhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar


@dataclass(frozen=True)
class Found:
    """A place of a text: where it begins and ends, and how it is written."""

    begins: int
    ends: int
    written: str

    def start(self) -> int:
        """Where it begins, as a match says it."""
        return self.begins

    def end(self) -> int:
        """Where it ends, as a match says it."""
        return self.ends

    def group(self) -> str:
        """How it is written, as a match says it."""
        return self.written


Kind = TypeVar("Kind", bound=Found)


class Finder(Generic[Kind]):
    """Finds all places of one kind by the function that it is given."""

    def __init__(self, find: Callable[[str], Iterator[Kind]]) -> None:
        self.find = find

    def finditer(self, text: str) -> Iterator[Kind]:
        """Each one, in order."""
        return self.find(text)

    def findall(self, text: str) -> list[str]:
        """Each one as it is written."""
        return [one.written for one in self.find(text)]

    def search(self, text: str) -> Kind | None:
        """Return the first one."""
        return next(self.find(text), None)

    def sub(self, put: str | Callable[[Kind], str], text: str) -> str:
        """Return the text with something else in the place of each."""
        pieces, last = [], 0
        for one in self.find(text):
            pieces += [text[last : one.begins], put if isinstance(put, str) else put(one)]
            last = one.ends
        return "".join([*pieces, text[last:]])
