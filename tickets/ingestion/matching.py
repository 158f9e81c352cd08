"""Which ticket a post belongs to: one per customer and conversation until it is resolved.

Reopened within some days.
"""

from collections.abc import Iterable

from django.db.models import Q, prefetch_related_objects

from networks.contract import Post
from tickets.lifecycle import reopens_until
from tickets.merging.locking import locked_with_targets
from tickets.models import Ticket
from tickets.states import TicketStatus

Pair = tuple[int, str]


def newest_tickets(pairs: Iterable[Pair]) -> dict[Pair, Ticket]:
    """For each (customer id, conversation id) the newest ticket there is, its row locked.

    Locked in the order of ids, with what they are merged into (`merged_into` is at hand).
    """
    wanted = set(pairs)
    if not wanted:
        return {}
    locked = locked_with_targets(
        Q(
            conversation_id__in={conversation for _customer, conversation in wanted},
            customer_id__in={customer for customer, _conversation in wanted},
        )
    )
    prefetch_related_objects(locked, "department")
    rows = [row for row in locked if (row.customer_id, row.conversation_id) in wanted]
    return {(row.customer_id, row.conversation_id): row for row in rows}


def takes(ticket: Ticket, post: Post) -> bool:
    """Whether this post still belongs to the ticket: it is open, or was resolved only lately.

    Of a merged ticket the one that it is merged into says so.
    """
    asked = ticket.in_charge
    if asked.status != TicketStatus.RESOLVED:
        return True
    return asked.resolved_at is not None and post.created_at <= reopens_until(asked.resolved_at)
