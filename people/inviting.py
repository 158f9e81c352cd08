"""Invitations: somebody is asked to join, or to choose a new password, and does so themselves. The key stands in the link alone."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.clock import desk_now
from core.errors import Invalid, Reason
from core.guards import DeskNow
from core.readable import readable_name
from people import joining
from people.models import Department, Invitation, Person, User
from people.roles import Role

VALID_FOR = timedelta(days=7)


def hashed(key: str) -> str:
    """SHA-256 of the key, hexadecimal; keys have 256 bits of chance."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def invite(*, name: str, initials: str, email: str, role: Role, department: Department | None, by: User | None) -> tuple[Invitation, str]:
    """Ask somebody to join under this role; returns the invitation and the key of its link, which is shown this once. By command without `by`."""
    joining.may(by)
    name, initials, email = readable_name(name), initials.strip().lower(), email.strip()
    if not name:
        raise Invalid(Reason("name_missing", _("Whom do you invite? Write the name.")), "name")
    if (role == Role.ADMINISTRATOR) != (department is None):
        raise Invalid(Reason("department_missing", _("Every role but the administrator's belongs to a department.")), "department")
    if email:
        try:
            validate_email(email)
        except ValidationError as wrong:
            raise Invalid(Reason("email_odd", _("This is no e-mail address.")), "email") from wrong
    try:
        Person(name=name, initials=initials or None).full_clean()
    except ValidationError as wrong:
        raise joining.taken_or_odd() from wrong
    key = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(sha256=hashed(key), name=name, initials=initials, email=email, role=role, department=department, by=by)
    record("invitation.made", invitation, by=by, department_id=department.pk if department else None, role=role)
    return invitation, key


@transaction.atomic
def invite_to_new_password(user: User, *, by: User) -> tuple[Invitation, str]:
    """Let somebody choose a new password; it counts as setting that person's access."""
    joining.may(by)
    key = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(sha256=hashed(key), user=user, by=by)
    joining.note_access_change(user.person, kind="password", by=by)
    record("invitation.made", invitation, by=by, topic=user.person)
    return invitation, key


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> None:
    """The link stops working."""
    joining.may(by)
    Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True).update(revoked_at=DeskNow())
    record("invitation.revoked", invitation, by=by)


def find(key: str) -> Invitation | None:
    """The invitation of this key that can still be accepted, or None."""
    return Invitation.objects.select_related("department", "by__person", "user__person").filter(
        sha256=hashed(key), accepted_at__isnull=True, revoked_at__isnull=True, at__gt=desk_now() - VALID_FOR).first()


@transaction.atomic
def accept(invitation: Invitation, *, username: str, password: str, name: str = "") -> User:
    """Join: the invited person chooses a user name and a password. Who is known by the e-mail address already gets the role on their person.

    Who was invited by command may say their own `name`.
    Refuses a weak password, a taken user name, and initials that somebody took meanwhile.
    """
    own_name = readable_name(name) if invitation.by_id is None else ""
    user = invitation.user or joined(invitation, readable_name(username, "username"), own_name or invitation.name)
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Invalid(Reason("password_weak", " ".join(weak.messages)), "password") from weak
    user.set_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=DeskNow(), accepted_by=user)
    record("invitation.accepted", invitation, by=user, topic=user.person, department_id=invitation.department_id)
    return user


def joined(invitation: Invitation, username: str, name: str) -> User:
    """The new sign-in with its person and role."""
    if not username or User.objects.filter(username__iexact=username).exists():
        raise Invalid(Reason("username_taken", _("This user name is taken or empty. Choose another one.")), "username")
    known = User.objects.filter(email__iexact=invitation.email).first() if invitation.email else None
    person = known.person if known else joining.add_person(name, initials=invitation.initials)
    user = joining.add_sign_in(username, person=person, email=invitation.email)
    joining.give_role(person, role=Role(invitation.role), department=invitation.department)
    return user
