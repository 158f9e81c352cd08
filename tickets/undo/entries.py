"""What is kept of a ticket so that a verb can be undone."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from core.database.db_time import desk_now
from core.models import Event
from people.models import User
from tickets.models import Ticket, UndoEntry

# What verbs that can be undone change of a ticket.
COLUMNS = (
    "department_id",
    "assignee_id",
    "incident_id",
    "status",
    "priority",
    "tags",
    "snoozed_until",
    "resolved_at",
    "resolved_reason",
    "unanswered_since",
    "due_at",
)
TIMES = {"snoozed_until", "resolved_at", "unanswered_since", "due_at"}
KEPT = timedelta(hours=1)


def standing(ticket: Ticket) -> dict[str, Any]:
    """Return these columns of the ticket as the database has them now, as JSON holds them."""
    row = Ticket.objects.filter(pk=ticket.pk).values(*COLUMNS).get()
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def values_of(kept: dict[str, Any]) -> dict[str, Any]:
    """Return kept columns as the ticket takes them."""
    return {
        name: datetime.fromisoformat(value) if name in TIMES and value else value
        for name, value in kept.items()
    }


def keep(ticket: Ticket, event: Event, before: dict[str, Any], *, by: User) -> UndoEntry:
    """Keep what the verb of this event changed. Call with the ticket's row locked."""
    now = standing(ticket)
    changed = [name for name in COLUMNS if now[name] != before[name]]
    return UndoEntry.objects.create(
        event=event,
        ticket=ticket,
        by=by,
        before={name: before[name] for name in changed},
        after={name: now[name] for name in changed},
    )


def newest_number(by: User) -> int:
    """Return the number of this person's newest entry, to know later which ones came after it."""
    return UndoEntry.objects.filter(by=by).aggregate(n=Max("pk"))["n"] or 0


def kept_since(number: int, *, by: User, tickets: Collection[int]) -> list[int]:
    """Return the numbers of the entries that this person's verbs on these tickets left since."""
    new = UndoEntry.objects.filter(pk__gt=number, by=by, ticket__in=tickets)
    return list(new.order_by("pk").values_list("pk", flat=True))


def forget_old() -> int:
    """Delete what nobody can undo any more; returns how many."""
    return UndoEntry.objects.filter(at__lt=desk_now() - KEPT).delete()[0]
