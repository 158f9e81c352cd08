"""Which ticket a post belongs to: one per customer and conversation until it is resolved.

Reopened within some days.
"""

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from networks.contract import Post
from tickets.lifecycle import reopens_until
from tickets.models import Ticket
from tickets.states import TicketStatus

Pair = tuple[int, str]


def newest_tickets(pairs: Iterable[Pair]) -> dict[Pair, Ticket]:
    """For each (customer id, conversation id) the newest ticket there is, its row locked.

    Locked in the order of ids.
    """
    wanted = set(pairs)
    if not wanted:
        return {}
    locked = (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            conversation_id__in={conversation for _customer, conversation in wanted},
            customer_id__in={customer for customer, _conversation in wanted},
        )
        .order_by("id")
    )
    rows = [row for row in locked if (row.customer_id, row.conversation_id) in wanted]
    prefetch_related_objects(rows, "department")
    return {(row.customer_id, row.conversation_id): row for row in rows}


def takes(ticket: Ticket, post: Post) -> bool:
    """Whether this post still belongs to the ticket: it is open, or was resolved only lately."""
    if ticket.status != TicketStatus.RESOLVED:
        return True
    return ticket.resolved_at is not None and post.created_at <= reopens_until(ticket.resolved_at)
