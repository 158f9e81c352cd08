"""Invitations: somebody is asked to join, or to choose a new password, and does so themselves.

The key stands in the link alone.

A link into the sign-ins of somebody who is at the desk already goes by mail, to an address that
they confirmed, and is shown to nobody. Where there is no mail server it is shown to the
administrator who made it, and everybody concerned is told.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.errors import Invalid, NotAllowed, Reason
from core.text.readable import readable_name
from people import policies
from people.identity import login_names, passwords, persons, provisioning
from people.invitations import email_addresses
from people.memberships import memberships
from people.models import Department, Invitation, Person, User
from people.roles import Role

VALID_FOR = timedelta(days=7)


def hashed(key: str) -> str:
    """SHA-256 of the key, hexadecimal; keys have 256 bits of chance."""
    return hashlib.sha256(key.encode()).hexdigest()


def made(*, by: User | None, **fields: Any) -> tuple[Invitation, str]:
    """Return a new invitation and the key of its link."""
    key = secrets.token_urlsafe(32)
    return Invitation.objects.create(sha256=hashed(key), by=by, **fields), key


@transaction.atomic
def invite(
    *,
    name: str,
    initials: str,
    email: str,
    role: Role,
    department: Department | None,
    by: User | None,
) -> tuple[Invitation, str]:
    """Ask somebody to join under this role; returns the invitation and the key of its link.

    By command without `by`.

    An address that is known belongs to its person: they get the role and a further sign-in, by a
    link that is mailed alone. Refuses that where no mail reaches them.
    """
    policies.require_administrator(by)
    name, initials, email = readable_name(name), initials.strip().lower(), email.strip()
    if not name:
        raise Invalid(
            Reason("name_missing", _("Who is the invitation for? Enter the name.")), "name"
        )
    if (role == Role.ADMINISTRATOR) != (department is None):
        sentence = _("Every role but the administrator's belongs to a department.")
        raise Invalid(Reason("department_missing", sentence), "department")
    known = login_names.holder(email) if email else None
    place: dict[str, Any] = {"by": by, "role": role, "department": department}
    if known:
        invitation, key = made_for_known(known, **place)
    else:
        email_addresses.check(email)
        try:
            Person(name=name, initials=initials or None).full_clean()
        except ValidationError as wrong:
            raise persons.taken_or_odd() from wrong
        invitation, key = made(name=name, initials=initials, email=email, **place)
    record(
        "invitation.made",
        invitation,
        by=by,
        topic=known.person if known else None,
        department_id=department.pk if department else None,
        role=role,
    )
    return invitation, key


def made_for_known(known: User, **place: Any) -> tuple[Invitation, str]:
    """Return an invitation of somebody who is here already, by a link that is mailed alone."""
    if reason := policies.why_not_invite_known(known):
        raise Invalid(reason, "email")
    return made(
        name=known.person.name, email=known.email, person=known.person, only_by_mail=True, **place
    )


@transaction.atomic
def invite_to_new_password(user: User, *, by: User) -> tuple[Invitation, str]:
    """Let somebody choose a new password; it counts as setting that person's access.

    By mail alone where mail reaches them.
    """
    policies.require_administrator(by)
    if reason := policies.why_not_new_password(user, by=by):
        raise NotAllowed(reason)
    mailed = policies.why_not_by_mail(user) is None
    invitation, key = made(
        by=by, user=user, only_by_mail=mailed, email=user.email if mailed else ""
    )
    record("invitation.made", invitation, by=by, topic=user.person, mailed=mailed)
    return invitation, key


@transaction.atomic
def invite_who_forgot(user: User) -> tuple[Invitation, str] | None:
    """Return the link for who said at sign-in that they forgot their password.

    None where no mail reaches them.
    """
    if policies.why_not_by_mail(user):
        return None
    invitation, key = made(by=None, user=user, only_by_mail=True, email=user.email)
    record("invitation.made", invitation, topic=user.person, mailed=True)
    return invitation, key


@transaction.atomic
def revoke(invitation: Invitation, *, by: User | None) -> None:
    """Let the link work no longer."""
    policies.require_administrator(by)
    Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=DeskNow())
    record("invitation.revoked", invitation, by=by)


def find(key: str) -> Invitation | None:
    """Return the invitation of this key that can still be accepted, or None."""
    return (
        Invitation.objects.select_related("department", "by__person", "user__person", "person")
        .exclude(user__is_active=False)
        .filter(
            sha256=hashed(key),
            accepted_at__isnull=True,
            revoked_at__isnull=True,
            at__gt=desk_now() - VALID_FOR,
        )
        .first()
    )


def why_not_accept(invitation: Invitation, *, here: User | None) -> Reason | None:
    """Why this browser does not accept it: somebody else is signed in here, perhaps who made it."""
    concerned = invitation.person_id or (invitation.user.person_id if invitation.user else None)
    if here is None or here.person_id == concerned:
        return None
    return Reason(
        "signed_in_as_other",
        _(
            "You are signed in as {name}, and this link is for somebody else. Sign out, "
            "then open it again."
        ).format(name=here.person.name),
    )


@transaction.atomic
def accept(
    invitation: Invitation,
    *,
    username: str = "",
    password: str,
    name: str = "",
    initials: str = "",
    email: str | None = None,
    here: User | None = None,
) -> User:
    """Join, or choose a new password.

    Who comes sees the address that is theirs and may write another (`email`); `here` is who is
    signed in.

    Who was invited by command may say their own `name` and `initials`. Refuses a weak password, a
    taken user name, initials that somebody took meanwhile, and a browser in which somebody else is
    signed in.
    """
    if reason := why_not_accept(invitation, here=here):
        raise NotAllowed(reason)
    passwords.check(password)
    if invitation.user:
        user = invitation.user
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=DeskNow(), accepted_by=user)
        passwords.keep(user, password, by=user)
    else:
        own_name, own_initials = (
            (readable_name(name), initials.strip().lower())
            if invitation.by_id is None
            else ("", "")
        )
        user = joined(invitation, username, own_name, own_initials, password, email)
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=DeskNow(), accepted_by=user)
    record(
        "invitation.accepted",
        invitation,
        by=user,
        topic=user.person,
        department_id=invitation.department_id,
        password=passwords.trace_of(user),
    )
    return user


def joined(
    invitation: Invitation,
    username: str,
    own_name: str,
    own_initials: str,
    password: str,
    own_email: str | None,
) -> User:
    """Return the new sign-in with its person and role.

    Only a link that was mailed alone leads to a person who is here already.
    """
    if invitation.person:
        person, email = invitation.person, ""
    else:
        email = (invitation.email if own_email is None else own_email).strip()
        email_addresses.check(email)
        person = persons.add_person(
            own_name or invitation.name, initials=own_initials or invitation.initials
        )
    user = provisioning.add_sign_in(
        username, person=person, email=email, password=password, invitation=invitation
    )
    memberships.give_role(
        person,
        role=Role(invitation.role),
        department=invitation.department,
        invited_by=invitation.by,
    )
    return user
