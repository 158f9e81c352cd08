"""Approvals that no longer hold.

Found by asking the rule itself, written down, and back with the people concerned.
"""

from django.db import connection, transaction

from approvals import events
from approvals.locking import locked
from approvals.models import Draft, Review, Revision, Void
from approvals.policies import on_its_way_since
from approvals.states import BACK_TO_REVIEW, DRAFT_MOVES, Decision, DraftStatus, VoidReason
from core.audit import record
from core.database.transitions import move
from people.models import User
from tickets import lifecycle

REASONS = {
    "expired": VoidReason.EXPIRED,
    "right_lost": VoidReason.RIGHT_LOST,
    "needs_lead": VoidReason.ESCALATED,
    "access_changed": VoidReason.ACCESS_CHANGED,
    "text_changed": VoidReason.TEXT_CHANGED,
    "one_person": VoidReason.RIGHT_LOST,
    "made_by_one": VoidReason.RIGHT_LOST,
}


def pair_fault(revision: Revision) -> str | None:
    """Why no valid pair of people stands behind this revision, by the database's own rule.

    None if one does.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT approvals_pair_fault(%s)", [revision.pk])
        return cursor.fetchone()[0]


SUSPECTS = """
SELECT d.id FROM approvals_draft d WHERE d.status = 'approved' AND approvals_pair_fault(
  (SELECT r.id FROM approvals_revision r WHERE r.draft_id = d.id ORDER BY r.number DESC
    LIMIT 1)) IS NOT NULL ORDER BY d.id
"""


def void_all() -> int:
    """Void every approval that no longer holds; returns how many.

    The rule is asked without locks first, then once more under them.
    """
    with connection.cursor() as cursor:
        cursor.execute(SUSPECTS)
        suspects = [row[0] for row in cursor.fetchall()]
    return sum(
        void_if_it_no_longer_holds(draft)
        for draft in Draft.objects.filter(pk__in=suspects).order_by("id")
    )


@transaction.atomic
def void_if_it_no_longer_holds(draft: Draft) -> bool:
    """Void this draft's approval, if the rule no longer finds a pair.

    Not while the reply is on its way.
    """
    draft = locked(draft)
    newest = draft.newest
    if draft.status != DraftStatus.APPROVED or newest is None or on_its_way_since(draft):
        return False
    fault = pair_fault(newest)
    if fault is None:
        return False
    review = newest.reviews.filter(decision=Decision.APPROVE, void__isnull=True).first()
    if review:
        reason, by = why(fault, review, draft)
        end(draft, review, reason, by=by)
    return True


def why(fault: str, review: Review, draft: Draft) -> tuple[VoidReason, User | None]:
    """Return the reason in the desk's words.

    Where the context version moved, the first move after the approval names it.
    """
    if fault == "context_changed":
        moved = (
            draft.ticket.context_changes.filter(number__gt=review.context_version)
            .select_related("by")
            .order_by("number")
            .first()
        )
        if moved:
            return VoidReason(moved.cause), moved.by
    return REASONS.get(fault, VoidReason.TEXT_CHANGED), None


@transaction.atomic
def void_refused(draft: Draft, *, said: str) -> None:
    """X refused the reply: the approval is void and the draft back with its author."""
    draft = locked(draft)
    newest = draft.newest
    review = (
        newest.reviews.filter(decision=Decision.APPROVE, void__isnull=True).first()
        if newest
        else None
    )
    if draft.status == DraftStatus.APPROVED and review:
        end(draft, review, VoidReason.REFUSED, detail=said)


def end(
    draft: Draft, review: Review, reason: VoidReason, *, by: User | None = None, detail: str = ""
) -> None:
    """Write the void, move the draft to whose turn it is, and tell both people.

    Call with ticket and draft locked.
    """
    Void.objects.create(review=review, reason=reason, by=by, detail=detail[:500])
    if reason in BACK_TO_REVIEW:
        move(draft, DraftStatus.IN_REVIEW, moves=DRAFT_MOVES)
        lifecycle.await_approval(draft.ticket)
    else:
        move(draft, DraftStatus.CHANGES_REQUESTED, moves=DRAFT_MOVES)
        lifecycle.await_author(draft.ticket)
    record(
        events.APPROVAL_VOID,
        review,
        by=by,
        topic=draft.ticket,
        department_id=draft.ticket.department_id,
        reason=reason,
        draft=draft.pk,
        writer=review.revision.person_id,
        endorser=review.person_id,
    )
