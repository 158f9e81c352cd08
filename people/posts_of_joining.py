"""The e-mail that carries an invitation's link, where a mail server is set; the link is shown to the inviting person in any case."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from people import company
from people.models import Invitation

log = logging.getLogger(__name__)


def send(invitation: Invitation, link: str) -> bool:
    """Send it; False where there is no address or no mail server, or the server would not take it."""
    address = invitation.email or (invitation.user.email if invitation.user else "")
    if not address or not settings.EMAIL_HOST:
        return False
    name = invitation.name or (invitation.user.person.name if invitation.user else "")
    try:
        send_mail(_("Your invitation to the desk"), _("Hello {name},\n\n{by} invites you to the desk. Choose your password within seven days:\n{link}").format(
            name=name, by=invitation.by.person.name if invitation.by else company.name() or "Paraph", link=link), None, [address])
    except (OSError, SMTPException) as refused:
        log.warning("an invitation could not be sent: %s", type(refused).__name__)
        return False
    return True
