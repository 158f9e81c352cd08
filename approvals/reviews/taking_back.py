"""Taking one's own decision back: an approval, or a request for changes.

The decision stays as a fact, and so does that it was taken back. The text is in review again, as
if nobody had decided.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from approvals import events, policies
from approvals.drafts import repeated_replies
from approvals.drafts.payload import signed
from approvals.locking import locked
from approvals.models import Draft, Review, Void
from approvals.states import DRAFT_MOVES, Decision, DraftStatus, VoidReason
from core.audit import record
from core.database.db_time import desk_now
from core.database.transitions import move
from core.errors import Reason, Stale, refusal
from core.models import Event
from people.models import User
from tickets import lifecycle, signals


@transaction.atomic
def revoke(draft: Draft, *, by: User) -> Draft:
    """Take one's approval back, until the reply is on its way.

    The text is in review again and waits since when it did before. Within the sending delay
    nobody is told. Refuses who did not approve it, and once it is too late.
    """
    draft = locked(draft)
    if repeated_replies.taken_back(draft, Decision.APPROVE, by=by):
        return draft
    if reason := policies.why_not_revoke(draft, by):
        raise reason.error()
    review = policies.approval_of(draft, by)
    assert review
    leaves_at = review.at + timedelta(seconds=settings.SEND_DELAY_SECONDS)
    _take_back(draft, review, events.APPROVAL_REVOKED, by, in_time=desk_now() < leaves_at)
    return draft


@transaction.atomic
def take_back_changes(draft: Draft, *, by: User) -> Draft:
    """Take one's request for changes back, for a few minutes.

    Refuses who did not ask for them, and once the author or the customer has gone on.
    """
    draft = locked(draft)
    if repeated_replies.taken_back(draft, Decision.REQUEST_CHANGES, by=by):
        return draft
    if reason := policies.why_not_take_back_changes(draft, by) or _why_author_went_on(draft):
        raise reason.error()
    review = policies.request_for_changes(draft)
    assert review
    asked = _event_of(review, draft)
    _take_back(draft, review, events.CHANGES_TAKEN_BACK, by, event=asked)
    signals.undone.send(sender=Review, event=asked)
    return draft


def _why_author_went_on(draft: Draft) -> Reason | None:
    """Refuse where the draft no longer holds just the words and pictures that were returned."""
    returned = draft.newest
    assert returned
    attached = draft.attachments.filter(is_attached=True).values_list("sha256", flat=True)
    if (
        signed(draft.text, returned.initials) == returned.text
        and draft.writer.person.initials == returned.initials
        and set(attached) == {one["sha256"] for one in returned.attachments}
    ):
        return None
    sentence = _("Nothing was undone: {author} is changing the text already.")
    return Reason("author_went_on", sentence.format(author=draft.writer.person.name), kind=Stale)


def _event_of(review: Review, draft: Draft) -> int:
    """Return the number of the event that tells of this request for changes."""
    told = Event.objects.filter(
        topic_kind="tickets.ticket",
        topic_id=draft.ticket_id,
        name=events.REVIEW_CHANGES_REQUESTED,
        subject_id=review.pk,
    )
    return told.values_list("pk", flat=True).get()


def _take_back(draft: Draft, review: Review, name: str, by: User, **data: int) -> None:
    try:
        with transaction.atomic():
            Void.objects.create(review=review, reason=VoidReason.REVOKED, by=by)
    except DatabaseError as error:
        raise refusal(error) from error
    move(draft, DraftStatus.IN_REVIEW, moves=DRAFT_MOVES)
    lifecycle.await_approval(draft.ticket, since=_waited_since(review))
    record(
        name,
        review,
        by=by,
        topic=draft.ticket,
        department_id=draft.ticket.department_id,
        draft=draft.pk,
        **data,
    )


def _waited_since(review: Review) -> datetime:
    """Since when the text had waited before this decision.

    Since it was submitted, or since an earlier approval of it ended by itself.
    """
    ended = Void.objects.filter(review__revision=review.revision).exclude(reason=VoidReason.REVOKED)
    return ended.aggregate(at=Max("at"))["at"] or review.revision.at
