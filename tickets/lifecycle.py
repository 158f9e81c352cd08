"""The verbs on a ticket: everything that changes where it stands.

Each locks the ticket first, records one event, returns it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Min, Subquery
from django.utils.translation import gettext as _

from core.audit import record, repeats
from core.database import at_hand
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.database.locking import lock_row
from core.database.transitions import move
from core.errors import IllegalMove, Invalid, Reason
from core.text.readable import one_line
from people.hours import business_hours, pace
from people.models import Department, Person, User
from tickets import events, policies
from tickets.models import ContextChange, Escalation, HandOff, Ticket
from tickets.outcomes import recording
from tickets.querysets import mentions_of, open_in_conversation
from tickets.states import (
    GONE,
    TICKET_MOVES,
    ContextCause,
    Priority,
    ResolvedReason,
    TicketStatus,
)
from tickets.unanswered import oldest_unanswered
from tickets.undo import entries

TAG_LENGTH = 60
TAGS = 20
NOBODY_WAITS = {TicketStatus.ANSWERED, TicketStatus.RESOLVED}
SAME_TIME = timedelta(minutes=1)  # "in an hour", chosen by a double click, is twice the same


def locked(ticket: Ticket) -> Ticket:
    """Return the ticket as it stands now, its row locked until the end of the transaction.

    Account, department and customer with it.
    """
    lock_row(Ticket, ticket.pk)
    return Ticket.objects.select_related(
        "department__parent", "account__department", "customer", "assignee"
    ).get(pk=ticket.pk)


def raise_context_version(ticket: Ticket, cause: ContextCause, *, by: User | None = None) -> int:
    """Raise the ticket's context version: approvals given before no longer count.

    Where it is merged into another one, that one's rises with it: its reply answers these posts
    too. Call with the rows of both locked.
    """
    if ticket.merged_into:
        raise_context_version(ticket.merged_into, cause, by=by)
    Ticket.objects.filter(pk=ticket.pk).update(context_version=F("context_version") + 1)
    ticket.refresh_from_db(fields=["context_version"])
    ContextChange.objects.create(ticket=ticket, number=ticket.context_version, cause=cause, by=by)
    return ticket.context_version


def go(ticket: Ticket, to: TicketStatus, **fields: object) -> None:
    """Move the ticket, if it is not there already."""
    if ticket.status != to:
        leaving: dict[str, object] = (
            {"resolved_at": None, "resolved_reason": ""}
            if ticket.status == TicketStatus.RESOLVED
            else {}
        )
        if to in NOBODY_WAITS:
            leaving["unanswered_since"] = None
        move(ticket, to, moves=TICKET_MOVES, **{"waiting_since": None, **leaving, **fields})


def await_author(ticket: Ticket, *, but: str = "") -> None:
    """Make it the agent's turn.

    Where nobody waited, the clock counts from the oldest post without an answer of ours.

    `but` is the id of a reply of ours that goes, and so answers nothing any more.
    """
    go(ticket, TicketStatus.OPEN)
    if ticket.unanswered_since is None:
        count_from(ticket, oldest_unanswered(ticket, but=but))


def await_author_again(ticket: Ticket, wrote: ContextChange, *, approved_on: int) -> None:
    """Make it the agent's turn although a reply left.

    The customer wrote or changed something after it was approved, and waits since then.

    `approved_on` is the number of the context version that the approval saw: what came with it
    or before it is answered.
    """
    go(ticket, TicketStatus.OPEN)
    seen = Subquery(ticket.context_changes.filter(number=approved_on).values("at"))
    new = mentions_of(ticket).filter(ingested_at__gt=seen).aggregate(at=Min("written_at"))["at"]
    count_from(ticket, new or wrote.at)


def count_from(ticket: Ticket, since: datetime | None) -> None:
    """Note that the customer waits since then, and when the answer is due.

    By the hours of the ticket's own department. Call with the ticket's row locked.
    """
    due = due_from(ticket, since) if since else ticket.due_at
    Ticket.objects.filter(pk=ticket.pk).update(unanswered_since=since, due_at=due)
    ticket.unanswered_since, ticket.due_at = since, due


def due_from(ticket: Ticket, since: datetime) -> datetime:
    """Return when the answer is due to somebody who waits since then."""
    return business_hours.due(ticket.department, since)


def await_approval(ticket: Ticket, *, since: datetime | None = None) -> None:
    """Make it the reviewer's or lead's turn; the waiting begins now, or began at `since`."""
    go(ticket, TicketStatus.IN_APPROVAL, waiting_since=since or DeskNow(), snoozed_until=None)


def await_sending(ticket: Ticket) -> None:
    """Make it the desk's turn."""
    go(ticket, TicketStatus.SENDING)


def mark_answered(ticket: Ticket) -> None:
    """Make it the customer's turn."""
    go(ticket, TicketStatus.ANSWERED)


