"""`manage.py diagrams`.

Draw the states of ticket, draft and delivery from the tables in the code into docs/states.md, and
list every room of the house with its modules in docs/reference/rooms.md.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from approvals.states import DRAFT_MOVES, DRAFT_TURN
from posting.states import DELIVERY_MOVES
from tickets.states import TICKET_MOVES, TURN

TARGET = settings.BASE_DIR / "docs" / "states.md"
ROOMS = settings.BASE_DIR / "docs" / "reference" / "rooms.md"
PACKAGES = (
    "servicedesk",
    "notices",
    "posting",
    "approvals",
    "satisfaction",
    "tickets",
    "people",
    "networks",
    "xapi",
    "core",
)
BESIDES = {"migrations", "__pycache__", "commands"}


MERGED = (
    "Merged is no status: a merged ticket is resolved and stays so, whatever happens in its "
    "conversation; the ticket that it is merged into moves instead.\n"
    "Unmerged it goes back to new, open or answered.\n"
)


def drawn() -> str:
    """Return the page: a Mermaid diagram each, and whose turn it is."""
    parts = [
        (
            "# States\n\nDrawn by `python3 manage.py diagrams` from the tables in the code; a "
            "test keeps this page fresh.\n"
        )
    ]
    for name, moves, turns in (
        ("Ticket", TICKET_MOVES, TURN),
        ("Draft", DRAFT_MOVES, DRAFT_TURN),
        ("Delivery", DELIVERY_MOVES, {}),
    ):
        parts.append(section(name, moves, turns))
        if name == "Ticket":
            parts.append(MERGED)
    return "\n".join(parts)


def section(name: str, moves: Mapping[Any, Any], turns: Mapping[Any, Any]) -> str:
    """One kind of thing."""
    lines = [f"## {name}\n", "```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(moves))}"]
    lines += [
        f"    {before} --> {after}"
        for before, targets in moves.items()
        for after in sorted(targets)
    ]
    lines += [f"    {state} --> [*]" for state, targets in moves.items() if not targets]
    lines.append("```\n")
    if turns:
        lines += [
            "| status | whose turn |",
            "| --- | --- |",
            *(f"| {state} | {turn} |" for state, turn in turns.items()),
            "",
        ]
    return "\n".join(lines)


def rooms() -> str:
    """Return the page of rooms: the packages from the top down, each module with its sentence."""
    parts = [
        "# Rooms\n\nEvery package from the top down, its sub-packages, "
        "and what each module is for.\n"
        "Written by `python3 manage.py diagrams`; a test keeps this page fresh.\n"
    ]
    for package in PACKAGES:
        for folder in folders(settings.BASE_DIR / package):
            modules = [path for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
            if modules:
                name = folder.relative_to(settings.BASE_DIR).as_posix()
                rows = [f"| `{path.name}` | {sentence(path)} |" for path in modules]
                head = f"## {name}\n\n| module | what it is for |\n| --- | --- |\n"
                parts.append(head + "\n".join(rows) + "\n")
    return "\n".join(parts)


def folders(package: Path) -> Iterator[Path]:
    """Yield a package and its sub-packages in order."""
    for folder in [package, *sorted(package.rglob("*/"))]:
        if not BESIDES & set(folder.parts):
            yield folder


def sentence(path: Path) -> str:
    """Return the first line of a module's docstring, fit for a cell of a table."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0].replace("|", "\\|")


class Command(BaseCommand):
    """Write the two pages."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Overwrite docs/states.md and docs/reference/rooms.md."""
        TARGET.write_text(drawn())
        ROOMS.write_text(rooms())
