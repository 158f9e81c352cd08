"""Who may do what where, by role alone. When and why not is said by each package's `policies`."""

from collections.abc import Collection
from copy import copy
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from core.database import editions
from core.database.editions import kept
from people.models import (
    AccessChange,
    Department,
    Membership,
    Person,
    PersonLink,
    RoleConfirmation,
    User,
)
from people.roles import LEADS, RANK, REVIEWERS, WRITERS, ReviewPolicy, Role

ROWS = """
WITH RECURSIVE rows AS (
  SELECT people_natural(%s) AS id
  UNION SELECT link.person_id FROM people_personlink link JOIN rows ON rows.id = link.same_as_id)
SELECT rows.id FROM rows
"""


def departments_of(user: User) -> list[Department]:
    """Return the departments whose tickets this person sees.

    Their own and, for leads and deputies, all below.
    """
    own = {one.department for one in user.memberships if one.department}
    led = {one.department_id for one in user.memberships if one.role in LEADS}
    if led:
        known = all_departments()
        while below := [one for one in known if one.parent_id in led and one.id not in led]:
            led |= {one.id for one in below}
            own |= set(below)
    if editions.current() is not None:
        own = {departments_by_key()[one.pk] for one in own}
    return sorted(own, key=lambda one: one.id)


@kept(Department)
def all_departments() -> list[Department]:
    """Return every department."""
    return list(Department.objects.order_by("pk"))


@kept(Department)
def departments_by_key() -> dict[int, Department]:
    """Return every department by its key, each with the one above it."""
    found = {one.pk: one for one in all_departments()}
    for one in found.values():
        if one.parent_id:
            one.parent = found[one.parent_id]
    return found


@kept(Person)
def people_by_key() -> dict[int, Person]:
    """Return everybody by their key."""
    return Person.objects.in_bulk()


@kept(Department, Membership, Person, PersonLink, RoleConfirmation, User)
def memberships_of(person: int) -> list[Membership]:
    """Return the present memberships of a person (by key), as `User.memberships` gives them."""
    held = Membership.objects.filter(person=person, ended_at__isnull=True)
    return list(held.with_standing().select_related("department"))


def department_ids(user: User) -> list[int]:
    """As `departments_of`, the ids."""
    return [one.id for one in departments_of(user)]


def chain(department: Department) -> list[int]:
    """Return this department and its parents, nearest first."""
    ids = [department.id]
    while department.parent_id and department.parent_id not in ids:
        department = department.parent  # type: ignore[assignment]
        ids.append(department.id)
    return ids


def rights_of(user: User) -> tuple[Any, ...]:
    """Return whose rights these are and which: what any list for this person depends on."""
    held = (
        (one.pk, one.role, one.counts, one.department_id, one.department.review_policy)
        if one.department
        else (one.pk, one.role, one.counts)
        for one in user.memberships
    )
    return (user.pk, user.person_id, tuple(held), tuple(department_ids(user)))


def may_write(user: User, department: Department) -> bool:
    """Whether this person drafts and works on tickets of the department."""
    return user.is_active and any(
        (one.department_id == department.id and one.role in WRITERS)
        or (one.role in LEADS and one.department_id in chain(department))
        for one in user.memberships
    )


def decides_escalations(user: User, department: Department) -> bool:
    """Whether this person is lead or deputy of the department or of one of its parents."""
    above = chain(department)
    return user.is_active and any(
        one.role in LEADS and one.department_id in above and one.counts for one in user.memberships
    )


def policy_of(department: Department, owner: Department | None = None) -> ReviewPolicy:
    """Return the review policy that holds for a ticket on an account of the `owner`.

    A ticket of the department.

    The stricter of the two.
    """
    both = {department.review_policy, (owner or department).review_policy}
    return ReviewPolicy.COLLEAGUES if both == {ReviewPolicy.COLLEAGUES} else ReviewPolicy.REVIEWERS


def endorsing_roles(department: Department, owner: Department | None = None) -> tuple[Role, ...]:
    """Return the roles that endorse in the department, on an account of the `owner`."""
    return WRITERS if policy_of(department, owner) == ReviewPolicy.COLLEAGUES else REVIEWERS


def may_endorse(user: User, department: Department, *, owner: Department | None = None) -> bool:
    """Whether this person is entitled to decide on others' drafts in the department.

    `owner` is the department of the ticket's account.
    """
    if decides_escalations(user, department):
        return True
    wanted = endorsing_roles(department, owner)
    return user.is_active and any(
        one.department_id == department.id and one.role in wanted and one.counts
        for one in user.memberships
    )