@transaction.atomic
def take(ticket: Ticket, *, by: User) -> Ticket:
    """Become the one who is responsible."""
    return assign(ticket, to=by.person, by=by)


@transaction.atomic
def assign(ticket: Ticket, *, to: Person | None, by: User) -> Ticket:
    """Make somebody of the department responsible, or nobody."""
    ticket = locked(ticket)
    if reason := policies.why_not_assign(ticket, to, by):
        raise reason.error()
    if ticket.assignee_id == (to.pk if to else None):
        return ticket
    before = entries.standing(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=to, updated_at=DeskNow())
    ticket.assignee = to
    name = events.TICKET_TAKEN if to and to.pk == by.person_id else events.TICKET_ASSIGNED
    event = record(
        name, ticket, by=by, department_id=ticket.department_id, person=to.pk if to else None
    )
    entries.keep(ticket, event, before, by=by)
    return ticket


@transaction.atomic
def hand_off(ticket: Ticket, *, to: Department, note: str, by: User) -> Ticket:
    """Give the ticket to another department.

    The former one may read on; approvals given there are void.
    """
    ticket = locked(ticket)
    if ticket.department_id == to.pk and repeats(
        events.TICKET_HANDED_OVER, ticket, by=by, to=to.pk
    ):
        return ticket
    if reason := policies.why_not_hand_off(ticket, to, by):
        raise reason.error()
    former, before = ticket.department, entries.standing(ticket)
    wrong = "" if ticket.hand_offs.holding().exists() else ticket.routed_by
    HandOff.objects.create(
        ticket=ticket, former=former, to=to, note=note.strip()[:1000], wrong_rule=wrong, by=by
    )
    Ticket.objects.filter(pk=ticket.pk).update(
        department=to, assignee=None, incident=None, updated_at=DeskNow()
    )
    ticket.department, ticket.assignee = to, None
    if ticket.unanswered_since:
        count_from(ticket, ticket.unanswered_since)
    raise_context_version(ticket, ContextCause.HANDED_OVER, by=by)
    event = record(
        events.TICKET_HANDED_OVER, ticket, by=by, department_id=to.pk, former=former.pk, to=to.pk
    )
    entries.keep(ticket, event, before, by=by)
    record(
        events.TICKET_HANDED_OVER,
        ticket,
        by=by,
        topic=former,
        department_id=former.pk,
        former=former.pk,
        to=to.pk,
    )
    return ticket


