"""Locking a delivery in the order that every verb keeps: ticket, draft, delivery."""

from approvals.locking import locked as locked_draft
from approvals.models import Draft
from core.database.locking import lock_row
from posting.models import Attempt, Delivery


def locked_delivery(attempt: Attempt) -> tuple[Delivery, Draft]:
    """Ticket, draft and delivery, locked in this order and read anew."""
    draft = locked_draft(Draft.objects.get(revisions__delivery__attempts=attempt))
    lock_row(Delivery, attempt.delivery_id)
    known = Delivery.objects.select_related("account__department", "revision")
    return known.get(pk=attempt.delivery_id), draft


def newest_attempt(delivery: Delivery) -> Attempt:
    """Return the last one made."""
    return delivery.attempts.order_by("-number")[0]
