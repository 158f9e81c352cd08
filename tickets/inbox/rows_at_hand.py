"""The tickets of a list with everything their rows show, read again only where one changed.

A list asks which version of each row it would read; what this process has read in that version
is at hand. Such tickets are for looking at: no verb takes one, and nobody changes one.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from core.database.editions import RowVersion
from tickets import querysets
from tickets.models import Ticket

MOST = 3000  # tickets in one process
# One column of every row that a list reads besides the ticket itself.
READ = (
    "status",
    "customer__handle",
    "department__name_en",
    "account__handle",
    "assignee__name",
    "incident__name",
    "last_mention__written_at",
    "last_mention__newest__text",
)
_read: dict[tuple[Any, ...], Ticket] = {}


def listed(tickets: QuerySet[Ticket], most: int | None = None) -> list[Ticket]:
    """Return these tickets in their order, as `querysets.for_rows` reads them, at most so many.

    One query, a second where one of them is not at hand. Each ticket has the `version` of what
    was read.
    """
    versions = {f"version_{place}": RowVersion(column) for place, column in enumerate(READ)}
    rows = querysets.with_waiting(tickets).annotate(**versions)
    keys = list(rows.values_list("pk", "is_escalated", "written", *versions)[:most])
    found = {key: ticket for key in keys if (ticket := _read.get(key))}
    missing = {key[0]: key for key in keys if key not in found}
    if missing:
        for ticket in querysets.for_rows(Ticket.objects.filter(pk__in=missing)):
            found[missing[ticket.pk]] = ticket
        keep(missing, found)
    return [found[key] for key in keys if key in found]


def keep(missing: dict[int, tuple[Any, ...]], found: dict[tuple[Any, ...], Ticket]) -> None:
    """Have at hand what was missing; where there would be too many, these alone."""
    if len(_read) + len(missing) > MOST:
        _read.clear()
    for key in missing.values():
        if key in found:
            found[key].version = key  # type: ignore[attr-defined]
            _read[key] = found[key]


def versions_of(tickets: Sequence[Ticket]) -> list[tuple[Any, ...] | None]:
    """Return the version of each ticket; None for one that was read in another way."""
    return [getattr(ticket, "version", None) for ticket in tickets]
