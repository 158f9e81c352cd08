"""Undoing a verb on a ticket: it stands as before, and both are told in its timeline."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.database.guards import DeskNow
from core.database.transitions import move
from core.errors import Reason, Stale
from core.models import Event
from people import access
from people.models import Department, Person, User
from tickets import events, lifecycle, policies, signals
from tickets.conversations import timeline
from tickets.merging import merge_policies, merging
from tickets.models import HandOff, Incident, Ticket, UndoEntry
from tickets.outcomes import recording
from tickets.states import TICKET_MOVES, ContextCause, TicketStatus
from tickets.undo import entries

# Events about one thing: a later one of them, by whomever, means that the ticket has moved on.
ABOUT_ONE_THING = (
    {events.TICKET_TAKEN, events.TICKET_ASSIGNED, events.TICKET_HANDED_OVER},
    {events.TICKET_SNOOZED, events.TICKET_WOKEN},
    {events.TICKET_RESOLVED, events.TICKET_REOPENED},
    {events.TICKET_TAGGED},
    {events.TICKET_PRIORITY},
    {events.TICKET_JOINED, events.TICKET_LEFT},
    {events.TICKET_MERGED, events.TICKET_UNMERGED},
)


@dataclass(frozen=True)
class Since:
    """What happened to the ticket since: whether the verb was undone, and what stands against it.

    `moved_on` is the first event that stands against undoing, if there is one.
    """

    is_undone: bool
    moved_on: Event | None


@transaction.atomic
def undo(entry: UndoEntry, *, by: User) -> Ticket:
    """Let the ticket stand as it did before this verb.

    Asked twice it is done once. Refuses another person, what was done minutes ago, and where
    somebody has gone on since.
    """
    merged = _merged_by(entry)
    if merged:
        merging.locked_pair(merged)
    ticket = lifecycle.locked(entry.ticket)
    since = _since(entry)
    if since.is_undone and access.same_person(entry.by.person_id, by.person_id):
        return ticket
    if reason := why_not_undo(entry, ticket, since, by):
        raise reason.error()
    facts = _take_back(entry, ticket, merged, by)
    done = lifecycle.locked(ticket)
    _record_undone(entry, done, by, **facts)
    signals.undone.send(sender=Ticket, event=entry.event_id)
    return done


def _take_back(entry: UndoEntry, ticket: Ticket, merged: Ticket | None, by: User) -> dict[str, Any]:
    """Let the ticket stand as before; returns what the event says besides."""
    if merged:
        return _take_merging_back(entry, merged, by)
    facts = _take_hand_over_back(entry, ticket, by) if "department_id" in entry.before else {}
    fields = entries.values_of(entry.before)
    status = fields.pop("status", None)
    if status:
        move(ticket, status, moves=TICKET_MOVES, **fields)
    else:
        Ticket.objects.filter(pk=ticket.pk).update(**fields, updated_at=DeskNow())
    if outcome := entry.event.data.get("outcome"):
        recording.take_back(outcome, by=by)
        facts["outcome"] = outcome
    return facts


def _record_undone(entry: UndoEntry, topic: Ticket, by: User, **facts: Any) -> None:
    """Record in the trail of this ticket that the verb was undone."""
    record(
        events.TICKET_UNDONE,
        topic,
        by=by,
        department_id=topic.department_id,
        event=entry.event_id,
        what=entry.event.name,
        **facts,
    )


def _merged_by(entry: UndoEntry) -> Ticket | None:
    """Return the ticket that this verb merged into the entry's; None for other verbs."""
    if entry.event.name != events.TICKET_MERGED:
        return None
    return Ticket.objects.get(pk=entry.event.data["merged"])


def _take_merging_back(entry: UndoEntry, merged: Ticket, by: User) -> dict[str, Any]:
    """Part the two tickets; the one that was merged is told in its own trail too."""
    ticket, into = merging.locked_pair(merged)
    merging.part(ticket, into, by=by)
    facts = {"merged": ticket.pk, "into": into.pk}
    _record_undone(entry, ticket, by, **facts)
    return facts


def latest_of(ticket: Ticket, by: User) -> UndoEntry:
    """Return what this person did last with the ticket; refuses where there is nothing to undo."""
    latest = (
        UndoEntry.objects.filter(ticket=ticket, by__person__in=access.all_rows_of(by.person_id))
        .select_related("event", "by", "ticket")
        .order_by("-pk")
        .first()
    )
    if latest is None:
        raise nothing_to_undo().error()
    return latest


