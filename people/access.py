"""Who may do what where, by role alone. When and why not is said by each package's `policies`."""

from copy import copy
from datetime import datetime

from django.db import connection
from django.db.models import Min, QuerySet

from people.models import Department, Membership, Person, User
from people.roles import LEADS, RANK, REVIEWERS, WRITERS, ReviewPolicy, Role


def departments_of(user: User) -> list[Department]:
    """The departments whose tickets this person sees: their own and, for leads and deputies, all below."""
    own = {one.department for one in user.memberships if one.department}
    led = {one.department_id for one in user.memberships if one.role in LEADS}
    if led:
        known = list(Department.objects.all())
        while below := [one for one in known if one.parent_id in led and one.id not in led]:
            led |= {one.id for one in below}
            own |= set(below)
    return sorted(own, key=lambda one: one.id)


def department_ids(user: User) -> list[int]:
    """As `departments_of`, the ids."""
    return [one.id for one in departments_of(user)]


def chain(department: Department) -> list[int]:
    """This department and its parents, nearest first."""
    ids = [department.id]
    while department.parent_id and department.parent_id not in ids:
        department = department.parent  # type: ignore[assignment]
        ids.append(department.id)
    return ids


def may_write(user: User, department: Department) -> bool:
    """Whether this person drafts and works on tickets of the department."""
    return user.is_active and any(
        (one.department_id == department.id and one.role in WRITERS)
        or (one.role in LEADS and one.department_id in chain(department)) for one in user.memberships)


def leads(user: User, department: Department) -> bool:
    """Whether this person is lead or deputy of the department or of one of its parents."""
    above = chain(department)
    return user.is_active and any(one.role in LEADS and one.department_id in above for one in user.memberships)


def may_endorse(user: User, department: Department) -> bool:
    """Whether this person is entitled to decide on others' drafts in the department."""
    if leads(user, department):
        return True
    wanted = WRITERS if department.review_policy == ReviewPolicy.COLLEAGUES else REVIEWERS
    return user.is_active and any(one.department_id == department.id and one.role in wanted for one in user.memberships)


def strongest_membership(user: User, department: Department) -> Membership | None:
    """The membership under which this person acts in the department; a parent's lead acts under that one."""
    above = chain(department)
    candidates = [one for one in user.memberships if one.role in RANK and (
        one.department_id == department.id or (one.role in LEADS and one.department_id in above))]
    return max(candidates, key=lambda one: (RANK[Role(one.role)], one.department_id == department.id), default=None)


def entitled(department: Department, *, lead_side: bool = False) -> QuerySet[Person]:
    """The active people who may endorse in the department (`lead_side`: decide what is escalated), in order of rank."""
    roles = LEADS if lead_side else WRITERS if department.review_policy == ReviewPolicy.COLLEAGUES else REVIEWERS
    here = Membership.objects.filter(ended_at__isnull=True, department=department, role__in=roles)
    above = Membership.objects.filter(ended_at__isnull=True, department__in=chain(department), role__in=LEADS)
    people = here.values("person_id").union(above.values("person_id"))
    return Person.objects.filter(id__in=people, users__is_active=True).distinct().order_by("id")


def members(department: Department) -> QuerySet[Person]:
    """The active people of the department."""
    return Person.objects.filter(membership__department=department, membership__ended_at__isnull=True,
                                 users__is_active=True).distinct().order_by("name")


def colleagues(user: User) -> QuerySet[Person]:
    """The other active people of the departments that this person sees."""
    return Person.objects.filter(membership__department__in=department_ids(user), membership__ended_at__isnull=True,
                                 users__is_active=True).exclude(pk=user.person_id).distinct().order_by("name")


def who_may_be_named(department: Department) -> QuerySet[Person]:
    """Whom a note of this department can name: everybody active who sees its tickets, the departments above it included; with a user name each."""
    return Person.objects.filter(membership__department__in=chain(department), membership__ended_at__isnull=True, users__is_active=True).annotate(
        username=Min("users__username")).distinct().order_by("name")


def same_person(one: int, other: int) -> bool:
    """Whether two persons are one human being: the same row, or linked by an administrator."""
    if one == other:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_natural(%s) = people_natural(%s)", [one, other])
        return bool(cursor.fetchone()[0])


def as_of(user: User, written_at: datetime) -> User:
    """This person without the roles that they gave to themselves later than that: such a role does not count for what was written before."""
    seen = copy(user)
    seen.memberships = [one for one in user.memberships if one.given_by_id != user.person_id or one.started_at <= written_at]
    return seen
