"""Locking a delivery in the order that every verb keeps: ticket, draft, delivery."""

from django.db.models import Q

from approvals.locking import locked as locked_draft
from approvals.models import Draft
from core.database.locking import lock_row
from posting.models import Attempt, Delivery
from tickets.merging.locking import locked_with_targets


def locked_delivery(attempt: Attempt) -> tuple[Delivery, Draft]:
    """Ticket, draft and delivery, locked in this order and read anew.

    With the tickets that are merged into it, whose context changes with what is posted.
    """
    draft = Draft.objects.get(revisions__delivery__attempts=attempt)
    locked_with_targets(Q(pk=draft.ticket_id) | Q(merged_into=draft.ticket_id))
    draft = locked_draft(draft)
    lock_row(Delivery, attempt.delivery_id)
    known = Delivery.objects.select_related("account__department", "revision")
    return known.get(pk=attempt.delivery_id), draft


def newest_attempt(delivery: Delivery) -> Attempt:
    """Return the last one made."""
    return delivery.attempts.order_by("-number")[0]
