"""Which guidelines apply to a ticket, and which of them somebody has not confirmed yet."""

from datetime import timedelta

from django.db.models import Q

from approvals.models import Confirmation, GuidelineVersion
from core.database.db_time import desk_now
from core.database.editions import kept
from people.models import Department, Person, User


def current(department: Department | None) -> GuidelineVersion | None:
    """Return the version that holds."""
    return (
        GuidelineVersion.objects.filter(department=department)
        .select_related("by__person", "department")
        .order_by("-number")
        .first()
    )


@kept(Department, GuidelineVersion, Person, User)
def applying_to(department: Department) -> list[GuidelineVersion]:
    """Return the company's text and the department's, where there is one."""
    found = GuidelineVersion.objects.filter(
        Q(department=department) | Q(department=None)
    ).select_related("by__person", "department")
    newest = found.order_by("department_id", "-number").distinct("department_id")
    return sorted(newest, key=lambda one: one.department_id or 0)


def unconfirmed(by: User, versions: list[GuidelineVersion]) -> list[GuidelineVersion]:
    """Those of these versions that this person has not confirmed yet."""
    if not versions:
        return []
    known = confirmed_by(by.person_id, tuple(one.pk for one in versions))
    return [one for one in versions if one.pk not in known]


@kept(Confirmation)
def confirmed_by(person: int, versions: tuple[int, ...]) -> set[int]:
    """Return which of these versions this person has confirmed."""
    rows = Confirmation.objects.filter(person=person, version__in=versions)
    return set(rows.values_list("version_id", flat=True))


def overdue(versions: list[GuidelineVersion]) -> GuidelineVersion | None:
    """Return the first of these whose deadline for confirming is over, by the database's clock."""
    if not versions:
        return None
    now = desk_now()
    return next(
        (one for one in versions if one.at + timedelta(hours=one.confirm_within_hours) <= now), None
    )
