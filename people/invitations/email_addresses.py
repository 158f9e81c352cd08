"""E-mail addresses of sign-ins.

One that somebody else set gets no links until its owner, signed in, says that it is theirs.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, NotAllowed, Reason, refused_by_a_guard
from people import access_changes, policies
from people.identity import login_names
from people.invitations import invitation_email
from people.models import User

LONGEST = 254  # as the column; the syntax alone allows more


@transaction.atomic
def set_email(user: User, *, email: str, by: User | None = None) -> None:
    """Another e-mail address for this sign-in, by its person or an administrator.

    Refuses one that somebody else here signs in with.

    The former address is told. Set by somebody else, it gets no links before its owner has
    confirmed it.
    """
    is_own = by is not None and by.person_id == user.person_id
    if not is_own:
        policies.require_administrator(by)
    email = email.strip()
    check(email, user=user)
    former = User.objects.values_list("email", flat=True).get(pk=user.pk)
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(
                email=email, **({"confirmed_email": email} if is_own or by is None else {})
            )
    except DatabaseError as refused:
        if not refused_by_a_guard(refused):
            raise
        raise Invalid(
            Reason("email_known", _("This e-mail address belongs to somebody else at this desk.")),
            "email",
        ) from refused
    access_changes.note_access_change(user.person, kind="email", by=by)
    record("sign_in.email_changed", user, by=by, topic=user.person)
    if former and former != email:
        transaction.on_commit(
            lambda: invitation_email.tell_former(user, former, by=by), robust=True
        )


def check(email: str, *, user: User | None = None) -> None:
    """Refuse what is no address, and one that belongs to somebody else; none at all is fine."""
    if not email:
        return
    if len(email) > LONGEST:
        raise Invalid(
            Reason(
                "email_odd", _("An e-mail address has at most {n} characters.").format(n=LONGEST)
            ),
            "email",
        )
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise Invalid(Reason("email_odd", _("This is not an e-mail address.")), "email") from wrong
    if reason := login_names.why_not_email(email, user=user):
        raise Invalid(reason, "email")


@transaction.atomic
def confirm(user: User, *, by: User) -> None:
    """Let the person say that the address is theirs; nobody else can."""
    if by.person_id != user.person_id:
        raise NotAllowed(Reason("not_yours", _("Only its owner confirms an address.")))
    if (
        User.objects.filter(pk=user.pk)
        .exclude(confirmed_email=F("email"))
        .update(confirmed_email=F("email"))
    ):
        record("sign_in.email_confirmed", user, by=by, topic=user.person)
