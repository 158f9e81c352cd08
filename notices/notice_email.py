"""Notices by e-mail: one letter for each person at a time, in their language.

After quiet hours everything that gathered in one.

A courtesy beside the desk's own screens. What a mail server did not take is tried twice more, a
minute apart; what was read in the desk, or is older than a day, is not sent.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.escalation.reminder_email import letter, what_waits
from approvals.events import LEAD_CALLED
from approvals.models import Call
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from notices.kinds import Way
from notices.messages import sentences
from notices.models import Notice
from people import mail
from people.models import User
from people.preferences.zones import as_read_by

TRIES = 3
PAUSE = timedelta(minutes=1)
TOO_OLD = timedelta(days=1)
log = logging.getLogger(__name__)


def send_due() -> int:
    """Write to everybody who wants to hear by e-mail and has an address.

    Returns how many letters the mail server took.
    """
    if not settings.EMAIL_HOST:
        return 0
    now = desk_now()
    due = Notice.objects.filter(
        Q(held_until=None) | Q(held_until__lte=now),
        Q(mail_tried_at=None) | Q(mail_tried_at__lte=now - PAUSE),
        ways__contains=[Way.EMAIL],
        mailed_at=None,
        seen_at=None,
        mail_tries__lt=TRIES,
        user__is_active=True,
    ).exclude(user__email="")
    due = due.filter(Q(at__gt=now - TOO_OLD) | Q(held_until__gt=now - TOO_OLD))
    letters = 0
    for user in User.objects.filter(pk__in=due.values("user_id")).select_related("person"):
        letters += written_or_set_aside(user, claimed(due, user))
    return letters


def claimed(due: QuerySet[Notice], user: User) -> list[Notice]:
    """Write this person's notices, each attempt noted before it is made.

    So that two workers do not write the same letter.
    """
    with transaction.atomic():
        ids = list(
            due.filter(user=user).select_for_update(skip_locked=True).values_list("pk", flat=True)
        )
        Notice.objects.filter(pk__in=ids).update(
            mail_tries=F("mail_tries") + 1, mail_tried_at=DeskNow()
        )
    return list(
        Notice.objects.filter(pk__in=ids)
        .select_related("event__by__person", "user__person")
        .order_by("id")
    )


def written_or_set_aside(user: User, notices: list[Notice]) -> int:
    """Return the same as `write_to`; what is wrong with one letter holds nobody else's."""
    try:
        return write_to(user, notices)
    except Exception as fault:
        log.exception("a letter could not be written")
        mail.set_aside(user.email, _("Notices of the desk"), type(fault).__name__, user=user)
        Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mail_tries=TRIES)
        return 0


def write_to(user: User, notices: list[Notice]) -> int:
    """One letter with these notices; returns whether the mail server took it, as 0 or 1."""
    if not notices:
        return 0
    with as_read_by(user):
        subject, text = written(user, notices)
    ours = Notice.objects.filter(pk__in=[one.pk for one in notices])
    try:
        taken = mail.send(user.email, subject, text, user=user)
    except mail.Deaf as deaf:
        log.warning("a notice could not be sent by e-mail: %s", deaf)
        if ours.filter(mail_tries__gte=TRIES).exists():
            mail.set_aside(user.email, subject, str(deaf), user=user)
        return 0
    ours.update(**({"mailed_at": DeskNow()} if taken else {"mail_tries": TRIES}))
    return int(taken)


def written(user: User, notices: list[Notice]) -> tuple[str, str]:
    """Subject and text in the present language. A single call of the clock has its own letter."""
    if len(notices) == 1 and (call := call_of(notices[0])):
        return letter(call)
    said = sentences(notices)
    subject = (
        said[0][1]
        if len(said) == 1
        else ngettext("{n} notice", "{n} notices", len(said)).format(n=len(said))
    )
    lines = [
        f"{what_waits(call) if (call := call_of(notice)) else sentence}\n"
        f"{settings.DESK_URL}{notice.path}"
        for notice, sentence in said
    ]
    choices = _("Choose here which notices you get, when and how: {link}").format(
        link=settings.DESK_URL + reverse("notice-choices")
    )
    return subject, "\n\n".join((_("Hello {name},").format(name=user.person.name), *lines, choices))


def call_of(notice: Notice) -> Call | None:
    """Return the call that the notice is about, if it is about one."""
    if notice.what != LEAD_CALLED:
        return None
    calls = Call.objects.filter(
        pk__in=notice.event.data.get("calls", []), person=notice.user.person_id
    )
    return calls.select_related(
        "person",
        "revision__draft__ticket__customer",
        "revision__person",
        "escalation__ticket__customer",
        "escalation__by__person",
    ).first()
