"""The reviewer's verbs: claim, approve, request changes, reject, correct, countersign."""

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from approvals import events, policies
from approvals.drafts import attachments, checking, payload, repeated_replies
from approvals.drafts.drafting import escalate_if_needed, freeze, keep_typed, record_revision, typed
from approvals.locking import locked
from approvals.models import Claim, Draft, Review, Revision
from approvals.reviews import rechecking
from approvals.states import DRAFT_MOVES, Decision, DraftStatus
from core.audit import record
from core.channel import current_channel
from core.database.guards import DeskNow
from core.database.transitions import move
from core.errors import Invalid, Reason, refusal
from core.text.characters import says_something
from core.text.readable import one_line
from networks.registry import network_of
from people import access
from people.models import User
from tickets import lifecycle


@transaction.atomic
def claim(draft: Draft, *, by: User) -> Claim:
    """Say that one is reading this; shown to the others, blocks nobody."""
    held, new = Claim.objects.get_or_create(draft=draft, defaults={"user": by})
    if not new and held.user_id != by.pk:
        return held
    if new:
        record(
            events.REVIEW_CLAIMED,
            draft,
            by=by,
            topic=draft.ticket,
            department_id=draft.ticket.department_id,
        )
    else:
        Claim.objects.filter(pk=held.pk).update(at=DeskNow())
    return held


@transaction.atomic
def release(draft: Draft, *, by: User) -> None:
    """Put the review back."""
    if Claim.objects.filter(draft=draft, user=by).delete()[0]:
        record(
            events.REVIEW_RELEASED,
            draft,
            by=by,
            topic=draft.ticket,
            department_id=draft.ticket.department_id,
        )


@transaction.atomic
def approve(
    revision: Revision,
    *,
    sha256: str | None,
    context_version: int | None,
    by: User,
    comment: str = "",
    explanations: dict[str, str] | None = None,
) -> Draft:
    """Approve exactly this text, so that posting may pick it up.

    By an earlier writer of the draft it is a countersignature.

    A second call by the same person for the same text answers like the first. The checks run once
    more: what came up since the text was submitted is refused, explained (`explanations` by the
    findings' keys) or left to the lead as at submission, and kept with the approval.
    """
    rechecking.one_approval_at_a_time(revision)
    revision = reviewed(revision)
    draft = revision.draft
    if (
        draft.status in {DraftStatus.APPROVED, DraftStatus.POSTED}
        and sha256 == revision.sha256
        and revision.reviews.filter(
            person=by.person_id, decision=Decision.APPROVE, void__isnull=True
        ).exists()
    ):
        return draft
    review = decide(
        revision,
        Decision.APPROVE,
        sha256=sha256,
        context_version=context_version,
        by=by,
        comment=comment,
    )
    # A refusal takes the decision back with it
    found = rechecking.passed(revision, explanations or {}, by=by)
    checking.keep(revision, found, explanations or {}, review=review)
    move(draft, DraftStatus.APPROVED, moves=DRAFT_MOVES)
    lifecycle.await_sending(draft.ticket)
    wrote = draft.revisions.filter(person__in=access.all_rows_of(by.person_id)).exists()
    name = events.REVIEW_COUNTERSIGNED if wrote else events.REVIEW_APPROVED
    note(name, review, revision, by)
    return draft


@transaction.atomic
def request_changes(
    revision: Revision,
    *,
    sha256: str | None,
    context_version: int | None,
    by: User,
    comment: str,
    paragraph: str = "",
) -> Draft:
    """Give the draft back to its author, with a reason or a paragraph of the guideline."""
    return return_to_author(
        revision,
        Decision.REQUEST_CHANGES,
        DraftStatus.CHANGES_REQUESTED,
        events.REVIEW_CHANGES_REQUESTED,
        sha256=sha256,
        context_version=context_version,
        by=by,
        comment=comment,
        paragraph=paragraph,
    )


@transaction.atomic
def reject(
    revision: Revision,
    *,
    sha256: str | None,
    context_version: int | None,
    by: User,
    comment: str,
    paragraph: str = "",
) -> Draft:
    """End this draft, with a reason; another one may be begun."""
    return return_to_author(
        revision,
        Decision.REJECT,
        DraftStatus.REJECTED,
        events.REVIEW_REJECTED,
        sha256=sha256,
        context_version=context_version,
        by=by,
        comment=comment,
        paragraph=paragraph,
    )