@transaction.atomic
def snooze(ticket: Ticket, *, until: datetime, by: User) -> Ticket:
    """Put the ticket aside until a time; a new post of the customer brings it back at once."""
    ticket = locked(ticket)
    if reason := policies.why_not_work(ticket, by):
        raise reason.error()
    now = desk_now()
    if not now < until <= now + timedelta(days=366):
        raise Invalid(
            Reason("snooze_past", _("Choose a time that is still to come, within a year.")), "until"
        )
    if ticket.status not in {TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.ANSWERED}:
        raise IllegalMove(
            Reason(
                "not_now",
                _("A reply is waiting or the ticket is resolved, so it cannot be snoozed."),
            )
        )
    if ticket.snoozed_until and abs(ticket.snoozed_until - until) < SAME_TIME:
        return ticket
    before = entries.standing(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(snoozed_until=until, updated_at=DeskNow())
    ticket.snoozed_until = until
    event = record(
        events.TICKET_SNOOZED,
        ticket,
        by=by,
        department_id=ticket.department_id,
        until=until.isoformat(),
    )
    entries.keep(ticket, event, before, by=by)
    return ticket


@transaction.atomic
def wake(ticket: Ticket, *, by: User | None = None) -> None:
    """Bring a snoozed ticket back."""
    ticket = locked(ticket)
    if ticket.snoozed_until is None:
        return
    before = entries.standing(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(snoozed_until=None, updated_at=DeskNow())
    event = record(events.TICKET_WOKEN, ticket, by=by, department_id=ticket.department_id)
    if by:
        entries.keep(ticket, event, before, by=by)


def wake_due() -> int:
    """Bring back every snoozed ticket whose time has come; returns how many."""
    due = Ticket.objects.filter(snoozed_until__lte=desk_now()).order_by("id")[:500]
    for ticket in due:
        wake(ticket)
    return len(due)


@transaction.atomic
def resolve(
    ticket: Ticket, *, reason: ResolvedReason, by: User, left: recording.Said = recording.NOTHING
) -> Ticket:
    """No (further) reply is needed; `left` is how the customer left, if somebody says it."""
    ticket = locked(ticket)
    if ticket.status == TicketStatus.RESOLVED and repeats(
        events.TICKET_RESOLVED, ticket, by=by, reason=reason
    ):
        return ticket
    if why := policies.why_not_resolve(ticket, by):
        raise why.error()
    if reason not in ResolvedReason.values:
        raise Invalid(Reason("reason_unknown", _("Choose one of the reasons.")), "reason")
    before = entries.standing(ticket)
    go(
        ticket,
        TicketStatus.RESOLVED,
        resolved_at=DeskNow(),
        resolved_reason=reason,
        snoozed_until=None,
    )
    said = recording.record_outcome(ticket, left, by=by)
    event = record(
        events.TICKET_RESOLVED,
        ticket,
        by=by,
        department_id=ticket.department_id,
        reason=reason,
        **said,
    )
    entries.keep(ticket, event, before, by=by)
    return ticket


def resolve_without_posts(ticket: Ticket) -> None:
    """Resolve a ticket that is new, and of whose posts none stands on X any more.

    What somebody has begun to work on stays theirs to resolve. Call with the ticket's row locked.
    """
    if ticket.status != TicketStatus.NEW:
        return
    if mentions_of(ticket).exclude(status__in=GONE).exists():
        return
    reason = ResolvedReason.POST_GONE
    go(
        ticket,
        TicketStatus.RESOLVED,
        resolved_at=DeskNow(),
        resolved_reason=reason,
        snoozed_until=None,
    )
    record(
        events.TICKET_RESOLVED, ticket, by=None, department_id=ticket.department_id, reason=reason
    )


def reopen_with_post(ticket: Ticket) -> None:
    """Open a ticket again that was resolved because its post was gone: X shows the post after all.

    Not where a newer ticket of the conversation is open. Call with the ticket's row locked.
    """
    if ticket.resolved_reason != ResolvedReason.POST_GONE or open_in_conversation(ticket).exists():
        return
    await_author(ticket)
    record(events.TICKET_REOPENED, ticket, by=None, department_id=ticket.department_id)


@transaction.atomic
def reopen(ticket: Ticket, *, by: User) -> Ticket:
    """Open a resolved ticket again."""
    ticket = locked(ticket)
    if ticket.status == TicketStatus.OPEN and repeats(events.TICKET_REOPENED, ticket, by=by):
        return ticket
    if why := policies.why_not_reopen(ticket, by):
        raise why.error()
    before = entries.standing(ticket)
    await_author(ticket)
    event = record(events.TICKET_REOPENED, ticket, by=by, department_id=ticket.department_id)
    entries.keep(ticket, event, before, by=by)
    return ticket


@transaction.atomic
def tag(ticket: Ticket, *, tags: list[str], by: User) -> Ticket:
    """Set the ticket's tags: without case, without doubles, sorted."""
    ticket = locked(ticket)
    if reason := policies.why_not_work(ticket, by):
        raise reason.error()
    wanted = sorted({one_line(one, "tags").lower() for one in tags if one.strip()})
    if len(wanted) > TAGS or any(len(one) > TAG_LENGTH for one in wanted):
        raise Invalid(
            Reason("tags_long", _("At most 20 tags of at most 60 characters each.")), "tags"
        )
    if wanted == ticket.tags:
        return ticket
    before = entries.standing(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(tags=wanted, updated_at=DeskNow())
    ticket.tags = wanted
    event = record(events.TICKET_TAGGED, ticket, by=by, department_id=ticket.department_id)
    entries.keep(ticket, event, before, by=by)
    return ticket


@transaction.atomic
def set_priority(ticket: Ticket, *, priority: str, by: User) -> Ticket:
    """Say how urgent it is."""
    ticket = locked(ticket)
    if reason := policies.why_not_work(ticket, by):
        raise reason.error()
    if priority not in Priority.values:
        raise Invalid(Reason("priority_unknown", _("Choose one of the priorities.")), "priority")
    if priority == ticket.priority:
        return ticket
    before = entries.standing(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(priority=priority, updated_at=DeskNow())
    ticket.priority = priority
    event = record(
        events.TICKET_PRIORITY, ticket, by=by, department_id=ticket.department_id, priority=priority
    )
    entries.keep(ticket, event, before, by=by)
    return ticket


def open_escalation(ticket: Ticket) -> Escalation | None:
    """Return the escalation that is open, if there is one.

    For a page that has read them already, without a query; a verb's ticket has read none.
    """
    if at_hand.is_read(ticket, "escalations"):
        return next((one for one in ticket.escalations.all() if one.ended_at is None), None)
    return ticket.escalations.filter(ended_at__isnull=True).select_related("by__person").first()


def end_escalation(ticket: Ticket, *, how: str, by: User | None, reason: str = "") -> None:
    """End the open escalation, if there is one.

    `approved` once the reply is posted, or `handed_back` with a reason.
    """
    ticket.escalations.filter(ended_at__isnull=True).update(
        ended_at=DeskNow(), ended_by=by, how=how, end_reason=reason[:1000]
    )


def reopens_until(resolved_at: datetime) -> datetime:
    """Until when a new post opens the resolved ticket again; after that it gets a new one."""
    return resolved_at + pace.reopens_within()
