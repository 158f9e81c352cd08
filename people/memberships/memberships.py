"""How people come to the desk and leave it: sign-ins, memberships, deactivation.

Every change is an event.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.database.guards import DeskNow
from core.errors import Invalid, NotAllowed, Reason
from people import access, access_changes, policies
from people.identity import sessions, tokens
from people.models import (
    Department,
    Membership,
    Person,
    User,
)
from people.roles import Role


@transaction.atomic
def give_role(
    person: Person,
    *,
    role: Role,
    department: Department | None,
    by: User | None = None,
    invited_by: User | None = None,
) -> Membership:
    """Open a membership.

    Done by a person (not by command), it is noted as a change of that person's access; not where
    somebody accepted the invitation of `invited_by`, who then is the giver all the same.

    It counts for endorsing once a second person has confirmed it (see `endorsement.py`).
    """
    policies.require_administrator(by)
    giver = by or invited_by
    if reason := policies.why_not_manage(giver):
        raise NotAllowed(reason)
    if (role == Role.ADMINISTRATOR) != (department is None):
        raise Invalid(
            Reason(
                "department_missing",
                _("Every role but the administrator's belongs to a department."),
            ),
            "department",
        )
    membership, new = Membership.objects.get_or_create(
        person=person,
        role=role,
        department=department,
        ended_at=None,
        defaults={"given_by": giver.person if giver else None},
    )
    if new:
        access_changes.note_access_change(person, kind="role", by=by)
        record(
            "membership.opened",
            membership,
            by=giver,
            topic=person,
            department_id=membership.department_id,
            role=role,
            giver=giver.person_id if giver else None,
            standing=membership.standing,
        )
    return membership


@transaction.atomic
def end_role(membership: Membership, *, by: User | None = None) -> None:
    """Close a membership; approvals given under it no longer count.

    Refuses for the last administrator.
    """
    policies.require_administrator(by)
    if membership.role == Role.ADMINISTRATOR:
        not_the_last_administrator(membership.person)
    if Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(
        ended_at=DeskNow()
    ):
        record(
            "membership.closed",
            membership,
            by=by,
            topic=membership.person,
            department_id=membership.department_id,
            role=membership.role,
        )


@transaction.atomic
def deactivate(person: Person, *, by: User | None = None) -> None:
    """Switch off every sign-in of this person and close their memberships.

    Sessions, tokens and open links end for good.

    Refuses for the last administrator.
    """
    policies.require_administrator(by)
    if person.membership_set.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True).exists():
        not_the_last_administrator(person)
    for membership in person.membership_set.filter(ended_at__isnull=True):
        end_role(membership, by=by)
    for user in person.users.all():
        for token in user.tokens.filter(revoked_at__isnull=True):
            tokens.revoke(token, by=by)
        sessions.end_all(user, by=by)
    person.users.update(is_active=False)
    record("person.deactivated", person, by=by)


@transaction.atomic
def reactivate(person: Person, *, by: User | None = None) -> None:
    """Let this person sign in again; roles are given anew."""
    policies.require_administrator(by)
    person.users.update(is_active=True)
    access_changes.note_access_change(person, kind="person", by=by)
    record("person.reactivated", person, by=by)


def not_the_last_administrator(person: Person) -> None:
    """Refuse where nobody else could set up the desk afterwards; the database refuses it too."""
    others = (
        Membership.objects.filter(role=Role.ADMINISTRATOR, person__users__is_active=True)
        .counting()
        .exclude(person__in=access.all_rows_of(person.pk))
    )
    if not others.exists():
        raise Invalid(
            Reason(
                "last_administrator",
                _(
                    "{name} is the last administrator. Name another one first, so that "
                    "somebody can still set up the desk."
                ).format(name=person.name),
            )
        )
