"""The letter to whom the clock has called.

It holds neither the customer's words nor the draft; its link opens the page and decides
nothing.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.escalation.reminders import waiting_text
from approvals.models import Call
from core.database.db_time import desk_now
from core.text.formatting import duration, when
from tickets.models import Ticket


def ticket_of(call: Call) -> Ticket:
    """Return the ticket that waits."""
    if call.revision:
        return call.revision.draft.ticket
    return call.escalation.ticket  # type: ignore[union-attr]


def page_of(call: Call) -> str:
    """Return the page on which it is decided.

    The waiting text's review, or the ticket before there is a text.
    """
    text = call.revision or waiting_text(call.escalation)  # type: ignore[arg-type]
    return (
        reverse("review", args=[text.draft_id])
        if text
        else reverse("ticket", args=[ticket_of(call).number])
    )


def waiting(call: Call) -> str:
    """How long it has waited."""
    began = call.revision or call.escalation
    return duration(desk_now() - began.at)  # type: ignore[union-attr]


def what_waits(call: Call) -> str:
    """Return what waits, since when and why, in one or two sentences."""
    ticket = ticket_of(call)
    if call.escalation:
        return _(
            "{by} escalated a reply to {customer}: “{reason}”. It has been waiting for {duration}."
        ).format(
            by=call.escalation.by.person.name,
            customer=f"@{ticket.customer.handle}",
            reason=call.escalation.reason,
            duration=waiting(call),
        )
    return _("Overdue: {by} submitted a reply to {customer}; its time was up {time}.").format(
        by=call.revision.person.name,  # type: ignore[union-attr]
        customer=f"@{call.revision.target.customer.handle}",  # type: ignore[union-attr]
        time=when(call.due_at),
    )


def letter(call: Call) -> tuple[str, str]:
    """Subject and text in the present language."""
    return (
        _("Your decision: ticket {number}, waiting {duration}").format(
            number=ticket_of(call).number, duration=waiting(call)
        ),
        "\n\n".join(
            (
                _("Hello {name},").format(name=call.person.name),
                what_waits(call),
                _("Read and decide: {link}").format(link=settings.DESK_URL + page_of(call)),
                _("The link opens the page; you decide there."),
            )
        ),
    )
