"""Finding the ticket of an address, for who may see it."""

from django.shortcuts import get_object_or_404

from people.models import User
from tickets import querysets
from tickets.models import Ticket


def load(user: User, number: int) -> Ticket:
    """Return the ticket of this number, or 404 for who may not see it."""
    return get_object_or_404(
        querysets.for_rows(querysets.visible_to(user)).select_related(
            "department__parent",
            "account__department",
            "follows",
            "customer",
            "assignee",
            "last_mention__newest",
            "department",
        ),
        number=number,
    )
