"""The tickets of a list with everything their rows show, read again only where one changed.

A list asks which version of each row it would read; what this process has read in that version
is at hand. Departments, accounts, colleagues and incidents, which rarely change, are taken from
what is kept. Such tickets are for looking at: no verb takes one, and nobody changes one.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from core.database import editions
from core.database.editions import RowVersion, kept
from core.database.one_of import one_of
from core.database.prepared import Given, rows_of
from people import access
from people.models import Department
from tickets import querysets
from tickets.models import ConnectedAccount, Incident, Ticket

MOST = 1000  # tickets in one process
# One column of every row that is read besides the ticket itself; of those that rarely change,
# the edition stands for all.
OFTEN = ("status", "customer__handle", "last_mention__written_at", "last_mention__newest__text")
RARELY = ("department__name_en", "account__handle", "assignee__name", "incident__name")
_read: dict[tuple[Any, ...], Ticket] = {}


def listed(
    tickets: Callable[[], QuerySet[Ticket]],
    most: int | None = None,
    depends_on: tuple[Any, ...] | None = None,
) -> list[Ticket]:
    """Return these tickets in their order, as `querysets.for_rows` reads them, at most so many.

    One query, another where one of them is not at hand. Each ticket has the `version` of what
    was read. What the list depends on stands in `depends_on`, where it is the same again and
    again; where it does not, the keys of a page are asked for first, with one query more.
    """
    if depends_on is None:
        rows = list(versions(tickets(), None)) if most is None else page_of(tickets(), most)
    else:
        rows = editions.rows_of(("listed", depends_on), lambda: versions(tickets(), most))
    keys = [(editions.current(), *row) for row in rows]
    found = {key: ticket for key in keys if (ticket := _read.get(key))}
    missing = {key[1]: key for key in keys if key not in found}
    if missing:
        for ticket in for_rows(Ticket.objects.filter(pk__in=missing)):
            found[missing[ticket.pk]] = ticket
        keep(missing, found)
    return [found[key] for key in keys if key in found]


def page_of(tickets: QuerySet[Ticket], most: int) -> list[tuple[Any, ...]]:
    """Return the versions of the first tickets.

    Keys come first, so that what a row shows is read for the page alone and not for all that is
    sorted.
    """
    return versions_of(list(tickets.values_list("pk", flat=True)[:most]))


def versions_of(keys: list[int]) -> list[tuple[Any, ...]]:
    """Return the versions of the tickets with these keys, in their order."""
    if not keys:
        return []
    rows = rows_of(
        ("versions", editions.current() is not None),
        lambda: versions(Ticket.objects.filter(one_of("pk", Given("keys"))), None),
        keys=keys,
    )
    found: dict[int, Any] = {row[0]: row for row in rows}
    return [found[key] for key in keys if key in found]


def versions(tickets: QuerySet[Ticket], most: int | None) -> QuerySet[Any]:
    """Return which version of everything there is: by it a ticket is at hand."""
    columns = OFTEN if editions.current() is not None else OFTEN + RARELY
    read = {f"version_{place}": RowVersion(column) for place, column in enumerate(columns)}
    rows = querysets.with_waiting(tickets).annotate(**read)
    return rows.values_list("pk", "is_escalated", "written", *read)[:most]


def for_rows(tickets: QuerySet[Ticket]) -> list[Ticket]:
    """Read tickets with all that a row shows; what rarely changes is taken from what is kept."""
    if editions.current() is None:
        return list(querysets.for_rows(tickets))
    read = tickets.select_related("customer", "last_mention__newest")
    return [surrounded(ticket) for ticket in querysets.with_waiting(read)]


def surrounded(ticket: Ticket) -> Ticket:
    """Return the ticket with its department, account, assignee and incident, as they are kept.

    What is not there is asked for by whoever needs it.
    """
    around = {
        "department": access.departments_by_key().get(ticket.department_id),
        "account": accounts_by_key().get(ticket.account_id),
        "assignee": access.people_by_key().get(ticket.assignee_id or 0),
        "incident": incidents_by_key().get(ticket.incident_id or 0),
    }
    for name, row in around.items():
        if row is not None:
            setattr(ticket, name, row)
    return ticket


@kept(ConnectedAccount, Department)
def accounts_by_key() -> dict[int, ConnectedAccount]:
    """Return every account of ours by its key, each with its department."""
    found = ConnectedAccount.objects.in_bulk()
    for one in found.values():
        one.department = access.departments_by_key()[one.department_id]
    return found


@kept(Incident)
def incidents_by_key() -> dict[int, Incident]:
    """Return the incidents that are not over, by their keys."""
    return Incident.objects.filter(ended_at__isnull=True).in_bulk()


def keep(missing: dict[int, tuple[Any, ...]], found: dict[tuple[Any, ...], Ticket]) -> None:
    """Have at hand what was missing; where there would be too many, these alone."""
    if len(_read) + len(missing) > MOST:
        _read.clear()
    for key in missing.values():
        if key in found:
            found[key].version = key  # type: ignore[attr-defined]
            _read[key] = found[key]
