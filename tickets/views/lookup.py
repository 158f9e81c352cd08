"""Finding the ticket of an address, for who may see it."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from people.models import User
from tickets import querysets
from tickets.models import Ticket


def load(user: User, number: int) -> Ticket:
    """Return the ticket of this number, or 404 for who may not see it.

    With those merged into it that this person may read.
    """
    merged = querysets.visible_to(user).order_by("id")
    return get_object_or_404(
        querysets.with_merging(querysets.for_rows(querysets.visible_to(user)), user)
        .select_related(
            "department__parent",
            "account__department",
            "follows",
            "merged_into",
            "customer",
            "assignee",
            "last_mention__newest",
            "department",
        )
        .prefetch_related(Prefetch("merged", queryset=merged)),
        number=number,
    )
