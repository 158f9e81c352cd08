"""How people come to the desk and leave it: sign-ins, memberships, deactivation.

Every change is an event.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DeskError, Invalid, NotAllowed, Reason, guard_of, stopped_by_the_wall
from core.guards import DeskNow
from core.readable import readable_name
from people import access, login_names, passwords, policies, sessions, tokens
from people.access_guards import NAMES
from people.models import (
    Absence,
    AccessChange,
    Department,
    Invitation,
    Membership,
    Person,
    PersonLink,
    User,
)
from people.roles import Role


@transaction.atomic
def add_person(name: str, *, initials: str = "", by: User | None = None) -> Person:
    """Return a new person.

    Initials must be two to four letters a–z that nobody in this installation ever had.
    """
    person = Person(name=readable_name(name), initials=initials or None)
    try:
        person.full_clean()
        with transaction.atomic():
            person.save()
    except (ValidationError, DatabaseError) as wrong:
        raise taken_or_odd() from wrong
    record("person.added", person, by=by)
    return person


@transaction.atomic
def add_sign_in(
    username: str,
    *,
    person: Person,
    email: str = "",
    password: str | None = None,
    by: User | None = None,
    invitation: Invitation | None = None,
) -> User:
    """Return a sign-in for this person.

    One with an e-mail address that is known already belongs to that address's person.

    Who has one already adds a further one themselves (`by`), or comes through an invitation that
    was mailed and shown to nobody.
    """
    username = login_names.cleaned(username)
    known = login_names.holder(email) if email else None
    if known and known.person_id != person.id:
        raise Invalid(
            Reason("email_known", _("This e-mail address belongs to somebody else at this desk.")),
            "email",
        )
    if reason := policies.why_not_add_sign_in(person, by=by, invitation=invitation):
        raise NotAllowed(reason)
    if reason := login_names.why_not_username(username):
        raise Invalid(reason, "username")
    own = by if by and by.person_id == person.pk else None
    address = "" if known else email
    said_so = by is None or own is not None
    user = User(
        username=username,
        email=address,
        confirmed_email=address if said_so else "",
        person=person,
        added_by=own,
        invitation=invitation,
    )
    user.set_password(password)
    try:
        user.full_clean(exclude=["password"])
        with transaction.atomic():
            user.save()
    except (ValidationError, DatabaseError) as refused:
        raise not_added(refused) from refused
    record("sign_in.added", user, by=by, topic=person, password=passwords.trace_of(user))
    return user


def not_added(refused: ValidationError | DatabaseError) -> DeskError:
    """Return the refusal of a sign-in whose name somebody took meanwhile.

    What else the database refuses stays as it is.
    """
    if (
        isinstance(refused, DatabaseError)
        and not isinstance(refused, IntegrityError)
        and not (stopped_by_the_wall(refused) and guard_of(refused) == NAMES.name)
    ):
        raise refused
    return Invalid(
        Reason("username_taken", _("This user name is taken or empty. Choose another one.")),
        "username",
    )


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

    It counts for endorsing once a second person has confirmed it (`people.endorsing`).
    """
    may(by)
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
        note_access_change(person, kind="role", by=by)
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
    may(by)
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
    may(by)
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
    may(by)
    person.users.update(is_active=True)
    note_access_change(person, kind="person", by=by)
    record("person.reactivated", person, by=by)


@transaction.atomic
def rename(
    person: Person, *, name: str, initials: str, is_listed_by_name: bool, by: User | None = None
) -> Person:
    """Another name or other initials.

    Replies that stand on X keep the initials they bear, and nobody else ever gets them.
    """
    may(by)
    changed = Person.objects.get(pk=person.pk)
    changed.name, changed.initials, changed.is_listed_by_name = (
        readable_name(name),
        initials.strip().lower() or None,
        is_listed_by_name,
    )
    try:
        changed.full_clean()
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(
                name=changed.name, initials=changed.initials, is_listed_by_name=is_listed_by_name
            )
    except (ValidationError, DatabaseError) as wrong:
        raise taken_or_odd() from wrong
    if (person.name, person.initials) != (changed.name, changed.initials):
        note_access_change(person, kind="person", by=by)
    record("person.changed", person, by=by)
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def link(person: Person, *, same_as: Person, by: User | None = None) -> PersonLink:
    """Two persons are one human being, for ever: from now on neither endorses the other's words."""
    may(by)
    if access.same_person(person.pk, same_as.pk):
        raise Invalid(Reason("linked_already", _("These two are one person already.")), "same_as")
    linked = PersonLink.objects.create(
        person=Person.objects.get(pk=access.natural(person.pk)), same_as=same_as, by=by
    )
    note_access_change(person, kind="person", by=by)
    record("person.linked", person, by=by, same_as=same_as.pk)
    return linked


@transaction.atomic
def add_absence(person: Person, *, first_day: date, last_day: date, by: User) -> Absence:
    """Away from a day to a day; entered by oneself or by an administrator."""
    if by.person_id != person.pk:
        may(by)
    if last_day < first_day:
        raise Invalid(
            Reason("absence_backwards", _("The last day lies before the first.")), "last_day"
        )
    absence = Absence.objects.create(person=person, first_day=first_day, last_day=last_day)
    record("absence.entered", absence, by=by, topic=person)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by: User) -> None:
    """Back again, or it was entered by mistake."""
    if by.person_id != absence.person_id:
        may(by)
    Absence.objects.filter(pk=absence.pk, ended_at__isnull=True).update(ended_at=DeskNow())
    record("absence.ended", absence, by=by, topic=absence.person)


def may(by: User | None) -> None:
    """Raise where this person may not set up others."""
    if reason := policies.why_not_manage(by):
        raise NotAllowed(reason)


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


def taken_or_odd() -> Invalid:
    """Return the refusal of a name or initials."""
    return Invalid(
        Reason("initials_taken", _("These initials are taken or not two to four letters a to z.")),
        "initials",
    )


def note_access_change(person: Person, *, kind: str, by: User | None) -> None:
    """Who set whose access forms no pair with that person for 7 days.

    Set-up by command does not count.
    """
    if by and not access.same_person(by.person_id, person.id):
        AccessChange.objects.create(setter=by.person, subject=person, kind=kind)
