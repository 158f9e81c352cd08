"""Who forgot their password asks for a new one at sign-in.

The answer is the same, and as quick, whether the name is anybody's; a worker writes the letter.
"""

import hmac
import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.errors import Invalid, NotAllowed, Reason
from people.identity import login_names
from people.identity.throttling import client_address
from people.invitations import invitation_email, invitations
from people.models import PasswordWish, Person
from people.roles import Role
from people.signals import password_link_asked_for

log = logging.getLogger(__name__)
FROM_ONE_PLACE = 10
FOR_ONE_SIGN_IN = 3
WITHIN = timedelta(hours=1)
KEPT = timedelta(days=1)


def is_possible() -> bool:
    """Whether the desk can send the link."""
    return bool(settings.EMAIL_HOST)


def whom_to_ask() -> list[Person]:
    """Return the administrators, who help where no mail is sent."""
    here = Person.objects.filter(
        membership__role=Role.ADMINISTRATOR,
        membership__ended_at__isnull=True,
        users__is_active=True,
    )
    return list(here.distinct().order_by("name"))


def origin_of(request: HttpRequest) -> str:
    """Where a wish came from, as a keyed hash: enough to count by."""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"wish:{client_address(request)}".encode(), "sha256"
    ).hexdigest()


@transaction.atomic
def wish(written: str, *, origin: str) -> None:
    """Note that somebody forgot the password of this user name or address.

    Refuses an empty one, and more than ten within an hour from one place.
    """
    if not written.strip():
        raise Invalid(
            Reason("name_missing", _("Write your user name or e-mail address.")), "username"
        )
    if (
        PasswordWish.objects.filter(origin=origin, at__gt=desk_now() - WITHIN).count()
        >= FROM_ONE_PLACE
    ):
        raise NotAllowed(
            Reason(
                "too_many",
                _(
                    "There were too many requests from here. Try again in an hour, or ask an "
                    "administrator."
                ),
            )
        )
    PasswordWish.objects.create(user=login_names.holder(written), origin=origin)
    password_link_asked_for.send(sender=PasswordWish)


def answer() -> int:
    """Send the links that were asked for, to who can be reached; return how many.

    At most three within an hour for one sign-in.
    """
    sent = 0
    for number in (
        PasswordWish.objects.filter(done_at__isnull=True)
        .order_by("id")
        .values_list("pk", flat=True)[:100]
    ):
        try:
            sent += answer_one(number)
        except DatabaseError:
            raise
        except Exception:  # one letter's fault is not the next one's
            log.exception("a letter about a password could not be written")
    PasswordWish.objects.filter(at__lt=desk_now() - KEPT).delete()
    return sent


def answer_one(number: int) -> int:
    """One wish, claimed before the letter is written; 1 if a link went out."""
    with transaction.atomic():
        if not PasswordWish.objects.filter(pk=number, done_at__isnull=True).update(
            done_at=DeskNow()
        ):
            return 0
        one = PasswordWish.objects.select_related("user__person").get(pk=number)
        if one.user is None or is_too_often(one):
            return 0
        made = invitations.invite_who_forgot(one.user)
    return int(
        made is not None and invitation_email.send(made[0], invitation_email.link_of(made[1]))
    )


def is_too_often(one: PasswordWish) -> bool:
    """Whether three were asked for within the hour before."""
    return (
        PasswordWish.objects.filter(user=one.user, pk__lt=one.pk, at__gt=one.at - WITHIN).count()
        >= FOR_ONE_SIGN_IN
    )
