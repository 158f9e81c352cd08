"""Merging two tickets of one customer, and parting them: a reference, nothing moves.

Posts, events, notes and drafts stay with their own ticket. The one that is merged rests, and the
other one is about the posts of both.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from core.audit import record, repeats
from core.database.guards import DeskNow
from core.database.transitions import move
from core.models import Event
from people.models import User
from tickets import events, lifecycle, policies, unanswered
from tickets.merging import merge_policies
from tickets.merging.locking import locked_with_targets
from tickets.models import Ticket
from tickets.states import GONE, TICKET_MOVES, ContextCause, TicketStatus
from tickets.undo import entries

# What merging changes of the two tickets, the context version aside: that only rises.
OWN = ("status", "due_at", "unanswered_since", "waiting_since", "snoozed_until")
OTHERS = ("status", "due_at", "unanswered_since", "last_mention_id", "last_inbound_at")
TIMES = {"due_at", "unanswered_since", "waiting_since", "snoozed_until", "last_inbound_at"}


@transaction.atomic
def merge(ticket: Ticket, *, into: Ticket, by: User) -> Ticket:
    """Answer the posts of the first ticket in the second; returns the second.

    Refuses what `policies.why_not_merge` says. Approvals of the second one are void from here on.
    """
    ticket, into = locked_pair(ticket, into)
    if ticket.merged_into_id == into.pk and repeats(
        events.TICKET_MERGED, ticket, by=by, into=into.pk
    ):
        return into
    if reason := policies.why_not_merge(ticket, into, by):
        raise reason.error()
    before = {
        "own": columns(ticket, OWN),
        "version": ticket.context_version,
        "oldest": written(unanswered.oldest_of_its_own(ticket, [ticket])),
        "into": columns(into, OTHERS),
    }
    wait_there(into, ticket)
    lifecycle.raise_context_version(into, ContextCause.MERGED, by=by)
    before["into_after"] = columns(into, OTHERS)
    lifecycle.go(
        ticket,
        TicketStatus.RESOLVED,
        resolved_at=DeskNow(),
        snoozed_until=None,
        merged_into=into,
        before_merge=before,
    )
    event = record_both(events.TICKET_MERGED, ticket, into, by)
    entries.keep(into, event, entries.standing(into), by=by)
    return into


def wait_there(into: Ticket, ticket: Ticket) -> None:
    """Let the customer wait in the ticket that stays, since their oldest post without an answer."""
    since, due = ticket.unanswered_since, ticket.due_at
    fields: dict[str, Any] = {}
    if since:
        is_first = into.unanswered_since is None or since < into.unanswered_since
        fields["unanswered_since"] = since if is_first else into.unanswered_since
        fields["due_at"] = due if into.unanswered_since is None else min(due, into.due_at)
    if place_of(ticket) > place_of(into):
        fields["last_mention"] = ticket.last_mention
    fields["last_inbound_at"] = max(into.last_inbound_at, ticket.last_inbound_at)
    if since and into.status == TicketStatus.ANSWERED:
        lifecycle.go(into, TicketStatus.OPEN)
    write(into, fields)


def place_of(ticket: Ticket) -> tuple[datetime, int]:
    """Return where the ticket's newest post stands among others."""
    newest = ticket.last_mention
    return (newest.written_at, newest.position) if newest else (ticket.last_inbound_at, 0)


@transaction.atomic
def unmerge(ticket: Ticket, *, by: User) -> Ticket:
    """Take the ticket out of the other one: it stands as before, with what was posted since.

    Refuses what `policies.why_not_unmerge` says. Approvals of the other one are void.
    """
    ticket, into = locked_pair(ticket)
    if ticket.merged_into_id is None and repeats(events.TICKET_UNMERGED, ticket, by=by):
        return ticket
    if reason := policies.why_not_unmerge(ticket, by):
        raise reason.error()
    part(ticket, into, by=by)
    record_both(events.TICKET_UNMERGED, ticket, into, by)
    return ticket


