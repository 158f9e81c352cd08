"""What can be done with a ticket, and for whom: for the open one, and for any row of a list.

Each verb is a menu of choices; the templates of both places draw the same ones from a `Verbs`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from core.database.editions import kept
from people import access
from people.models import Department, Membership, Person, User
from tickets import incidents, policies
from tickets.forms import SNOOZES
from tickets.models import Incident, Ticket
from tickets.states import LeftAs, Priority, ResolvedReason


@dataclass(frozen=True)
class Choice:
    """One thing to choose.

    `departments` has the ids of those for whose tickets it can be chosen, with blanks between them.
    """

    pk: int
    name: str
    departments: str = ""


@dataclass(frozen=True)
class Verbs:
    """The choices of every verb: for one ticket, or for those of all departments that one sees."""

    members: tuple[Choice, ...] = ()
    departments: tuple[Choice, ...] = ()
    incidents: tuple[Choice, ...] = ()
    said_before_hand_off: tuple[str, ...] = ()

    @property
    def snoozes(self) -> Mapping[str, tuple[Promise, timedelta | None]]:
        """The name of each time at which a ticket comes back, by what its button sends."""
        return SNOOZES

    @property
    def reasons(self) -> Sequence[tuple[str, str | Promise]]:
        """Why a ticket needs no reply: what a button sends, and its name."""
        return ResolvedReason.choices

    @property
    def outcomes(self) -> Sequence[tuple[str, str | Promise]]:
        """How a customer may have left: what a choice sends, and its name; saying nothing last."""
        return [*LeftAs.choices, ("", pgettext_lazy("outcome", "Not said"))]

    @property
    def priorities(self) -> Sequence[tuple[str, str | Promise]]:
        """Each priority: what a button sends, and its name."""
        return Priority.choices


NONE = Verbs()


def of_ticket(ticket: Ticket, user: User, members: Iterable[Person]) -> Verbs:
    """Return what can be chosen for this ticket, by somebody who works on it.

    `members` are the active people of its department, by name.
    """
    departments = [one for one in access.all_departments() if one.pk != ticket.department_id]
    warnings = [policies.said_before_hand_off(ticket, department) for department in departments]
    here = [
        one
        for one in incidents.all_in(tuple(access.department_ids(user)))
        if one.department_id == ticket.department_id
    ]
    return Verbs(
        members=tuple(Choice(one.pk, one.name) for one in members),
        departments=tuple(Choice(one.pk, one.name) for one in departments),
        incidents=tuple(Choice(one.pk, one.name) for one in here),
        said_before_hand_off=tuple(warning for warning in warnings if warning),
    )


def of_rows(user: User) -> Verbs:
    """Return what can be chosen for the rows of this person's lists, department by department."""
    return of_rows_in(tuple(access.department_ids(user)))


@kept(Department, Incident, Membership, Person, User)
def of_rows_in(ids: tuple[int, ...]) -> Verbs:
    """Return the same for one who sees these departments."""
    all_departments = list(Department.objects.order_by("pk"))
    return Verbs(
        members=tuple(members_of(ids)),
        departments=tuple(
            Choice(one.pk, one.name, joined(pk for pk in ids if pk != one.pk))
            for one in all_departments
        ),
        incidents=tuple(
            Choice(one.pk, one.name, str(one.department_id)) for one in incidents.open_in(ids)
        ),
    )


def members_of(department_ids: Collection[int]) -> list[Choice]:
    """Return the active people of these departments by name, each once."""
    rows = (
        Membership.objects.filter(
            department__in=department_ids,
            ended_at__isnull=True,
            person__users__is_active=True,
        )
        .order_by("person__name", "person")
        .values_list("person", "person__name", "department")
        .distinct()
    )
    found: dict[int, Choice] = {}
    for person, name, department in rows:
        before = found.get(person, Choice(person, name)).departments
        found[person] = Choice(person, name, f"{before} {department}".strip())
    return list(found.values())


def joined(ids: Iterable[int]) -> str:
    """Write ids with blanks between them."""
    return " ".join(map(str, ids))
