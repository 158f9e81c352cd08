"""How people come to the desk and leave it: sign-ins, memberships, deactivation. Every change is an event."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, Reason
from core.guards import DeskNow
from people.models import AccessChange, Department, Membership, Person, User
from people.roles import Role


@transaction.atomic
def add_person(name: str, *, initials: str = "", by: User | None = None) -> Person:
    """A new person. Initials must be two to four letters a–z that nobody in this installation ever had."""
    person = Person(name=name, initials=initials or None)
    try:
        person.full_clean()
    except ValidationError as wrong:
        raise Invalid(Reason("initials_taken", _("These initials are taken or not two to four letters a to z.")), "initials") from wrong
    person.save()
    record("person.added", person, by=by)
    return person


@transaction.atomic
def add_sign_in(username: str, *, person: Person, email: str = "", password: str | None = None, by: User | None = None) -> User:
    """A sign-in for this person; one with an e-mail address that is known already belongs to that address's person."""
    known = User.objects.filter(email__iexact=email).first() if email else None
    if known and known.person_id != person.id:
        raise Invalid(Reason("email_known", _("This e-mail address belongs to somebody else at this desk.")), "email")
    user = User(username=username, email="" if known else email, person=person)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    record("sign_in.added", user, by=by, topic=person)
    return user


@transaction.atomic
def give_role(person: Person, *, role: Role, department: Department | None, by: User | None = None) -> Membership:
    """Open a membership. Done by a person (not by command), it is noted as a change of that person's access."""
    membership, new = Membership.objects.get_or_create(person=person, role=role, department=department, ended_at=None)
    if new:
        note_access_change(person, kind="role", by=by)
        record("membership.opened", membership, by=by, topic=person, department_id=membership.department_id, role=role)
    return membership


@transaction.atomic
def end_role(membership: Membership, *, by: User | None = None) -> None:
    """Close a membership; approvals given under it no longer count."""
    if Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(ended_at=DeskNow()):
        record("membership.closed", membership, by=by, topic=membership.person, department_id=membership.department_id)


@transaction.atomic
def deactivate(person: Person, *, by: User | None = None) -> None:
    """Switch off every sign-in of this person and close their memberships; sessions and tokens end with the next request.

    Refuses for the last administrator.
    """
    others = Membership.objects.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True).exclude(person=person)
    if person.membership_set.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True).exists() and not others.exists():
        raise Invalid(Reason("last_administrator", _(
            "{name} is the last administrator. Name another one first, so that somebody can still set up the desk."
        ).format(name=person.name)))
    person.users.update(is_active=False)
    for membership in person.membership_set.filter(ended_at__isnull=True):
        end_role(membership, by=by)
    record("person.deactivated", person, by=by)


def note_access_change(person: Person, *, kind: str, by: User | None) -> None:
    """Who set whose access forms no pair with that person for 7 days; set-up by command does not count."""
    if by and by.person_id != person.id:
        AccessChange.objects.create(setter=by.person, subject=person, kind=kind)
