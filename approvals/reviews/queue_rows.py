"""The rows of the review queue, prepared in one place: what waits, and what one has decided.

Whoever draws a row asks nothing any more. Words of others are plain text, which the template
escapes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from approvals.models import Draft, Review, Revision
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
    """One text that waits for its second signature. `ours` are its words, `theirs` the post's."""

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
    drafts: Iterable[Draft], newest: Mapping[int, Revision], now: datetime
) -> list[QueueRow]:
    """Return the rows of these drafts, each with its newest revision; what has none is left out.

    No query, if drafts come from `querysets.for_review` and revisions from `signed.addressed`.
    """
    return [waiting_row(draft, newest[draft.pk], now) for draft in drafts if draft.pk in newest]


def waiting_row(draft: Draft, revision: Revision, now: datetime) -> QueueRow:
    """Return the row of one draft."""
    target = revision.target
    is_escalated: bool = draft.is_escalated  # type: ignore[attr-defined]
    return QueueRow(
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
        pair=Pair(revision.initials or "", _("second signature open, yours")),
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
        decision=review.get_decision_display(),
        words=revision.text,
        direction=direction_of(revision.text),
        is_void=hasattr(review, "void"),
    )
