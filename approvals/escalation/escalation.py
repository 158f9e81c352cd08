"""Sending a ticket to the lead, and handing it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import events, policies
from core.audit import record, repeats
from core.errors import Invalid, Reason
from core.text.characters import says_something
from people.models import User
from tickets import lifecycle
from tickets.models import Escalation, Ticket
from tickets.states import ContextCause


@transaction.atomic
def escalate(ticket: Ticket, *, reason: str, by: User) -> Escalation:
    """From now on every draft of this ticket needs the lead's side.

    Approvals given before no longer count.
    """
    ticket = lifecycle.locked(ticket)
    known = lifecycle.open_escalation(ticket)
    if known and (known.by_id, known.reason) == (by.pk, reason.strip()[:1000]):
        return known
    if why := policies.why_not_escalate(ticket, by):
        raise why.error()
    if not says_something(reason):
        raise Invalid(
            Reason("reason_missing", _("Say why, so that the lead can decide at once.")), "reason"
        )
    escalation = Escalation.objects.create(ticket=ticket, by=by, reason=reason.strip()[:1000])
    lifecycle.raise_context_version(ticket, ContextCause.ESCALATED, by=by)
    record(
        events.TICKET_ESCALATED, escalation, by=by, topic=ticket, department_id=ticket.department_id
    )
    return escalation


@transaction.atomic
def hand_back(ticket: Ticket, *, reason: str, by: User) -> None:
    """Give the ticket back as its lead: an ordinary review suffices again.

    That it was escalated stays visible for ever.
    """
    ticket = lifecycle.locked(ticket)
    last = ticket.escalations.order_by("-id").first()
    if (
        last
        and last.end_reason == reason.strip()[:1000]
        and repeats(events.TICKET_HANDED_BACK, last, by=by, topic=ticket)
    ):
        return
    if why := policies.why_not_hand_back(ticket, by):
        raise why.error()
    if not says_something(reason):
        raise Invalid(
            Reason(
                "hand_back_reason",
                _(
                    "Say why this escalated ticket goes back. Team leads can decide again "
                    "afterwards; that it "
                    "was escalated stays visible."
                ),
            ),
            "reason",
        )
    escalation = lifecycle.open_escalation(ticket)
    lifecycle.end_escalation(ticket, how="handed_back", by=by, reason=reason.strip())
    record(
        events.TICKET_HANDED_BACK,
        escalation or ticket,
        by=by,
        topic=ticket,
        department_id=ticket.department_id,
    )
