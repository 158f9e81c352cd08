"""Tell changes of somebody's access by somebody else.

To whom they concern, to administrators and on every page.
"""

from datetime import timedelta

from django.db.models import QuerySet

from core.database.guards import DeskNow
from people import access
from people.models import (
    AccessChange,
    Person,
    User,
)

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


def note_access_change(person: Person, *, kind: str, by: User | None) -> None:
    """Who set whose access forms no pair with that person for 7 days.

    Set-up by command does not count.
    """
    if by and not access.same_person(by.person_id, person.id):
        AccessChange.objects.create(setter=by.person, subject=person, kind=kind)
