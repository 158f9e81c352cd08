"""Giving a person a sign-in."""

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DeskError, Invalid, NotAllowed, Reason, guard_of, refused_by_a_guard
from people import policies
from people.identity import login_names, passwords
from people.identity.guards import NAMES
from people.models import (
    Invitation,
    Person,
    User,
)


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
        and not (refused_by_a_guard(refused) and guard_of(refused) == NAMES.name)
    ):
        raise refused
    return Invalid(
        Reason("username_taken", _("This user name is taken or empty. Choose another one.")),
        "username",
    )
