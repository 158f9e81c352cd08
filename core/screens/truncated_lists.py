"""Lists that stop somewhere: how many there are stands below them, and the way to the rest.

Nothing ends without a word.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from core.screens.form_values import whole

GROWS = 4
LARGEST = 10_000  # rows on one page; what is beyond is counted all the same


class Cut(list[Any]):
    """The first rows of a list; `total` is how many there are, `name` what the address calls it.

    `asked` is what the address of the page asks for.
    """

    def __init__(
        self,
        rows: Iterable[Any] = (),
        *,
        total: int | None = None,
        name: str = "",
        asked: QueryDict | None = None,
    ) -> None:
        super().__init__(rows)
        self.total, self.name = len(self) if total is None else total, name
        self.asked = QueryDict() if asked is None else asked

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return len(self) >= self.total

    @property
    def next(self) -> int:
        """How many to ask for next; 0 where a page holds no more."""
        return 0 if len(self) >= LARGEST else min(self.total, len(self) * GROWS)

    @property
    def address_of_rest(self) -> str:
        """The query of the same page with more rows of this list; empty where it holds no more."""
        if not self.next:
            return ""
        return urlencode([*kept(self.asked, self), ("list", f"{self.name}.{self.next}")])

    def prepared(self, rows: Iterable[Any]) -> "Cut":
        """Return a list of the same name and total with these rows, made from its own."""
        return Cut(rows, total=self.total, name=self.name, asked=self.asked)


def cut(
    rows: QuerySet[Any],
    name: str,
    most: int,
    asked: QueryDict,
    first: Callable[[int], list[Any]] | None = None,
) -> Cut:
    """Return the first rows, as many as the address asks for (`list=name.200`).

    One query more where some are left out. `first` gives so many of the rows, where somebody
    knows a quicker way to them.
    """
    wanted = (
        whole(one.removeprefix(f"{name}."))
        for one in asked.getlist("list")
        if one.startswith(f"{name}.")
    )
    most = min(LARGEST, max([most, *(one for one in wanted if one)]))
    found = first(most + 1) if first else list(rows[: most + 1])
    total = len(found) if len(found) <= most else rows.count()
    return Cut(found[:most], total=total, name=name, asked=asked)


def kept(asked: QueryDict, instead: Cut | None = None) -> list[tuple[str, str]]:
    """Return the parts of the address without what it says of this list."""
    gone = f"{instead.name}." if instead else None
    return [
        (key, value)
        for key, values in asked.lists()
        for value in values
        if not (gone and key == "list" and value.startswith(gone))
    ]


def part(
    rows: QuerySet[Any], asked: Mapping[str, str], most: int
) -> tuple[list[Any], dict[str, str]]:
    """For the API.

    As many rows as an answer holds, from `skip` on, and a header that says how many there are.
    """
    skip = whole(asked.get("skip", "")) or 0
    return list(rows[skip : skip + most]), {"X-Total-Count": str(rows.count())}
