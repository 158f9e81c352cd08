"""Why this person may not set up people and departments, nor say a second word about a role."""

from django.db import connection
from django.utils.translation import gettext as _

from core.errors import Reason
from people import access
from people.models import Membership, User
from people.roles import Role


def why_not_manage(by: User | None) -> Reason | None:
    """Administrators set up the desk; so do commands, which nobody signs in for."""
    if by is None or (by.is_active and by.is_administrator):
        return None
    if any(one.role == Role.ADMINISTRATOR for one in by.memberships):
        return Reason("role_waits", _("Your role as administrator does not count yet: a second lead or administrator has to confirm it."))
    return Reason("no_right", _("Administrators set up people and departments. Tell one of them what should change."))


def why_not_confirm(membership: Membership, by: User) -> Reason | None:
    """A second person: lead of the department or of one above, or administrator; neither who gave the role nor who received it."""
    if membership.ended_at is not None:
        return Reason("role_ended", _("This role has ended. There is nothing to confirm."))
    if membership.given_by_id is None:
        return Reason("by_command", _("This role was set up by command on the machine itself. It counts without a confirmation."))
    if access.same_person(membership.person_id, by.person_id):
        return Reason("own_role", _("This is your own role. Somebody else has to confirm it."))
    if access.same_person(membership.given_by_id, by.person_id):
        return Reason("own_gift", _("You gave this role yourself. A second person has to confirm it."))
    powers = [one for one in by.memberships if one.role in (Role.LEAD, Role.ADMINISTRATOR)]
    if powers and not any(one.counts for one in powers):
        return Reason("role_waits", _("Your own role does not count yet, so you cannot confirm another one."))
    return _why_not_second(membership, by, [one.pk for one in powers if one.counts])


def _why_not_second(membership: Membership, by: User, powers: list[int]) -> Reason | None:
    """What the database finds: whether one of these roles is a second one, and who lately set this person's access."""
    if not by.is_active or not powers:
        return Reason("no_right", _("A lead or an administrator confirms roles."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_role_second(%s, %s), people_role_steered(%s, %s)", [membership.pk, powers, membership.pk, by.person_id])
        second, steered = cursor.fetchone()
    if not second:
        return Reason("no_right", _("The lead of that department, of one above it, or an administrator confirms this role; not somebody whose "
                                    "own right comes from who gave it."))
    if steered:
        return Reason("access_changed", _("Within the last 7 days who gave or received this role set your access. So somebody else has to "
                                          "confirm it."))
    return None
