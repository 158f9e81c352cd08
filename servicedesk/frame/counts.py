"""The counts in the bar and on the tabs of the inbox.

My turn, reviews for me, escalations, what the outbox needs a person for, notices not yet seen.
Capped; one query for a page.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import QuerySet, Value

from approvals.querysets import escalated, in_review, waiting_for, written_by
from core.database import editions
from notices.models import Notice
from people import access
from people.models import User
from people.roles import LEADS
from posting.models import Delivery
from posting.states import DeliveryStatus
from tickets.querysets import my_turn

CAP = 100


Lists = Mapping[str, QuerySet[Any]]


def of(
    user: User,
    besides: Callable[[], Lists] = dict,
    signing: Collection[int] | None = None,
    depends_on: tuple[Any, ...] = (),
) -> Counter[str]:
    """Each count, at most 100 (shown as 99+), in one query, with those of the lists `besides`.

    My turn is what is assigned to this person and what waits for their signature. `signing` has
    the tickets of the latter, where they are known. What the lists depend on besides the person's
    rights stands in `depends_on`.
    """
    known = signing is not None
    found = counted(
        ("bar", access.rights_of(user), known, *depends_on),
        lambda: {**of_bar(user, known=known), **besides()},
    )
    if signing is not None:
        found["review"] = min(CAP, len(signing))
    found["inbox"] = min(CAP, found["inbox"] + found["review"])
    found["leads"] = int(any(one.role in LEADS for one in user.memberships))
    return found


def of_bar(user: User, *, known: bool) -> Lists:
    """Return what the bar counts for this person; the reviews unless they are known."""
    ids = access.department_ids(user)
    reviews = waiting_for(user)
    for_a_person = Delivery.objects.filter(
        status=DeliveryStatus.FOR_A_PERSON, revision__draft__ticket__department__in=ids
    )
    leads = any(one.role in LEADS for one in user.memberships)
    return {
        "inbox": my_turn(user, ids),
        "outbox": for_a_person,
        "notices": Notice.objects.filter(user=user, seen_at=None),
        **({} if known else {"review": reviews}),
        **({"lead": escalated(reviews)} if leads else {}),
    }


def counted(key: tuple[Any, ...], lists: Callable[[], Lists]) -> Counter[str]:
    """Return how many rows each of these lists has, at most 100 each, in one query.

    `key` has all that the lists depend on.
    """
    return Counter(name for (name,) in editions.rows_of(("counts", *key), lambda: union(lists())))


def union(lists: Lists) -> QuerySet[Any]:
    """Return the name of its list for each row, at most 100 of each."""
    parts = [
        rows.order_by().annotate(tab=Value(name)).values_list("tab")[:CAP]
        for name, rows in lists.items()
    ]
    return parts[0].union(*parts[1:], all=True)


def lists_of_queue(user: User) -> Lists:
    """Return what the tabs of the queue count; to review as the bar does."""
    return {
        "waiting": waiting_for(user),
        "mine": written_by(user),
        "escalated": escalated(in_review(user)),
    }
