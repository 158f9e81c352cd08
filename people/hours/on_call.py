"""Who is on duty: the hours of a department, less the absences of its people.

The time is given by who asks.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from people.access import chain
from people.hours import business_hours
from people.models import Absence, Department, Membership, Person
from people.roles import Role


def away(people: list[int], at: datetime, department: Department) -> set[int]:
    """Which of these people are away on that day."""
    day = at.astimezone(ZoneInfo(department.time_zone)).date()
    return set(
        Absence.objects.filter(
            person__in=people, ended_at__isnull=True, first_day__lte=day, last_day__gte=day
        ).values_list("person_id", flat=True)
    )


def holders(department: Department, role: Role) -> list[Person]:
    """Return the active people with this role in this very department, longest first."""
    rows = (
        Membership.objects.filter(department=department, role=role, person__users__is_active=True)
        .counting()
        .select_related("person")
    )
    return list({row.person_id: row.person for row in rows.order_by("started_at", "id")}.values())


def present(people: list[Person], at: datetime, department: Department) -> list[Person]:
    """Those who are not away."""
    absent = away([one.pk for one in people], at, department)
    return [one for one in people if one.pk not in absent]


def ladder(department: Department, at: datetime) -> list[list[Person]]:
    """Whom the clock calls one after the other: lead, deputy, the parent's lead.

    An absent lead hands over to the deputy at once.
    """
    leads, deputies = (
        present(holders(department, role), at, department) for role in (Role.LEAD, Role.DEPUTY)
    )
    parents = [Department.objects.get(pk=pk) for pk in chain(department)[1:]]
    heads = (
        present(holders(parent, role), at, parent)
        for parent in parents
        for role in (Role.LEAD, Role.DEPUTY)
    )
    above = next((found for found in heads if found), [])
    return [
        leads or deputies,
        [one for one in deputies if leads],
        [one for one in above if one not in leads and one not in deputies],
    ]


@dataclass(frozen=True)
class OnDuty:
    """Who of some people is there now, and if nobody: from when on who will be."""

    now: list[Person]
    next_people: list[Person]
    next_at: datetime | None


def of_entitled(people: list[Person], department: Department, at: datetime) -> OnDuty:
    """Return which people who may decide are on duty now, or when the next one will be."""
    if business_hours.on_duty(department, at) and (there := present(people, at, department)):
        return OnDuty(there, [], None)
    for opens, _closes in business_hours.services(department, at):
        if opens > at and (there := present(people, opens, department)):
            return OnDuty([], there, opens)
    return OnDuty([], [], None)