def part(ticket: Ticket, into: Ticket, *, by: User) -> None:
    """Give both tickets back what is theirs. Call with both rows locked and nothing against it."""
    before: dict[str, Any] = ticket.before_merge or {}
    since = unanswered.oldest_of_its_own(ticket, [into, *into.merged.all()])
    own = values_of(before["own"])
    if (ticket.context_version, written(since)) != (before["version"], before["oldest"]):
        own |= stands_now(ticket, since, own["status"])
    move(
        ticket,
        own.pop("status"),
        moves=TICKET_MOVES,
        resolved_at=None,
        resolved_reason="",
        merged_into=None,
        before_merge=None,
        **own,
    )
    lifecycle.resolve_without_posts(ticket)
    if columns(into, OTHERS) == before["into_after"]:
        go_back(into, values_of(before["into"]))
    else:
        go_on_alone(into, ticket)
    lifecycle.raise_context_version(into, ContextCause.UNMERGED, by=by)


def stands_now(ticket: Ticket, since: datetime | None, former: str) -> dict[str, Any]:
    """Say how a merged ticket stands by itself after something was posted since.

    Whose turn it is follows from the oldest post without an answer; without any post as before.
    """
    if since:
        due = lifecycle.due_from(ticket, since)
        return {"status": TicketStatus.OPEN, "unanswered_since": since, "due_at": due}
    if not ticket.mentions.exclude(status__in=GONE).exists():
        return {"status": former}
    return {"status": TicketStatus.ANSWERED, "unanswered_since": None}


def go_back(into: Ticket, stood: dict[str, Any]) -> None:
    """Let the other ticket stand as before the merging, since nothing happened to it."""
    status = stood.pop("status")
    if into.status != status:
        move(into, status, moves=TICKET_MOVES, **stood)
    else:
        write(into, stood)


def go_on_alone(into: Ticket, parted: Ticket) -> None:
    """Let the other ticket, which has gone on meanwhile, be about its own posts again."""
    if into.last_mention and into.last_mention.ticket_id == parted.pk:
        newest = into.mentions.order_by("written_at", "position").last()
        at = newest.written_at if newest else into.last_inbound_at
        write(into, {"last_mention": newest, "last_inbound_at": at})
    if into.status not in {TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.IN_APPROVAL}:
        return
    since = unanswered.oldest_unanswered(into)
    if since:
        lifecycle.count_from(into, since)
    elif into.status != TicketStatus.IN_APPROVAL and not merge_policies.has_open_draft(into):
        lifecycle.mark_answered(into)


def locked_pair(ticket: Ticket, into: Ticket | None = None) -> tuple[Ticket, Ticket]:
    """Return both as they stand now, their rows locked in the order of ids.

    Without `into` the second is what the first is merged into; itself where it is not merged.
    """
    locked_with_targets(Q(pk__in={ticket.pk, (into or ticket).pk}))
    ticket = lifecycle.locked(ticket)
    into = lifecycle.locked(into or ticket.in_charge)
    if ticket.merged_into_id == into.pk:
        ticket.merged_into = into
    return ticket, into


def record_both(name: str, ticket: Ticket, into: Ticket, by: User) -> Event:
    """Record it in the trail of both; returns the event of the ticket that stays."""
    said: dict[str, Any] = {"merged": ticket.pk, "into": into.pk}
    record(name, ticket, by=by, department_id=ticket.department_id, **said)
    return record(name, into, by=by, department_id=into.department_id, **said)


def columns(ticket: Ticket, names: tuple[str, ...]) -> dict[str, Any]:
    """Return these columns as the database has them now, as JSON holds them."""
    row = Ticket.objects.filter(pk=ticket.pk).values(*names).get()
    return {name: written(value) for name, value in row.items()}


def written(value: Any) -> Any:
    """Return a value as JSON holds it."""
    return value.isoformat() if isinstance(value, datetime) else value


def values_of(kept: dict[str, Any]) -> dict[str, Any]:
    """Return kept columns as the ticket takes them."""
    return {
        name: datetime.fromisoformat(value) if name in TIMES and value else value
        for name, value in kept.items()
    }


def write(ticket: Ticket, fields: dict[str, Any]) -> None:
    """Write these columns, and note them in the row at hand."""
    Ticket.objects.filter(pk=ticket.pk).update(**fields, updated_at=DeskNow())
    for name, value in fields.items():
        setattr(ticket, name, value)
