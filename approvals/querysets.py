"""Named reads over drafts and reviews."""

from collections.abc import Collection
from datetime import timedelta

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from approvals.models import Draft, Review, Revision
from approvals.states import OPEN, Decision, DraftStatus
from core.database import at_hand, editions, planned
from core.database.db_time import desk_now
from people.access import chain, department_ids, departments_of, rights_of, rows_of
from people.models import AccessChange, User
from people.roles import LEADS, REVIEWERS, ReviewPolicy
from tickets.models import Escalation, Ticket
from tickets.states import TicketStatus

WEEK = 7  # days that leads look back
MOST_TO_SIGN = 1000  # in a list of tickets; the queue has them all
FIRST = 5  # approvals of a new person that are marked
RESTING = """
SELECT said.revision_id FROM approvals_review said WHERE said.revision_id = ANY (%s)
  AND said.decision = 'approve'
AND NOT EXISTS (SELECT FROM approvals_void ended WHERE ended.review_id = said.id)
  AND approvals_by_one(said.id)
"""
WRITERS = """
SELECT draft.ticket_id, person.initials FROM approvals_draft draft
JOIN people_user writer ON writer.id = draft.writer_id
JOIN people_person person ON person.id = writer.person_id
WHERE draft.ticket_id = ANY (%s) AND draft.status = ANY (%s)
"""
NEWEST = Revision.objects.filter(draft=OuterRef("pk")).order_by("-number")


def reviews_with_rests_on_one() -> QuerySet[Review]:
    """Return all reviews, read with whether each rests on a right that one person alone gave."""
    rests = Func("pk", function="approvals_by_one", output_field=BooleanField())
    return Review.objects.annotate(  # type: ignore[no-redef] # the property, for many at once
        rests_on_one=Case(When(decision=Decision.APPROVE, then=rests), default=False)
    )


def in_review(user: User) -> QuerySet[Draft]:
    """Return the drafts in review in this person's departments, the longest waiting first."""
    return (
        Draft.objects.filter(
            status=DraftStatus.IN_REVIEW,
            ticket__status=TicketStatus.IN_APPROVAL,
            ticket__department__in=department_ids(user),
        )
        .annotate(
            is_escalated=Exists(
                Escalation.objects.filter(ticket=OuterRef("ticket"), ended_at__isnull=True)
            ),
            newest_person=Subquery(NEWEST.values("person")[:1]),
        )
        .order_by("ticket__waiting_since", "id")
    )


def waiting_for(user: User) -> QuerySet[Draft]:
    """Those this person could decide on now: entitled by role, and not their own words.

    Corrections wait for the author too.
    """
    rows, below = rows_of(user.person_id), led_departments(user)
    held = [one for one in user.memberships if one.department and one.counts]
    reviewed = [one.department_id for one in held if one.role in REVIEWERS]
    shared = [
        one.department_id for one in held if one.department.review_policy == ReviewPolicy.COLLEAGUES
    ]
    as_colleague = Q(
        ticket__department__in=shared,
        ticket__account__department__review_policy=ReviewPolicy.COLLEAGUES,
    )
    by_role = Q(ticket__department__in=below) | (
        (Q(ticket__department__in=reviewed) | as_colleague) & Q(is_escalated=False)
    )
    countersigning = Q(writer__person__in=rows) & ~Q(newest_person=F("writer__person"))
    waiting = in_review(user).filter(by_role | countersigning)
    return waiting.exclude(newest_person__in=rows)  # type: ignore[misc]


def to_sign(user: User) -> set[int]:
    """Return the keys of the tickets whose reply waits for this person's signature.

    The longest waiting ones, where there are more than a day's work.
    """
    rows = editions.rows_of(
        ("to sign", rights_of(user)), lambda: waiting_for(user).values_list("ticket")[:MOST_TO_SIGN]
    )
    return {ticket for (ticket,) in rows}


