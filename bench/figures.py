"""What a bench found, as data, and the one place where it becomes words.

A bench returns its figures; what stands on the terminal, in a file of JSON and in the page of
docs is made of them here, so none of the three can say something else.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Cell = str | float | int | None


@dataclass(frozen=True)
class Table:
    """Columns with the form of their numbers (as in `format`), and rows.

    A cell that is text stands as it is, one that is None as a dash.
    """

    columns: dict[str, str]
    rows: list[list[Cell]]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells for {len(self.columns)} columns: {row}")

    def as_markdown(self) -> str:
        """Return the table as a page of Markdown has it."""
        lines = [list(self.columns), ["---"] * len(self.columns)]
        lines += [
            [written(cell, form) for cell, form in zip(row, self.columns.values(), strict=True)]
            for row in self.rows
        ]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@dataclass(frozen=True)
class Figures:
    """The tables of one run, sentences that belong below them, and what does not hold.

    `sizes` says of how much it was measured, each number by its noun: `{"tickets": 1000}`.
    """

    sizes: dict[str, int | list[int]]
    tables: list[Table]
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def as_markdown(self) -> str:
        """Return tables and sentences, with an empty line between."""
        return "\n\n".join(
            [
                *(table.as_markdown() for table in self.tables),
                *filter(None, ["\n".join(self.notes)]),
            ]
        )

    def said_sizes(self) -> str:
        """Return the sizes as words: `1,000 and 10,000 tickets, 25 rounds`."""
        return ", ".join(
            f"{' and '.join(f'{number:,}' for number in as_list(numbers))} {noun}"
            for noun, numbers in self.sizes.items()
        )

    def as_json(self) -> str:
        """Return everything, to be read by `from_json`."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)


def from_json(text: str) -> Figures:
    """Return the figures that `as_json` wrote."""
    found = json.loads(text)
    return Figures(**{**found, "tables": [Table(**one) for one in found["tables"]]})


def as_list(numbers: int | list[int]) -> list[int]:
    """Return one number or several as a list."""
    return numbers if isinstance(numbers, list) else [numbers]


def written(cell: Cell, form: str) -> str:
    """Return what stands in a cell; `|` would end it."""
    if cell is None:
        return "–"
    return cell.replace("|", "\\|") if isinstance(cell, str) else format(cell, form)


def run(
    parser: argparse.ArgumentParser,
    measure: Callable[[Any], Figures],
    words: Sequence[str] | None = None,
) -> int:
    """Run a bench by its options: print what it found; 1 where something does not hold.

    With `--json FILE` the figures are written there as well. `words` are the command line's
    unless others are given.
    """
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    options = parser.parse_args(words)
    found = measure(options)
    print(found.as_markdown(), flush=True)
    for fault in found.faults:
        print(f"does not hold: {fault}", flush=True)
    if options.json:
        options.json.write_text(found.as_json())
    return int(bool(found.faults))
