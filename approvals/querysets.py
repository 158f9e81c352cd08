"""Named reads over drafts and reviews."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from approvals.models import Draft, Revision
from approvals.states import OPEN, DraftStatus
from people.access import department_ids
from people.models import User
from people.roles import LEADS, REVIEWERS, ReviewPolicy
from tickets.models import Escalation, Ticket
from tickets.states import TicketStatus

NEWEST = Revision.objects.filter(draft=OuterRef("pk")).order_by("-number")


def in_review(user: User) -> QuerySet[Draft]:
    """The drafts in review in this person's departments, the longest waiting first."""
    return Draft.objects.filter(status=DraftStatus.IN_REVIEW, ticket__status=TicketStatus.IN_APPROVAL,
                                ticket__department__in=department_ids(user)).annotate(
        is_escalated=Exists(Escalation.objects.filter(ticket=OuterRef("ticket"), ended_at__isnull=True)),
        newest_person=Subquery(NEWEST.values("person")[:1]),
    ).order_by("ticket__waiting_since", "id")


def waiting_for(user: User) -> QuerySet[Draft]:
    """Those this person could decide on now: entitled by role, and not their own words. Corrections wait for the author too."""
    led = [one.department_id for one in user.memberships if one.role in LEADS]
    below = department_ids(user) if led else []
    reviewed = [one.department_id for one in user.memberships if one.role in REVIEWERS or (
        one.department and one.department.review_policy == ReviewPolicy.COLLEAGUES)]
    by_role = Q(ticket__department__in=below) | (Q(ticket__department__in=reviewed) & Q(is_escalated=False))
    countersigning = Q(writer__person=user.person_id) & ~Q(newest_person=F("writer__person"))
    return in_review(user).filter(by_role | countersigning).exclude(newest_person=user.person_id)


def for_review(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """With everything a row of the queue shows."""
    return drafts.select_related("ticket__customer", "ticket__department", "target__newest", "writer__person", "claim__user__person")


def open_drafts_of(tickets: list[Ticket]) -> dict[int, Draft]:
    """The open draft of each of these tickets, in one query."""
    drafts = Draft.objects.filter(ticket__in=[ticket.pk for ticket in tickets], status__in=OPEN).select_related("writer__person")
    return {draft.ticket_id: draft for draft in drafts}
