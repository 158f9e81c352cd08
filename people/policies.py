"""Why this person may not set up people and departments, nor say a second word about a role.

Why nobody adds a sign-in to somebody else.
"""

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from core.errors import NotAllowed, Reason
from people import access, policies
from people.models import (
    Invitation,
    Membership,
    Person,
    User,
)
from people.roles import Role


def why_not_manage(by: User | None) -> Reason | None:
    """Administrators set up the desk; so do commands, which nobody signs in for."""
    if by is None or (by.is_active and by.is_administrator):
        return None
    if any(one.role == Role.ADMINISTRATOR for one in by.memberships):
        return Reason(
            "role_waits",
            _(
                "Your role as administrator does not count yet: a second lead or "
                "administrator has to confirm it."
            ),
        )
    return Reason(
        "no_right",
        _("Administrators set up people and departments. Tell one of them what should change."),
    )


def why_not_confirm(membership: Membership, by: User) -> Reason | None:
    """Leave confirming a role to a second person.

    Lead of the department or of one above, or administrator.

    Neither who gave the role nor who received it.
    """
    if membership.ended_at is not None:
        return Reason("role_ended", _("This role has ended. There is nothing to confirm."))
    if membership.given_by_id is None:
        return Reason(
            "by_command",
            _(
                "This role was set up by command on the machine itself. It counts without "
                "a confirmation."
            ),
        )
    if access.same_person(membership.person_id, by.person_id):
        return Reason("own_role", _("This is your own role. Somebody else has to confirm it."))
    if access.same_person(membership.given_by_id, by.person_id):
        return Reason(
            "own_gift", _("You gave this role yourself. A second person has to confirm it.")
        )
    powers = [one for one in by.memberships if one.role in (Role.LEAD, Role.ADMINISTRATOR)]
    if powers and not any(one.counts for one in powers):
        return Reason(
            "role_waits", _("Your own role does not count yet, so you cannot confirm another one.")
        )
    return _why_not_second(membership, by, [one.pk for one in powers if one.counts])


def _why_not_second(membership: Membership, by: User, powers: list[int]) -> Reason | None:
    """Return what the database finds.

    Whether one of these roles is a second one, and who lately set this person's access.
    """
    if not by.is_active or not powers:
        return Reason("no_right", _("A lead or an administrator confirms roles."))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT people_role_second(%s, %s), people_role_steered(%s, %s)",
            [membership.pk, powers, membership.pk, by.person_id],
        )
        second, steered = cursor.fetchone()
    if not second:
        return Reason(
            "no_right",
            _(
                "The lead of that department, of one above it, or an administrator confirms "
                "this role; not somebody whose own right comes from the person who gave it."
            ),
        )
    if steered:
        return Reason(
            "access_changed",
            _(
                "Within the last 7 days the person who gave or received this role set your "
                "access. So somebody else has to confirm it."
            ),
        )
    return None


def why_not_add_sign_in(
    person: Person, *, by: User | None, invitation: Invitation | None = None
) -> Reason | None:
    """Let a person's first sign-in come with them.

    A further one is added by themselves, signed in, or by a link that was mailed and shown to
    nobody.
    """
    if not person.users.exists() or (by and by.is_active and by.person_id == person.pk):
        return None
    if invitation and invitation.person_id == person.pk and invitation.only_by_mail:
        return None
    return Reason(
        "not_own_sign_in",
        _(
            "{name} is at this desk already and adds a further sign-in themselves, under "
            "“Sign-in and security”."
        ).format(name=person.name),
    )


def why_not_by_mail(user: User) -> Reason | None:
    """Why no link can go to this sign-in's address.

    No mail server, no address, switched off, or an address that its owner has not confirmed.
    """
    if not user.is_active:
        return Reason("switched_off", _("{name} is switched off.").format(name=user.person.name))
    if not settings.EMAIL_HOST:
        return Reason("no_mail", _("This desk has no mail server, so no link can be sent."))
    if not user.email:
        return Reason(
            "no_address", _("{name} has no e-mail address here.").format(name=user.person.name)
        )
    if not user.email_confirmed:
        return Reason(
            "address_not_confirmed",
            _(
                "Somebody else set the e-mail address of {name}; no link goes there before "
                "{name} has confirmed it."
            ).format(name=user.person.name),
        )
    return None


def why_not_invite_known(user: User) -> Reason | None:
    """Why somebody whose address is known cannot be invited once more.

    The link could not reach them unseen. It says what to do instead.
    """
    if (reason := why_not_by_mail(user)) is None:
        return None
    return Reason(
        f"known_{reason.code}",
        str(reason)
        + " "
        + _(
            "{name} is at this desk already: give the role on their page. A further "
            "sign-in they add themselves, under “Sign-in and security”."
        ).format(name=user.person.name),
    )


def why_not_new_password(user: User, *, by: User) -> Reason | None:
    """Why this administrator makes no link for a new password.

    Their own they change themselves, and no link follows an address they set.
    """
    if by.person_id == user.person_id:
        return Reason(
            "own_password", _("You change your own password under “Sign-in and security”.")
        )
    if not user.is_active:
        return why_not_by_mail(user)
    if settings.EMAIL_HOST and not user.email_confirmed:
        return Reason(
            "address_not_confirmed",
            _(
                "The e-mail address was set by somebody else and is not confirmed. Put the "
                "former one back, or let {name} confirm it."
            ).format(name=user.person.name),
        )
    return None


def require_administrator(by: User | None) -> None:
    """Raise where this person may not set up others."""
    if reason := policies.why_not_manage(by):
        raise NotAllowed(reason)
