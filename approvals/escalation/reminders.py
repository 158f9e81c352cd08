"""The clock.

What waits longer than the department allows calls lead, deputy and the parent's lead, by hours
of service.

It only calls. It voids nothing and changes nobody's right to decide. Everything is computed
from rows, so a worker that was away calls what it missed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from approvals import events
from approvals.models import Call, Draft, Revision
from approvals.states import DraftStatus
from core.audit import record
from core.database.db_time import desk_now
from core.database.locking import lock_row
from people import access
from people.hours import business_hours, on_call
from people.models import Department, Person
from tickets.models import Escalation, Ticket


@dataclass(frozen=True)
class Step:
    """Who is called, and when that is due."""

    number: int
    due_at: datetime
    people: list[Person]


def steps(department: Department, since: datetime, now: datetime, *, escalated: bool) -> list[Step]:
    """Every step that is due by now for something that has waited since then.

    An escalation calls its first step at once.
    """
    found = []
    for place, people in enumerate(on_call.ladder(department, now)):
        minutes = department.clock_minutes * (place if escalated else place + 1)
        due = business_hours.after(department, since, minutes)
        if due is None or due > now:
            break
        found.append(Step(place + 1, due, people))
    return found


def upcoming(ticket: Ticket, revision: Revision, now: datetime) -> Step | None:
    """Return whom the clock calls next to a text that waits, and when.

    Never whoever wrote the words. None where nobody is left to call.
    """
    escalation = ticket.escalations.filter(ended_at__isnull=True).first()
    since = max(escalation.at, revision.at) if escalation else revision.at
    own = set(access.all_rows_of(revision.person_id))
    for place, people in enumerate(on_call.ladder(ticket.department, now)):
        minutes = ticket.department.clock_minutes * (place if escalation else place + 1)
        due = business_hours.after(ticket.department, since, minutes)
        others = [one for one in people if one.pk not in own]
        if due is not None and due > now and others:
            return Step(place + 1, due, others)
    return None


def call_all() -> list[int]:
    """Make every call that is due; safe to run twice, late or never.

    Returns the ids of those that were made.
    """
    made: list[int] = []
    for draft in Draft.objects.filter(status=DraftStatus.IN_REVIEW).values_list("pk", flat=True):
        made += call_to_review(draft)
    for escalation in Escalation.objects.filter(ended_at__isnull=True).values_list("pk", flat=True):
        made += call_to_escalation(escalation)
    return made


@transaction.atomic
def call_to_review(draft_id: int) -> list[int]:
    """Call whoever is due for one waiting review; an escalated one has the escalation's clock."""
    draft = Draft.objects.get(pk=draft_id)
    lock_row(Ticket, draft.ticket_id)
    draft = Draft.objects.select_related("ticket__department__parent").get(pk=draft_id)
    revision = draft.newest
    if (
        draft.status != DraftStatus.IN_REVIEW
        or revision is None
        or draft.ticket.escalations.filter(ended_at__isnull=True).exists()
    ):
        return []
    due = steps(draft.ticket.department, revision.at, desk_now(), escalated=False)
    return call(due, draft.ticket, writer=revision.person_id, revision=revision)


@transaction.atomic
def call_to_escalation(escalation_id: int) -> list[int]:
    """Call whoever is due for one open escalation.

    Counted from the newest text that waits for the lead, if there is one.
    """
    escalation = Escalation.objects.get(pk=escalation_id)
    lock_row(Ticket, escalation.ticket_id)
    escalation = Escalation.objects.select_related("ticket__department__parent").get(
        pk=escalation_id
    )
    if escalation.ended_at is not None:
        return []
    waiting = waiting_text(escalation)
    since = max(escalation.at, waiting.at) if waiting else escalation.at
    due = steps(escalation.ticket.department, since, desk_now(), escalated=True)
    return call(
        due, escalation.ticket, writer=waiting.person_id if waiting else None, escalation=escalation
    )


def waiting_text(escalation: Escalation) -> Revision | None:
    """Return the newest text of the escalated ticket that waits for the lead's decision.

    None before one is submitted.
    """
    return (
        Revision.objects.filter(
            draft__ticket=escalation.ticket_id, draft__status=DraftStatus.IN_REVIEW
        )
        .order_by("-id")
        .first()
    )


def call(
    due: list[Step], ticket: Ticket, *, writer: int | None, **about: Revision | Escalation
) -> list[int]:
    """Write the calls that are missing; nobody is called twice, and nobody to their own words."""
    known = set(Call.objects.filter(**about).values_list("person_id", flat=True))
    own = set(access.all_rows_of(writer)) if writer else set()
    made = []
    for step in due:
        for person in step.people:
            if person.pk not in known | own:
                known.add(person.pk)
                made.append(Call(**about, step=step.number, person=person, due_at=step.due_at))
    Call.objects.bulk_create(made)
    if made:
        record(
            events.LEAD_CALLED,
            ticket,
            topic=ticket,
            department_id=ticket.department_id,
            people=[one.person_id for one in made],
            calls=[one.pk for one in made],
            step=made[-1].step,
        )
    return [one.pk for one in made]