def nothing_to_undo() -> Reason:
    """Say that there is nothing, or nothing any more, that could be undone."""
    sentence = _("There is nothing of yours to undo here any more. Change it by hand.")
    return Reason("nothing_to_undo", sentence, kind=Stale)


def why_not_undo(entry: UndoEntry, ticket: Ticket, since: Since, by: User) -> Reason | None:
    """Let who did it undo it, for some minutes, while the ticket stands as that left it.

    As it will stand then, they must be allowed to bring it there.
    """
    if not access.same_person(entry.by.person_id, by.person_id):
        sentence = _("Only {name}, who did this, can undo it.")
        return Reason("not_yours", sentence.format(name=entry.by.person.name))
    if reason := policies.why_too_late_to_undo(entry.at):
        return reason
    if since.moved_on:
        sentence = _("Nothing was undone. Meanwhile: {what}")
        told = timeline.plain_words_of(since.moved_on)
        return Reason("moved_on", sentence.format(what=told), kind=Stale)
    now = entries.standing(ticket)
    if any(now[name] != value for name, value in entry.after.items()):
        sentence = _("Nothing was undone: the ticket has changed since. Load it again.")
        return Reason("moved_on", sentence, kind=Stale)
    merged = _merged_by(entry)
    if merged:
        return policies.why_not_unmerge(merged, by)
    return _why_not_stand_so(entry, by)


def _why_not_stand_so(entry: UndoEntry, by: User) -> Reason | None:
    """Refuse what the person could not do by hand on the ticket as it will stand."""
    before = entry.before
    ticket = Ticket.objects.select_related("department", "account__department").get(
        pk=entry.ticket_id
    )
    if "department_id" in before:
        if reason := merge_policies.why_not_leave(ticket):
            return reason
        ticket.department = Department.objects.get(pk=before["department_id"])
    if reason := policies.why_not_work(ticket, by):
        return reason
    if before.get("assignee_id"):
        former = Person.objects.get(pk=before["assignee_id"])
        if reason := policies.why_not_assign(ticket, former, by):
            return reason
    if before.get("incident_id"):
        incident = Incident.objects.select_related("department").get(pk=before["incident_id"])
        if reason := policies.why_not_join(ticket, incident, by):
            return reason
    if entry.after.get("status") == TicketStatus.RESOLVED:
        return policies.why_not_reopen(ticket, by)
    return None


def _since(entry: UndoEntry) -> Since:
    """Read what happened to the ticket after this verb; what was undone cancels out."""
    later = list(
        Event.objects.filter(
            topic_kind="tickets.ticket", topic_id=entry.ticket_id, pk__gt=entry.event_id
        )
        .select_related("by__person")
        .order_by("pk")
    )
    undone = {one.data["event"] for one in later if one.name == events.TICKET_UNDONE}
    left = [one for one in later if one.name != events.TICKET_UNDONE and one.pk not in undone]
    return Since(
        entry.event_id in undone,
        next((one for one in left if _stands_against(one, entry)), None),
    )


def _stands_against(later: Event, entry: UndoEntry) -> bool:
    """Whether this event means that the ticket has moved on.

    After a hand-over everything that somebody else did there, a note aside.
    """
    if entry.event.name == events.TICKET_HANDED_OVER:
        return (
            later.by is not None
            and later.name != events.NOTE_ADDED
            and not access.same_person(later.by.person_id, entry.by.person_id)
        )
    return any({later.name, entry.event.name} <= about for about in ABOUT_ONE_THING)


def _take_hand_over_back(entry: UndoEntry, ticket: Ticket, by: User) -> dict[str, Any]:
    """Write that the ticket came back at once; returns what its event says of that.

    The context version rises once more: approvals that the hand-over ended stay ended.
    """
    handed = HandOff.objects.filter(ticket=ticket).order_by("-pk")[0]
    HandOff.objects.create(ticket=ticket, former=handed.to, to=handed.former, by=by, undoes=handed)
    lifecycle.raise_context_version(ticket, ContextCause.HANDED_OVER, by=by)
    facts: dict[str, Any] = {"former": handed.to_id, "to": handed.former_id}
    record(
        events.TICKET_UNDONE,
        ticket,
        by=by,
        topic=handed.to,
        department_id=handed.to_id,
        event=entry.event_id,
        what=entry.event.name,
        **facts,
    )
    return facts
