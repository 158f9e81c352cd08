"""Why two tickets may not be merged, or not be parted again: about the tickets, not the person.

`tickets.policies` asks these behind the rights of the person. The database has the last word.
"""

from django.db import connection
from django.utils.translation import gettext as _

from core.errors import IllegalMove, Reason, Stale
from tickets.models import Escalation, Ticket
from tickets.querysets import open_in_conversation
from tickets.states import TicketStatus

MERGEABLE = {TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.ANSWERED}


def why_merged(ticket: Ticket) -> Reason | None:
    """Refuse to work on a ticket that is merged: that is done in the other one."""
    if ticket.merged_into is None:
        return None
    sentence = _(
        "This ticket is merged into {number}. Work there, or unmerge it first; nothing was changed."
    )
    return Reason("merged", sentence.format(number=ticket.merged_into.number), kind=Stale)


def why_not_fit(ticket: Ticket, into: Ticket) -> Reason | None:
    """Say why these two do not belong together, by what their rows say; asks the database nothing.

    One customer, one department, one account of ours, and both still worked on.
    """
    if ticket.pk == into.pk:
        return Reason("merge_itself", _("This is the same ticket."), kind=IllegalMove)
    if ticket.customer_id != into.customer_id:
        sentence = _(
            "The two tickets belong to different customers. Only tickets of one customer can be "
            "merged."
        )
        return Reason("merge_customer", sentence, kind=IllegalMove)
    if ticket.department_id != into.department_id:
        sentence = _(
            "The two tickets are in different departments. Hand one of them over first, then merge."
        )
        return Reason("merge_department", sentence, kind=IllegalMove)
    if ticket.account_id != into.account_id:
        sentence = _(
            "The customer wrote to two of our accounts. One reply leaves from one account, so "
            "answer each ticket separately."
        )
        return Reason("merge_account", sentence, kind=IllegalMove)
    return _why_not_now(ticket, into)


def _why_not_now(ticket: Ticket, into: Ticket) -> Reason | None:
    """Refuse what is resolved, and what has a reply that waits or is about to leave."""
    if into.status == TicketStatus.RESOLVED:
        sentence = _("Ticket {number} is resolved. Reopen it, then merge.")
        return Reason("merge_resolved", sentence.format(number=into.number), kind=IllegalMove)
    if into.status == TicketStatus.SENDING:
        sentence = _(
            "A reply of ticket {number} is approved and about to leave. Merge once it is posted."
        )
        return Reason("merge_sending", sentence.format(number=into.number), kind=IllegalMove)
    if ticket.status == TicketStatus.RESOLVED:
        sentence = _("Ticket {number} is resolved; none of its posts waits for a reply.")
        return Reason("merge_resolved", sentence.format(number=ticket.number), kind=IllegalMove)
    if ticket.status not in MERGEABLE:
        return _draft_open(ticket)
    return None


def why_not_merge(ticket: Ticket, into: Ticket) -> Reason | None:
    """Say why the first ticket is not merged into the second.

    As `why_not_fit`, and not while it has a draft, is with the lead, or has others merged into it.
    """
    if reason := why_not_fit(ticket, into):
        return reason
    if ticket.merged.exists():
        sentence = _(
            "Other tickets are merged into {number}. Merge {other} into that one instead, or "
            "unmerge them first."
        )
        return Reason(
            "merge_chain",
            sentence.format(number=ticket.number, other=into.number),
            kind=IllegalMove,
        )
    if has_open_draft(ticket):
        return _draft_open(ticket)
    if Escalation.objects.filter(ticket=ticket, ended_at__isnull=True).exists():
        sentence = _(
            "Ticket {number} is with the lead. Merge the other way round, so that the lead "
            "decides on the one reply."
        )
        return Reason("merge_escalated", sentence.format(number=ticket.number), kind=IllegalMove)
    return None


def _draft_open(ticket: Ticket) -> Reason:
    sentence = _(
        "Somebody has begun a reply in ticket {number}. Withdraw it, or merge the other way round."
    )
    return Reason("merge_draft", sentence.format(number=ticket.number), kind=IllegalMove)


def why_not_unmerge(ticket: Ticket) -> Reason | None:
    """Say why the ticket does not get out of the other one now.

    Not while a reply there answers one of its posts or is about to leave, and not beside a newer
    ticket of its conversation.
    """
    into = ticket.merged_into
    if into is None:
        return Reason("not_merged", _("This ticket is not merged."), kind=IllegalMove)
    if into.status == TicketStatus.SENDING:
        sentence = _(
            "A reply of ticket {number} is approved and about to leave. Unmerge once it is posted."
        )
        return Reason("merge_sending", sentence.format(number=into.number), kind=IllegalMove)
    if is_answered_by_draft(ticket, into):
        sentence = _(
            "The reply that is written in ticket {number} answers a post of this one. Withdraw it, "
            "then unmerge."
        )
        return Reason("merge_answered", sentence.format(number=into.number), kind=IllegalMove)
    if open_in_conversation(ticket).exists():
        sentence = _("A newer ticket of this conversation is open. Reply there.")
        return Reason("newer_ticket", sentence, kind=IllegalMove)
    return None


def why_not_leave(ticket: Ticket) -> Reason | None:
    """Keep a ticket in its department while others are merged into it."""
    merged = ticket.merged.order_by("id").first()
    if merged is None:
        return None
    sentence = _("Ticket {number} is merged into this one. Unmerge it first, then hand both over.")
    return Reason("has_merged", sentence.format(number=merged.number), kind=IllegalMove)


def has_open_draft(ticket: Ticket) -> bool:
    """Whether somebody has begun a reply; asked of the database, since drafts lie above."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_open_draft(%s)", [ticket.pk])
        return cursor.fetchone()[0]


def is_answered_by_draft(ticket: Ticket, into: Ticket) -> bool:
    """Whether an open draft of the second ticket answers a post of the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_answered_by_draft(%s, %s)", [ticket.pk, into.pk])
        return cursor.fetchone()[0]
