"""Tell changes of somebody's access by somebody else.

To whom they concern, to administrators and on every page.
"""

from datetime import timedelta

from django.db.models import QuerySet

from core.guards import DeskNow
from people.models import AccessChange, Person

TOLD_FOR = timedelta(days=7)
INTO_A_SIGN_IN = (
    "password",
    "sign_in",
    "email",
)  # by which somebody else could come into a sign-in


def recent(person: Person | None = None) -> QuerySet[AccessChange]:
    """Return changes of the last seven days by which somebody could come into a sign-in.

    Somebody else than its person.

    Of one person, or of everybody. The newest first.
    """
    rows = (
        AccessChange.objects.filter(kind__in=INTO_A_SIGN_IN, at__gt=DeskNow() - TOLD_FOR)
        .select_related("setter", "subject")
        .order_by("-id")
    )
    return rows.filter(subject=person) if person else rows
