"""The rows of the review queue, prepared in one place: what waits, and what one has decided.

Whoever draws a row asks nothing any more. Words of others are plain text, which the template
escapes.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from approvals.models import Draft, Review, Revision
from approvals.states import Decision, DraftStatus
from core.screens.icons import icon
from core.text import formatting
from core.text.characters import revealed
from core.text.direction import direction_of
from tickets.conversations import post_contents
from tickets.inbox import waits
from tickets.inbox.rows import Pair, direction_of_last
from tickets.inbox.status_marks import StatusMark, mark_of
from tickets.inbox.waits import Wait
from tickets.states import TicketStatus

NAME = 40  # characters of the customer's name


@dataclass(frozen=True)
class Claim:
    """Who reads the text now: the stamp (an icon where there are no initials), and a sentence."""

    stamp: SafeString | str
    words: str


@dataclass(frozen=True)
class QueueRow:
    """One text that waits for its second signature. `ours` are its words, `theirs` the post's.

    `is_yours` says that the signature is the reader's to give.
    """

    draft: int
    address: str
    wait: Wait
    name: str
    handle: str
    ours: str
    ours_direction: str
    theirs: str
    theirs_direction: str
    status: StatusMark
    pair: Pair
    claim: Claim | None

    @property
    def is_yours(self) -> bool:
        """Whether the reader may sign it."""
        return self.pair.is_yours


@dataclass(frozen=True)
class JustDecided:
    """One decision of the reader's own of a moment ago, and what became of it.

    `leaves_in` counts the seconds until an approved reply leaves, up to which the approval can be
    taken back; 0 where that is over.
    """

    address: str
    ticket: int
    name: str
    ours: str
    writer: str
    endorser: str
    status: StatusMark
    leaves_in: int


@dataclass(frozen=True)
class DecidedRow:
    """One decision of the reader's own, and whether the approval has become void since."""

    address: str
    at: str
    handle: str
    decision: str
    words: str
    direction: str
    is_void: bool


def waiting(
    drafts: Iterable[Draft],
    newest: Mapping[int, Revision],
    now: datetime,
    signing: Collection[int],
) -> list[QueueRow]:
    """Return the rows of these drafts, each with its newest revision; what has none is left out.

    `signing` has the keys of those that wait for the reader's signature. No query, if drafts come
    from `querysets.for_review` and revisions from `signed_text.addressed`.
    """
    return [
        waiting_row(draft, newest[draft.pk], now, is_yours=draft.pk in signing)
        for draft in drafts
        if draft.pk in newest
    ]


def waiting_row(draft: Draft, revision: Revision, now: datetime, *, is_yours: bool) -> QueueRow:
    """Return the row of one draft."""
    words = _("second signature open, yours") if is_yours else _("second signature open")
    target = revision.target
    is_escalated: bool = draft.is_escalated  # type: ignore[attr-defined]
    return QueueRow(
        draft=draft.pk,
        address=reverse("review", args=[draft.pk]),
        wait=waits.of_review(draft.ticket, now),
        name=Truncator(target.customer.name).chars(NAME),
        handle=target.customer.handle,
        ours=revision.text,
        ours_direction=direction_of(revision.text),
        theirs=revealed(post_contents.in_a_line(target.newest)),
        theirs_direction=direction_of_last(target),
        status=mark_of(
            TicketStatus.IN_APPROVAL, TicketStatus.IN_APPROVAL.label, is_escalated=is_escalated
        ),
        pair=Pair(revision.initials or "", words, is_yours),
        claim=claim_of(draft),
    )


def claim_of(draft: Draft) -> Claim | None:
    """Return who reads the text now; none where it is free."""
    claim = getattr(draft, "claim", None)
    if claim is None:
        return None
    person = claim.user.person
    words = _("%(name)s is reading") % {"name": person.name}
    return Claim(person.stamp or icon("person", 14), words)


def decided_row(review: Review) -> DecidedRow:
    """Return the row of one decision."""
    revision = review.revision
    return DecidedRow(
        address=reverse("review", args=[revision.draft_id]),
        at=formatting.short(review.at),
        handle=revision.target.customer.handle,
        decision=review.decided,
        words=revision.text,
        direction=direction_of(revision.text),
        is_void=hasattr(review, "void"),
    )


def just_decided(review: Review, now: datetime) -> JustDecided:
    """Return the row of a decision of a moment ago.

    No query, if the review comes with its void, its draft's ticket and its addressed revision.
    """
    revision, draft = review.revision, review.revision.draft
    is_approved = review.decision == Decision.APPROVE and not hasattr(review, "void")
    leaves_in = 0
    if is_approved and draft.status == DraftStatus.APPROVED:
        leaves_at = review.at + timedelta(seconds=settings.SEND_DELAY_SECONDS)
        leaves_in = max(0, math.ceil((leaves_at - now).total_seconds()))
    return JustDecided(
        address=reverse("review", args=[draft.pk]),
        ticket=draft.ticket.number,
        name=Truncator(revision.target.customer.name).chars(NAME),
        ours=revision.text,
        writer=revision.initials or "",
        endorser=review.initials if is_approved else "",
        status=status_after(review),
        leaves_in=leaves_in,
    )


def status_after(review: Review) -> StatusMark:
    """Return what became of a decision: of an approval where its reply stands, else what it was."""
    if hasattr(review, "void"):
        return mark_of("void", _("Approval void"))
    if review.decision != Decision.APPROVE:
        name = DraftStatus.CHANGES_REQUESTED
        if review.decision == Decision.REJECT:
            name = DraftStatus.REJECTED
        return mark_of(name, review.decided)
    draft = review.revision.draft
    return mark_of(draft.status, draft.get_status_display())
