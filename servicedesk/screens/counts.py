"""The counts in the bar.

My turn, reviews for me, escalations, what the outbox needs a person for, notices not yet seen.
Capped, one query each.
"""

from approvals.querysets import escalated, waiting_for
from notices.models import Notice
from people.access import department_ids
from people.models import User
from people.roles import LEADS
from posting.models import Delivery
from posting.states import DeliveryStatus
from tickets.querysets import my_turn

CAP = 100


def of(user: User) -> dict[str, int]:
    """Each count, at most 100 (shown as 99+)."""
    ids = department_ids(user)
    leads = any(one.role in LEADS for one in user.memberships)
    reviews = waiting_for(user)
    return {
        "inbox": my_turn(user, ids)[:CAP].count(),
        "review": reviews[:CAP].count(),
        "lead": escalated(reviews)[:CAP].count() if leads else 0,
        "leads": int(leads),
        "outbox": Delivery.objects.filter(
            status=DeliveryStatus.FOR_A_PERSON, revision__draft__ticket__department__in=ids
        )[:CAP].count(),
        "notices": Notice.objects.filter(user=user, seen_at=None)[:CAP].count(),
    }
