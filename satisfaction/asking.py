"""Who is asked: by a hash and by rules, never by somebody's choice; and the link that asks.

The invitation is words of the reply, which two people read and sign; the desk sends nothing.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import record
from core.database.db_time import desk_now
from core.errors import IllegalMove, Reason
from people.models import User
from satisfaction import events
from satisfaction.models import Asking, AskingStopped, Survey
from satisfaction.surveys import asking_departments
from tickets import lifecycle, policies
from tickets.models import Ticket
from tickets.outcomes.drawing import is_drawn

LASTS = timedelta(days=14)
NOT_AGAIN_WITHIN = timedelta(days=30)
NEVER_ASKED = {"do not contact", "nicht kontaktieren", "minor", "minderjährig"}
WHY_NOT = {
    "off": gettext_lazy("This department asks nobody."),
    "chance": gettext_lazy("Chance did not choose this ticket."),
    "tag": gettext_lazy("A tag says that this customer is not to be asked."),
    "incident": gettext_lazy("The ticket belongs to an incident."),
    "merged": gettext_lazy("The ticket is merged into another one."),
    "stopped": gettext_lazy("The customer does not want to be asked."),
    "lately": gettext_lazy("The customer was asked within the last 30 days."),
}


@dataclass(frozen=True)
class Invitation:
    """What a reply asks with: the question in the customer's language, and the link."""

    text: str
    language: str


def why_not_asked(ticket: Ticket) -> str:
    """Return why this ticket's customer is not asked, as a key of `WHY_NOT`; empty if they are.

    Nobody can change it but by what the ticket is: its department, tags, incident and customer.
    """
    survey = asking_departments().get(ticket.department_id)
    if survey is None:
        return "off"
    month = f"{ticket.created_at:%Y-%m}"
    if not is_drawn(f"survey:{month}", str(ticket.pk), percent=survey.rate):
        return "chance"
    if NEVER_ASKED & {tag.lower() for tag in ticket.tags}:
        return "tag"
    if ticket.incident_id:
        return "incident"
    if ticket.merged_into_id:
        return "merged"
    return why_not_customer(ticket)


def why_not_customer(ticket: Ticket) -> str:
    """Return why the ticket's customer is not asked now, likewise."""
    if AskingStopped.objects.filter(customer=ticket.customer_id).exists():
        return "stopped"
    lately = Asking.objects.filter(
        ticket__customer=ticket.customer_id, at__gt=desk_now() - NOT_AGAIN_WITHIN
    )
    return "lately" if lately.exclude(ticket=ticket.pk).exists() else ""


def said_of(ticket: Ticket) -> str:
    """Say whether the customer was asked, and answered, or why not; empty where nobody is."""
    if ticket.department_id not in asking_departments():
        return ""
    asked = Asking.objects.filter(ticket=ticket.pk).first()
    if asked:
        answered = asked.answers.exists()
        return _("Asked, and answered.") if answered else _("Asked, not answered yet.")
    reason = why_not_asked(ticket)
    return _("Not asked: {why}").format(why=WHY_NOT[reason]) if reason else _("To be asked.")


def invitation_of(ticket: Ticket) -> Invitation | None:
    """Return what the reply asks with; None where the customer is not asked."""
    survey = asking_departments().get(ticket.department_id)
    if survey is None or why_not_asked(ticket):
        return None
    language = language_of(ticket)
    return Invitation(f"{question_in(survey, language)} {link_of(ticket)}", language)


def language_of(ticket: Ticket) -> str:
    """Return the language in which a customer is asked: German, or else English."""
    return "de" if ticket.language == "de" else "en"


def question_in(survey: Survey, language: str) -> str:
    """Return the question in this language."""
    return survey.question_de if language == "de" else survey.question_en


def link_of(ticket: Ticket) -> str:
    """Return the address behind which the customer of this ticket is asked."""
    return settings.DESK_URL + reverse("survey", args=[key_of(ticket)])


def key_of(ticket: Ticket) -> str:
    """Return the key of the ticket's link: 128 bits that nobody can guess, as 22 characters.

    They follow from the desk's secret, so that the link can be shown before anything is kept, and
    is the same whenever it is put into a reply.
    """
    secret = settings.SECRET_KEY.encode()
    digest = hmac.digest(secret, f"asking:{ticket.pk}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def hash_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def ask(ticket: Ticket, *, by: User) -> Asking:
    """Keep that the invitation was put into the ticket's reply: its link works from now on.

    Asked twice it is done once. Refuses whoever does not work on the ticket, and a ticket whose
    customer is not asked.
    """
    ticket = lifecycle.locked(ticket)
    if reason := policies.why_not_work(ticket, by):
        raise reason.error()
    if known := Asking.objects.filter(ticket=ticket).first():
        return known
    if why := why_not_asked(ticket):
        raise Reason("not_asked", str(WHY_NOT[why]), kind=IllegalMove).error()
    survey = asking_departments()[ticket.department_id]
    asked = Asking.objects.create(
        ticket=ticket,
        survey=survey,
        via=survey.via,
        key_hash=hash_of(key_of(ticket)),
        expires_at=desk_now() + LASTS,
    )
    record(events.SURVEY_ASKED, asked, by=by, topic=ticket, department_id=ticket.department_id)
    return asked