def return_to_author(
    revision: Revision,
    decision: Decision,
    to: DraftStatus,
    event: str,
    *,
    sha256: str | None,
    context_version: int | None,
    by: User,
    comment: str,
    paragraph: str,
) -> Draft:
    """Do what requesting changes and rejecting share.

    The same decision by the same person once more answers like the first.
    """
    revision = reviewed(revision)
    draft = revision.draft
    said = {"comment": comment, "paragraph": paragraph}
    if draft.status == to and repeated_replies.same_decision(revision, decision, by=by, **said):
        return draft
    reason = policies.why_not_decide(revision, by, sha256=sha256, context_version=context_version)
    if not reason and not says_something(comment) and not paragraph.strip():
        raise Invalid(_reason_missing(draft), "comment")
    review = decide(
        revision, decision, sha256=sha256, context_version=context_version, by=by, **said
    )
    move(draft, to, moves=DRAFT_MOVES)
    lifecycle.await_author(draft.ticket)
    note(event, review, revision, by)
    return draft


def _reason_missing(draft: Draft) -> Reason:
    """Ask for a reason that the author can act on."""
    sentence = _(
        "Say why, so that {author} can act on it. A paragraph of the guideline counts as a reason."
    )
    return Reason("reason_missing", sentence.format(author=draft.writer.person.name))


@transaction.atomic
def correct(
    revision: Revision,
    *,
    text: str,
    sha256: str | None,
    context_version: int | None,
    by: User,
    explanations: dict[str, str] | None = None,
    alts: dict[str, str] | None = None,
) -> Revision:
    """Change the words oneself.

    A new revision by the reviewer under the author's initials, for the author to countersign.

    `alts` are other descriptions of the pictures, by the pictures' hashes. The checks hold for it
    as for a submitted one. The same correction of the same revision once more is the one that is
    there.
    """
    revision = reviewed(revision)
    if same := repeated_replies.same_correction(revision, text, alts or {}, by=by):
        return same
    if reason := policies.why_not_decide(
        revision, by, sha256=sha256, context_version=context_version
    ):
        raise reason.error()
    draft, author = revision.draft, revision.draft.writer.person
    whole = payload.ready(typed(text), author, network_of(revision.network).text)
    pictures = attachments.redescribed(revision, alts or {})
    if whole == revision.text and pictures == revision.attachments:
        sentence = _("The text is the same. Approve it, or change something first.")
        raise Invalid(Reason("nothing_changed", sentence), "text")
    body, described = (
        payload.body_of(whole, author.initials or ""),
        [one["alt"] for one in pictures],
    )
    examined = checking.examined(draft.ticket, body, author=author, alts=described)
    found = checking.passed(examined, explanations or {})
    context_version = escalate_if_needed(draft, found, context_version=context_version, by=by)
    corrected = freeze(
        draft, whole, by=by, context_version=context_version, correction=True, pictures=pictures
    )
    attachments.adopt(draft, pictures)
    checking.keep(corrected, found, explanations or {})
    keep_typed(draft, whole, author)
    Claim.objects.filter(draft=draft).delete()
    record_revision(events.REVIEW_CORRECTED, corrected, by=by)
    return corrected


def reviewed(revision: Revision) -> Revision:
    """Return the revision with its ticket and draft locked and read anew."""
    draft = locked(revision.draft)
    fresh = Revision.objects.select_related("user__person", "person").get(pk=revision.pk)
    fresh.draft = draft
    return fresh


def decide(
    revision: Revision,
    decision: Decision,
    *,
    sha256: str | None,
    context_version: int | None,
    by: User,
    comment: str = "",
    paragraph: str = "",
) -> Review:
    """Write the decision, if this person may make it now; the database judges once more."""
    if reason := policies.why_not_decide(
        revision, by, sha256=sha256, context_version=context_version
    ):
        raise reason.error()
    if decision == Decision.APPROVE and (reason := policies.why_writer_is_gone(revision)):
        raise reason.error()
    membership = access.strongest_membership(by, revision.draft.ticket.department)
    assert sha256 is not None
    assert context_version is not None
    assert membership is not None
    try:
        with transaction.atomic():
            review = Review.objects.create(
                revision=revision,
                sha256=sha256,
                decision=decision,
                context_version=context_version,
                comment=comment.strip()[:2000],
                paragraph=one_line(paragraph, "paragraph")[:40],
                user=by,
                person=by.person,
                membership=membership,
                channel=current_channel(),
            )
    except DatabaseError as error:
        raise refusal(error) from error
    Claim.objects.filter(draft=revision.draft).delete()
    return review


def note(event: str, review: Review, revision: Revision, by: User) -> None:
    """Record the event of a decision."""
    by_one = {"by_one": True} if review.rests_on_one else {}
    record(
        event,
        review,
        by=by,
        topic=revision.draft.ticket,
        department_id=revision.draft.ticket.department_id,
        draft=revision.draft_id,
        number=revision.number,
        sha256=revision.sha256,
        **by_one,
    )
