"""Whom it concerns that a role was given, confirmed or refused."""

from core.models import Event
from people import access
from people.memberships import endorsement
from people.models import Membership
from people.roles import Standing


def concerned(membership: Membership) -> set[int]:
    """Return who has the role, and who can confirm it.

    Where one person alone gave it, every colleague and lead there.
    """
    people = {
        membership.person_id,
        *(user.person_id for user in endorsement.who_can_confirm(membership)),
    }
    if membership.standing != Standing.BY_ONE:
        return people
    if membership.department is None:
        here = Membership.objects.filter(ended_at__isnull=True)
    else:
        here = Membership.objects.filter(
            ended_at__isnull=True, department__in=access.chain(membership.department)
        )
    return people | set(here.values_list("person_id", flat=True))


def membership_of(event: Event) -> Membership | None:
    """Return the open role that the event tells of, if it is one that endorses."""
    number = event.data.get("membership") or event.subject_id or 0
    found = (
        Membership.objects.with_standing()
        .select_related("department")
        .filter(pk=number, ended_at__isnull=True, given_by__isnull=False)
        .first()
    )
    return found if found and endorsement.endorses(found) else None
