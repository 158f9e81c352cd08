"""The same asked twice (a double click, a client that tries again).

Found here, so that a verb answers as it did before.

A text is the same if its whole payload is: words, target, account, initials, pictures with
their descriptions. What changed the context since makes it a new one; so does a draft that was
given back, since its author then submits the text once more.
"""

from approvals.drafts import attachments
from approvals.drafts.payload import signed
from approvals.models import Draft, Review, Revision
from approvals.states import Decision, DraftStatus, VoidReason
from people import access
from people.models import User


def same_revision(
    draft: Draft, payload: str, *, context_version: int | None, by: User
) -> Revision | None:
    """Return the newest revision, if this person froze this very payload with it.

    None if there was a newer context version on the screen.
    """
    newest = draft.newest
    if (
        newest is None
        or newest.payload != payload
        or draft.status not in {DraftStatus.IN_REVIEW, DraftStatus.APPROVED}
    ):
        return None
    if (
        context_version or draft.ticket.context_version
    ) > newest.context_version or not _still_theirs(newest, by):
        return None
    newest.draft = draft
    return newest


def already_posted(draft: Draft, text: str, *, by: User) -> Revision | None:
    """Return the revision that was posted, if this person brings the same words again.

    Only where they wrote it.
    """
    newest = draft.newest if draft.status == DraftStatus.POSTED else None
    if (
        newest is None
        or newest.text != signed(text, newest.initials)
        or not _still_theirs(newest, by)
    ):
        return None
    return newest


def same_correction(
    revision: Revision, text: str, alts: dict[str, str], *, by: User
) -> Revision | None:
    """Return the correction that this person made of exactly this revision.

    None unless these are its words and descriptions.
    """
    draft = revision.draft
    newest = draft.newest
    if newest is None or not newest.is_correction or newest.number != revision.number + 1:
        return None
    if draft.status not in {DraftStatus.IN_REVIEW, DraftStatus.APPROVED} or not _still_theirs(
        newest, by
    ):
        return None
    pictures = attachments.redescribed(revision, alts)
    if newest.text != signed(text, newest.initials) or newest.attachments != pictures:
        return None
    newest.draft = draft
    return newest


def same_decision(
    revision: Revision, decision: Decision, *, comment: str, paragraph: str, by: User
) -> Review | None:
    """Return the decision on this revision that this person made already, with these words.

    None that no longer counts.
    """
    return revision.reviews.filter(
        person=by.person,
        decision=decision,
        comment=comment.strip()[:2000],
        paragraph=paragraph.strip()[:40],
        void__isnull=True,
    ).first()


def taken_back(draft: Draft, decision: Decision, *, by: User) -> bool:
    """Whether the last decision on the text that is in review is this one, and was taken back.

    By this very sign-in.
    """
    newest = draft.newest if draft.status == DraftStatus.IN_REVIEW else None
    last = newest.reviews.select_related("void").order_by("-id").first() if newest else None
    void = getattr(last, "void", None)
    return (
        last is not None
        and last.decision == decision
        and void is not None
        and (void.reason, void.by_id) == (VoidReason.REVOKED, by.pk)
    )


def _still_theirs(newest: Revision, by: User) -> bool:
    return newest.user.is_active and access.same_person(newest.person_id, by.person_id)
