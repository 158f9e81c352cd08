"""The e-mail to whom the clock has called. It holds neither the customer's words nor the draft; its link opens the page and decides nothing.

A courtesy beside the desk's own screens: one that a mail server would not take is not sent again.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from approvals.clock import waiting_text
from approvals.models import Call
from core.clock import desk_now
from core.wording import clock, duration

log = logging.getLogger(__name__)


def send(calls: list[int]) -> int:
    """Write to everybody who was called and has an address, in their language; returns how many were handed to the mail server."""
    if not settings.EMAIL_HOST:
        return 0
    rows = Call.objects.filter(pk__in=calls).select_related(
        "person", "revision__draft__ticket__customer", "revision__person", "escalation__ticket__customer", "escalation__by__person")
    sent = 0
    for call in rows:
        for user in call.person.users.filter(is_active=True).exclude(email=""):
            with translation.override(user.language or settings.LANGUAGE_CODE):
                sent += _sent(*letter(call), user.email)
    return sent


def letter(call: Call) -> tuple[str, str]:
    """Subject and text in the present language."""
    ticket = call.revision.draft.ticket if call.revision else call.escalation.ticket  # type: ignore[union-attr]
    since = call.revision.at if call.revision else call.escalation.at  # type: ignore[union-attr]
    waits = duration(desk_now() - since)
    text = call.revision or waiting_text(call.escalation)  # type: ignore[arg-type]
    link = settings.DESK_URL + (reverse("review", args=[text.draft_id]) if text else reverse("ticket", args=[ticket.number]))
    if call.escalation:
        what = _("{by} escalated a reply to {customer}: “{reason}”. It has been waiting for {duration}.").format(
            by=call.escalation.by.person.name, customer=f"@{ticket.customer.handle}", reason=call.escalation.reason, duration=waits)
    else:
        what = _("Overdue: {by} submitted a reply to {customer}; its time was up at {time}.").format(
            by=call.revision.person.name, customer=f"@{ticket.customer.handle}", time=clock(call.due_at))  # type: ignore[union-attr]
    return (_("Your decision: ticket {number}, waiting {duration}").format(number=ticket.number, duration=waits),
            "\n\n".join((_("Hello {name},").format(name=call.person.name), what, _("Read and decide: {link}").format(link=link),
                         _("The link opens the page; you decide there."))))


def _sent(subject: str, text: str, address: str) -> bool:
    try:
        send_mail(subject, text, None, [address])
    except (OSError, SMTPException) as refused:
        log.warning("a letter to somebody who was called could not be sent: %s", type(refused).__name__)
        return False
    return True
