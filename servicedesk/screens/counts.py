"""The counts in the bar and on the tabs of the inbox.

My turn, reviews for me, escalations, what the outbox needs a person for, notices not yet seen.
Capped; one query for a page.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet, Value

from approvals.querysets import escalated, in_review, waiting_for, written_by
from notices.models import Notice
from people.access import department_ids
from people.models import User
from people.roles import LEADS
from posting.models import Delivery
from posting.states import DeliveryStatus
from tickets.querysets import my_turn

CAP = 100


def of(
    user: User,
    besides: Mapping[str, QuerySet[Any]] | None = None,
    signing: Collection[int] | None = None,
) -> dict[str, int]:
    """Each count, at most 100 (shown as 99+), in one query, with those of the lists `besides`.

    My turn is what is assigned to this person and what waits for their signature. `signing` has
    the tickets of the latter, where they are known.
    """
    besides = besides or {}
    ids = department_ids(user)
    leads = any(one.role in LEADS for one in user.memberships)
    reviews = waiting_for(user)
    found = counted(
        {
            "inbox": my_turn(user, ids),
            **({"review": reviews} if signing is None else {}),
            "outbox": Delivery.objects.filter(
                status=DeliveryStatus.FOR_A_PERSON, revision__draft__ticket__department__in=ids
            ),
            "notices": Notice.objects.filter(user=user, seen_at=None),
            **({"lead": escalated(reviews)} if leads else {}),
            **besides,
        }
    )
    waiting = found["review"] if signing is None else min(CAP, len(signing))
    return {
        "inbox": min(CAP, found["inbox"] + waiting),
        "review": waiting,
        "lead": found["lead"],
        "leads": int(leads),
        "outbox": found["outbox"],
        "notices": found["notices"],
        **{name: found[name] for name in besides},
    }


def counted(lists: Mapping[str, QuerySet[Any]]) -> Counter[str]:
    """Return how many rows each of these lists has, at most 100 each, in one query."""
    parts = [
        rows.order_by().annotate(tab=Value(name)).values_list("tab", flat=True)[:CAP]
        for name, rows in lists.items()
    ]
    return Counter(parts[0].union(*parts[1:], all=True))


def of_queue(user: User) -> dict[str, int]:
    """Return how many texts each tab of the queue has, at most 100; to review as the bar has it."""
    found = counted(
        {
            "waiting": waiting_for(user),
            "mine": written_by(user),
            "escalated": escalated(in_review(user)),
        }
    )
    return {name: found[name] for name in ("waiting", "mine", "escalated")}