def strongest_membership(user: User, department: Department) -> Membership | None:
    """Return the membership under which this person acts in the department.

    One that counts before one that does not; a parent's lead acts under that one.
    """
    above = chain(department)
    candidates = [
        one
        for one in user.memberships
        if one.role in RANK
        and (
            one.department_id == department.id or (one.role in LEADS and one.department_id in above)
        )
    ]
    return max(
        candidates,
        key=lambda one: (one.counts, RANK[Role(one.role)], one.department_id == department.id),
        default=None,
    )


def entitled(
    department: Department, *, lead_side: bool = False, owner: Department | None = None
) -> QuerySet[Person]:
    """Return the active people who may endorse in the department, in order of rank.

    `lead_side`: who decides what is escalated.
    """
    roles = LEADS if lead_side else endorsing_roles(department, owner)
    here = Q(department=department, role__in=roles) | Q(
        department__in=chain(department), role__in=LEADS
    )
    people = Membership.objects.filter(here).counting().values("person_id")
    return Person.objects.filter(id__in=people, users__is_active=True).distinct().order_by("id")


@kept(AccessChange, Department, Membership, Person, PersonLink, RoleConfirmation, User)
def entitled_people(
    department: Department, *, lead_side: bool = False, owner: Department | None = None
) -> list[Person]:
    """Return the same people, for a page."""
    return list(entitled(department, lead_side=lead_side, owner=owner))


def members(department: Department) -> QuerySet[Person]:
    """Return the active people of the department."""
    return active_people([department.pk])


def active_people(department_ids: Collection[int]) -> QuerySet[Person]:
    """Return the active people of these departments."""
    return (
        Person.objects.filter(
            membership__department__in=department_ids,
            membership__ended_at__isnull=True,
            users__is_active=True,
        )
        .distinct()
        .order_by("name")
    )


def colleagues(user: User) -> QuerySet[Person]:
    """Return the other active people of the departments that this person sees."""
    return active_people(department_ids(user)).exclude(pk=user.person_id)


def who_may_be_named(department: Department) -> QuerySet[Person]:
    """Whom a note of this department can name.

    Everybody active who sees its tickets, the departments above it included; with a user name each,
    and whether they are of the department itself (`is_member`).
    """
    here = Membership.objects.filter(
        person=OuterRef("pk"), department=department, ended_at__isnull=True
    )
    return (
        Person.objects.filter(
            membership__department__in=chain(department),
            membership__ended_at__isnull=True,
            users__is_active=True,
        )
        .annotate(username=Min("users__username"), is_member=Exists(here))
        .distinct()
        .order_by("name")
    )


@kept(Department, Membership, Person, User)
def nameable_people(department: Department) -> list[Person]:
    """Return the same people, for a page."""
    return list(who_may_be_named(department))


def natural(person_id: int) -> int:
    """Who this person really is: the end of a chain of links."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_natural(%s)", [person_id])
        return int(cursor.fetchone()[0])


def same_person(one: int | None, other: int | None) -> bool:
    """Whether two persons are one human being: the same row, or linked by an administrator."""
    if one is None or other is None:
        return False
    return one == other or natural(one) == natural(other)


def rows_of(person_id: int) -> RawSQL:
    """As `all_rows_of`, to be asked inside another query."""
    return RawSQL(ROWS, [person_id])  # noqa: S611 - our own text, and a number


@kept(PersonLink)
def all_rows_of(person_id: int) -> list[int]:
    """Every row of this human being: this one and all that are linked with it."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [person_id])
        return [row[0] for row in cursor.fetchall()]


def access_set_lately(one: int, other: int) -> bool:
    """Whether one of the two human beings set the other's access within the last seven days."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_access_set(%s, %s)", [one, other])
        return bool(cursor.fetchone()[0])


def made_by(person_id: int, other_id: int, *, counting: bool = True) -> bool:
    """Whether this person is at the desk by the word of the other alone.

    Nobody else confirmed any role of theirs.

    `counting`: only where that keeps the two from standing behind one reply, since somebody else
    could confirm.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_made_by(%s, %s, %s)", [person_id, other_id, counting])
        return bool(cursor.fetchone()[0])


def as_of(user: User, written_at: datetime) -> User:
    """Return this person without the roles that they gave to themselves later than that.

    Such a role does not count for what was written before.
    """
    seen = copy(user)
    seen.memberships = [
        one
        for one in user.memberships
        if one.started_at <= written_at or not same_person(one.given_by_id, one.person_id)
    ]
    return seen
