"""The order in which rows are locked: ticket, then draft."""

from approvals.models import Draft
from core.database.locking import lock_row
from tickets import lifecycle
from tickets.models import Ticket


def locked(draft: Draft) -> Draft:
    """Ticket, then draft, locked and read anew."""
    ticket = lifecycle.locked(Ticket(pk=draft.ticket_id))
    lock_row(Draft, draft.pk)
    fresh = Draft.objects.select_related(
        "writer__person", "target__newest", "target__account", "target__customer"
    ).get(pk=draft.pk)
    fresh.ticket = ticket
    return fresh
