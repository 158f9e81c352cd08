"""Who may endorse is decided by four eyes.

A second person's word about a role, and which roles wait for one.
"""

from django.db import DatabaseError, transaction
from django.db.models import Q

from core.audit import record
from core.channel import current_channel
from core.errors import NotAllowed, refusal
from people import access, policies
from people.memberships import memberships
from people.models import Membership, RoleConfirmation, User
from people.roles import LEADS, REVIEWERS, ReviewPolicy, Role, Standing


@transaction.atomic
def confirm(membership: Membership, *, by: User) -> RoleConfirmation:
    """Say that this role is right: from now on it counts for endorsing.

    Saying it twice says it once.

    Refuses who gave or received the role, whoever has no right to give it, and whose own role does
    not count.
    """
    if said := said_before(membership, RoleConfirmation.CONFIRMED, by=by):
        return said
    said = say(membership, RoleConfirmation.CONFIRMED, by=by)
    record(
        "membership.confirmed",
        said,
        by=by,
        topic=membership.person,
        department_id=membership.department_id,
        role=membership.role,
        membership=membership.pk,
    )
    return said


@transaction.atomic
def refuse(membership: Membership, *, by: User) -> RoleConfirmation:
    """Say that this role is not right, or take a confirmation back.

    From now on it does not count, and approvals under it are void.

    Refuses the same people as confirming does, and where nobody else could set up the desk
    afterwards.
    """
    if said := said_before(membership, RoleConfirmation.REFUSED, by=by):
        return said
    if membership.role == Role.ADMINISTRATOR:
        memberships.not_the_last_administrator(membership.person)
    said = say(membership, RoleConfirmation.REFUSED, by=by)
    record(
        "membership.refused",
        said,
        by=by,
        topic=membership.person,
        department_id=membership.department_id,
        role=membership.role,
        membership=membership.pk,
    )
    return said


def said_before(membership: Membership, word: str, *, by: User) -> RoleConfirmation | None:
    """Return the newest word about this role, if this person said the same.

    Raises where they may say nothing about it.
    """
    if reason := policies.why_not_confirm(membership, by):
        raise NotAllowed(reason)
    newest = membership.confirmations.order_by("-id").first()
    return newest if newest and (newest.person_id, newest.word) == (by.person_id, word) else None


def say(membership: Membership, word: str, *, by: User) -> RoleConfirmation:
    """Write the word; the database judges once more."""
    under = power_of(by, membership)
    assert under is not None
    try:
        with transaction.atomic():
            return RoleConfirmation.objects.create(
                membership=membership,
                word=word,
                user=by,
                person=by.person,
                under=under,
                channel=current_channel(),
            )
    except DatabaseError as error:
        raise refusal(error) from error


def power_of(user: User, membership: Membership) -> Membership | None:
    """Return the role under which this person may say something about that one.

    Administrator, or lead there or above; None without one.
    """
    above = access.chain(membership.department) if membership.department else None
    return next(
        (
            one
            for one in user.memberships
            if one.counts
            and (
                one.role == Role.ADMINISTRATOR
                or (one.role == Role.LEAD and (above is None or one.department_id in above))
            )
        ),
        None,
    )


def endorses(membership: Membership) -> bool:
    """Whether something hangs on this role's confirmation.

    It endorses, or who gave it endorses there and could stand behind one reply with its bearer.

    That is every role but an agent's in a department where team leads approve and somebody else
    gave the role.
    """
    place = membership.department
    if (
        membership.role != Role.AGENT
        or place is None
        or place.review_policy == ReviewPolicy.COLLEAGUES
    ):
        return True
    above = Q(department=place, role__in=REVIEWERS) | Q(
        department__in=access.chain(place), role__in=LEADS
    )
    return Membership.objects.filter(
        above, person=membership.given_by_id, ended_at__isnull=True
    ).exists()


def open_roles() -> list[Membership]:
    """Return the open roles that somebody gave and that endorse, with how they stand.

    Those of active people.
    """
    given = Membership.objects.filter(
        ended_at__isnull=True, given_by__isnull=False, person__users__is_active=True
    )
    found = (
        given.with_standing()
        .select_related("person", "department", "given_by")
        .distinct()
        .order_by("id")
    )
    return [one for one in found if endorses(one)]


def given_by_one() -> list[Membership]:
    """Return the roles that count by the word of one person alone."""
    return [one for one in open_roles() if one.standing == Standing.BY_ONE]


def waiting() -> list[Membership]:
    """Return the roles that do not count yet."""
    return [one for one in open_roles() if one.standing == Standing.WAITS]


def waiting_for(user: User) -> list[Membership]:
    """Return the roles, waiting or given by one, that this person may confirm."""
    return [
        one
        for one in open_roles()
        if one.standing in {Standing.WAITS, Standing.BY_ONE}
        and not said_already(one, user)
        and policies.why_not_confirm(one, user) is None
    ]


def said_already(membership: Membership, user: User) -> bool:
    """Whether the newest word about this role is this person's own confirmation."""
    newest = membership.confirmations.order_by("-id").first()
    return (
        newest is not None
        and newest.word == RoleConfirmation.CONFIRMED
        and access.same_person(newest.person_id, user.person_id)
    )


def who_can_confirm(membership: Membership) -> list[User]:
    """Return the active sign-ins of those who may confirm this role now."""
    powers = (
        Membership.objects.filter(role__in=(Role.LEAD, Role.ADMINISTRATOR))
        .counting()
        .values("person_id")
    )
    users = (
        User.objects.filter(person__in=powers, is_active=True)
        .select_related("person")
        .order_by("id")
    )
    return [one for one in users if policies.why_not_confirm(membership, one) is None]
