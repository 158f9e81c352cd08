"""`manage.py diagrams`.

Draw the states of ticket, draft and delivery from the tables in the code into docs/states.md.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from approvals.states import DRAFT_MOVES, DRAFT_TURN
from posting.states import DELIVERY_MOVES
from tickets.states import TICKET_MOVES, TURN

TARGET = settings.BASE_DIR / "docs" / "states.md"


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


class Command(BaseCommand):
    """Write the page."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Overwrite docs/states.md."""
        TARGET.write_text(drawn())
