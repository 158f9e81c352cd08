"""Incidents: opening and ending one, joining tickets to it, and how its wave stands."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.audit import record
from core.database.editions import kept
from core.database.guards import DeskNow
from core.database.locking import lock_row
from core.errors import Invalid, Reason
from core.screens.truncated_lists import Cut, cut
from core.text.readable import one_line
from people.access import department_ids
from people.models import Department, User
from tickets import events, lifecycle, policies
from tickets.models import Incident, Ticket
from tickets.states import TicketStatus
from tickets.undo import entries

SHOWN = 5


@dataclass(frozen=True)
class Wave:
    """One open incident and how many of its tickets stand where."""

    incident: Incident
    waiting: int
    in_approval: int
    answered: int

    @property
    def all(self) -> int:
        """Every ticket of it."""
        return self.waiting + self.in_approval + self.answered


@transaction.atomic
def open_incident(*, name: str, department: Department, by: User) -> Incident:
    """Name what many write about. For who works in the department; refuses an empty name.

    An open one of this name in the department is the one that is meant.
    """
    if reason := policies.why_not_keep_incidents(department, by):
        raise reason.error()
    name = one_line(name)[:120]
    if not name:
        raise Invalid(
            Reason(
                "name_missing", _("Give the incident a name, such as the place and what is wrong.")
            ),
            "name",
        )
    lock_row(Department, department.pk)
    if known := Incident.objects.filter(
        name=name, department=department, ended_at__isnull=True
    ).first():
        return known
    incident = Incident.objects.create(name=name, department=department, by=by)
    record(events.INCIDENT_OPENED, incident, by=by, department_id=department.pk)
    return incident


@transaction.atomic
def end_incident(incident: Incident, *, by: User) -> None:
    """End it: no ticket is joined any more; those that were stay as they are."""
    if reason := policies.why_not_keep_incidents(incident.department, by):
        raise reason.error()
    if Incident.objects.filter(pk=incident.pk, ended_at__isnull=True).update(ended_at=DeskNow()):
        record(events.INCIDENT_ENDED, incident, by=by, department_id=incident.department_id)


@transaction.atomic
def join(ticket: Ticket, *, incident: Incident, by: User) -> Ticket:
    """Say that this ticket is about the incident.

    Refuses one that is over or of another department.
    """
    ticket = lifecycle.locked(ticket)
    if reason := policies.why_not_join(ticket, incident, by):
        raise reason.error()
    if ticket.incident_id == incident.pk:
        return ticket
    before = entries.standing(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(incident=incident, updated_at=DeskNow())
    ticket.incident = incident
    event = record(
        events.TICKET_JOINED,
        ticket,
        by=by,
        department_id=ticket.department_id,
        incident=incident.pk,
    )
    entries.keep(ticket, event, before, by=by)
    return ticket


@transaction.atomic
def leave(ticket: Ticket, *, by: User) -> Ticket:
    """Take the ticket out: it is about something else after all."""
    ticket = lifecycle.locked(ticket)
    if reason := policies.why_not_work(ticket, by):
        raise reason.error()
    if ticket.incident_id:
        left, before = ticket.incident_id, entries.standing(ticket)
        Ticket.objects.filter(pk=ticket.pk).update(incident=None, updated_at=DeskNow())
        event = record(
            events.TICKET_LEFT, ticket, by=by, department_id=ticket.department_id, incident=left
        )
        entries.keep(ticket, event, before, by=by)
    return ticket


def open_ones(user: User) -> QuerySet[Incident]:
    """Return the incidents of this person's departments that are not over, the newest first."""
    return open_in(department_ids(user))


def open_in(departments: Collection[int]) -> QuerySet[Incident]:
    """Return those of these departments."""
    return (
        Incident.objects.filter(department__in=departments, ended_at__isnull=True)
        .select_related("department")
        .order_by("-id")
    )


@kept(Incident, Department)
def all_in(departments: tuple[int, ...]) -> list[Incident]:
    """Return the same, for a page."""
    return list(open_in(departments))


@kept(Incident, Department)
def newest_in(departments: tuple[int, ...]) -> Cut:
    """Return the newest of these departments, and how many there are."""
    return cut(open_in(departments), "waves", SHOWN, QueryDict())


def wave_of(incident: Incident) -> Wave:
    """How one incident stands."""
    return standing([incident])[0]


def waves(user: User) -> Cut:
    """How the newest open incidents stand, and how many there are."""
    newest = newest_in(tuple(department_ids(user)))
    return Cut(standing(newest), total=newest.total, name="waves")


def standing(incidents: list[Incident]) -> list[Wave]:
    """How each of these stands, in one query."""
    counted: dict[int, dict[str, int]] = {one.pk: {} for one in incidents}
    if incidents:
        rows = (
            Ticket.objects.filter(incident__in=incidents, merged_into__isnull=True)
            .values("incident", "status")
            .annotate(n=Count("id"))
            .order_by()
        )
        for row in rows:
            counted[row["incident"]][row["status"]] = row["n"]
    return [
        Wave(
            one,
            waiting=sum(
                counted[one.pk].get(status, 0) for status in (TicketStatus.NEW, TicketStatus.OPEN)
            ),
            in_approval=sum(
                counted[one.pk].get(status, 0)
                for status in (TicketStatus.IN_APPROVAL, TicketStatus.SENDING)
            ),
            answered=sum(
                counted[one.pk].get(status, 0)
                for status in (TicketStatus.ANSWERED, TicketStatus.RESOLVED)
            ),
        )
        for one in incidents
    ]
