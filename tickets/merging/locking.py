"""Locking tickets together with those that they are merged into, always in the order of ids."""

from django.db.models import Q

from core.database.locking import lock_row
from tickets.models import Ticket


def locked_with_targets(condition: Q) -> list[Ticket]:
    """Lock the tickets of this condition, and what they are merged into; returns them by id.

    `merged_into` of each is the very row that stands in the answer. What one merges in this very
    moment is locked too.
    """
    merged = Ticket.objects.filter(condition, merged_into__isnull=False)
    targets = list(merged.values_list("merged_into", flat=True))
    wanted = condition | Q(pk__in=targets) if targets else condition
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(wanted)
    found = {one.pk: one for one in rows.order_by("id")}
    for one in list(found.values()):
        if one.merged_into_id is None:
            continue
        if one.merged_into_id not in found:
            lock_row(Ticket, one.merged_into_id)
            found[one.merged_into_id] = Ticket.objects.get(pk=one.merged_into_id)
        one.merged_into = found[one.merged_into_id]
    return [found[pk] for pk in sorted(found)]


def locked_with_target(ticket_id: int) -> Ticket:
    """Lock one ticket and what it is merged into; returns the one, with the other at hand."""
    return next(one for one in locked_with_targets(Q(pk=ticket_id)) if one.pk == ticket_id)
