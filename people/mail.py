"""The one way by which e-mails leave the desk.

A fault of one letter holds no other: it is set aside, and the health page says so.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet

from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.text.characters import without_hidden
from people.models import UnsentLetter, User

LONGEST_SUBJECT = 200
KEPT = timedelta(days=7)
FOR_GOOD = 500  # from this reply of a mail server on, asking again is of no use
log = logging.getLogger(__name__)


class Deaf(Exception):
    """The mail server did not take a letter, and may take it later."""


def send(address: str, subject: str, text: str, *, user: User | None = None) -> bool:
    """Send one e-mail.

    Whether the server took it, False also where there is no address or no server.

    What is at fault for good is set aside. Raises `Deaf` where it may go better a minute later.
    """
    if not address or not settings.EMAIL_HOST:
        return False
    subject = without_hidden(subject)[:LONGEST_SUBJECT]
    try:
        send_mail(subject, text, None, [address])
    except Exception as fault:  # whatever one letter is made of, the others must go
        if is_passing(fault):
            raise Deaf(type(fault).__name__) from fault
        set_aside(address, subject, type(fault).__name__, user=user)
        return False
    UnsentLetter.objects.filter(address=address).delete()
    return True


def is_passing(fault: Exception) -> bool:
    """Whether it is the server or the line, not the letter or its address."""
    if isinstance(fault, SMTPRecipientsRefused):
        return all(code < FOR_GOOD for code, _said in fault.recipients.values())
    if isinstance(fault, SMTPResponseException):
        return fault.smtp_code < FOR_GOOD
    return isinstance(fault, OSError | SMTPException)


def set_aside(address: str, subject: str, fault: str, *, user: User | None = None) -> None:
    """Keep that this letter did not go, so that the health page says it."""
    log.warning("an e-mail was set aside: %s", fault)
    UnsentLetter.objects.update_or_create(
        address=without_hidden(address)[:254],
        defaults={
            "user": user,
            "subject": without_hidden(subject)[:LONGEST_SUBJECT],
            "fault": fault[:60],
            "at": DeskNow(),
        },
    )


def unsent() -> QuerySet[UnsentLetter]:
    """Return the letters that were set aside within a week, the newest first."""
    return (
        UnsentLetter.objects.filter(at__gt=desk_now() - KEPT)
        .select_related("user__person")
        .order_by("-at", "-id")
    )
