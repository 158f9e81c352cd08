"""Finding the ticket of an address, for who may see it."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from core.database import at_hand, editions
from core.database.prepared import Given, rows_of
from people import access
from people.models import User
from tickets import querysets
from tickets.inbox import rows_at_hand
from tickets.models import Ticket

OFTEN = ("customer", "last_mention__newest")
RARELY = ("department__parent", "account__department", "assignee", "incident")


def round_it() -> tuple[str, ...]:
    """Return what is read together with a ticket; for a page the rest is kept."""
    return OFTEN + RARELY if editions.current() is None else OFTEN


def load(user: User, number: int) -> Ticket:
    """Return the ticket of this number, or 404 for who may not see it.

    With those merged into it that this person may read, whether it is escalated, the number of the
    ticket that it is merged into as far as they may read that one, and the newest context version
    that the customer moved (`customer_context_version`): what is read later has all of it.
    """
    departments = tuple(access.department_ids(user))
    found = rows_of(
        ("ticket", round_it(), departments),
        lambda: numbered(user, Given("number")),
        number=number,
    )
    if not found:
        raise Http404
    ticket = found[0]
    if editions.current() is not None:
        rows_at_hand.surrounded(ticket)
    merged_number = None
    if ticket.merged_into_id:
        into = querysets.visible_to(user).filter(pk=ticket.merged_into_id)
        merged_number = into.values_list("number", flat=True).first()
    vars(ticket).update(
        is_escalated=querysets.known_of(ticket, "open escalation", False),
        customer_context_version=querysets.known_of(ticket, "context of customer", 0),
        merged_number=merged_number,
    )
    at_hand.read(
        ticket,
        "merged",
        lambda: querysets.visible_to(user).order_by("id"),
        has=querysets.has(ticket, "merged"),
        depends_on=departments,
    )
    return ticket


def numbered(user: User, number: Any) -> QuerySet[Ticket]:
    """Return the ticket of this number, if this person may see it, with what is read around it."""
    tickets = querysets.with_what_it_has(querysets.visible_to(user))
    return tickets.select_related(*round_it()).filter(number=number)