def escalated(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Return those of the drafts in review whose ticket the lead decides."""
    return drafts.filter(is_escalated=True)  # type: ignore[misc]


def written_by(user: User) -> QuerySet[Draft]:
    """Return the drafts in review whose newest text, or whose draft, is this person's."""
    drafts = in_review(user)
    newest = drafts.filter(newest_person=user.person_id)  # type: ignore[misc]
    return newest | drafts.filter(writer__person=user.person_id)


def led_departments(user: User) -> list[int]:
    """Return the departments where this person's word as lead or deputy counts.

    Their own and all below.
    """
    led = {one.department_id for one in user.memberships if one.role in LEADS and one.counts}
    return [one.id for one in departments_of(user) if led & set(chain(one))] if led else []


def for_review(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """With everything a row of the queue shows."""
    return drafts.select_related(
        "ticket__customer", "ticket__department", "writer__person", "claim__user__person"
    )


def open_drafts_of(tickets: list[Ticket]) -> dict[int, Draft]:
    """Return the open draft of each of these tickets, in one query."""
    drafts = Draft.objects.filter(
        ticket__in=[ticket.pk for ticket in tickets], status__in=OPEN
    ).select_related("writer__person")
    return {draft.ticket_id: draft for draft in drafts}


def draft_with(ticket: Ticket, statuses: Collection[str]) -> Draft | None:
    """Return the ticket's draft that has one of these statuses, if there is one.

    For a page that has read the drafts already (`read_drafts`), without a query.
    """
    if at_hand.is_read(ticket, "drafts"):
        fitting = [one for one in ticket.drafts.all() if one.status in statuses]
        return min(fitting, key=lambda one: one.pk, default=None)
    return with_writers(ticket.drafts.filter(status__in=statuses)).order_by("id").first()


def with_writers(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """With who writes each, and who looks at it."""
    return drafts.select_related("writer__person", "claim__user__person")


def read_drafts(ticket: Ticket) -> None:
    """Read the ticket's drafts for a page, once for all that it says of them."""
    at_hand.read(ticket, "drafts", lambda: with_writers(Draft.objects.order_by("id")))


def writers_of(tickets: list[int]) -> dict[int, str]:
    """Return the initials of whoever writes the open draft of each of these tickets; one query.

    By the tickets' keys. Empty where the writer has none.
    """
    rows = planned.all_rows(connection.alias, WRITERS, (tickets, list(OPEN)))
    return {ticket: initials or "" for ticket, initials in rows}


def resting_on_one(revisions: list[int]) -> set[int]:
    """Of these revisions those whose approval rests on a right that one person gave.

    Standing approvals alone; one query.
    """
    return {row[0] for row in planned.all_rows(connection.alias, RESTING, (revisions,))}


def first_approvals(user: User) -> QuerySet[Review]:
    """Return the approvals of the last week that are among their endorser's first ones.

    In the departments that this person leads.
    """
    led = [one.department_id for one in user.memberships if one.role in LEADS]
    below = department_ids(user) if led else []
    earlier = (
        Review.objects.filter(
            person=OuterRef("person"), decision=Decision.APPROVE, id__lt=OuterRef("id")
        )
        .order_by()
        .values("person")
        .annotate(n=Count("*"))
        .values("n")
    )
    rows = (
        Review.objects.filter(
            decision=Decision.APPROVE,
            at__gt=desk_now() - timedelta(days=WEEK),
            revision__draft__ticket__department__in=below,
        )
        .annotate(before=Coalesce(Subquery(earlier), 0))
        .filter(before__lt=FIRST)
        .exclude(person=user.person_id)
    )
    return rows.select_related("person", "revision__draft__ticket__customer").order_by("-at", "-id")


def access_changes(user: User) -> QuerySet[AccessChange]:
    """Who set whose access within the last week.

    Where the person concerned belongs to a department that this person leads.
    """
    led = department_ids(user) if any(one.role in LEADS for one in user.memberships) else []
    rows = AccessChange.objects.filter(
        at__gt=desk_now() - timedelta(days=WEEK), subject__membership__department__in=led
    ).distinct()
    return rows.select_related("setter", "subject").order_by("-at", "-id")
