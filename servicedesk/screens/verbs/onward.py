"""Where one goes on after a ticket is done with: to the next one on which it is one's turn."""

from django.db.models import Q, QuerySet

from people.access import department_ids
from people.models import User
from servicedesk.screens.inbox import NARROWER
from tickets.models import Ticket
from tickets.querysets import my_turn


def following(ticket: Ticket, user: User) -> int | None:
    """Return the number of the next ticket of "my turn"; where there is none, of the free ones.

    None where neither waits. `ticket` is as it was before the verb: its place is where one goes on
    from, and after the last one the list begins anew.
    """
    ids = department_ids(user)
    free = Ticket.objects.filter(department__in=ids, **NARROWER["unassigned"])
    return first_behind(ticket, my_turn(user, ids)) or first_behind(ticket, free)


def first_behind(ticket: Ticket, waiting: QuerySet[Ticket]) -> int | None:
    """Return the number of the next of these by due time; of the first, behind the last."""
    numbers = (
        waiting.exclude(pk=ticket.pk).order_by("due_at", "id").values_list("number", flat=True)
    )
    behind = Q(due_at__gt=ticket.due_at) | Q(due_at=ticket.due_at, pk__gt=ticket.pk)
    return numbers.filter(behind).first() or numbers.first()
