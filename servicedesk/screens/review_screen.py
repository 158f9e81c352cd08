"""What the review screen shows, prepared in one place and without a template.

A `ReviewScreen` says what is to be decided, and has a part each for its words, what they changed,
what else one should know, and what one may do. Opening a review claims nothing here; the view does.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from approvals import applicable_guidelines, policies, querysets
from approvals.checks import Finding as Found
from approvals.drafts import attachments, finding_messages, payload, word_differences
from approvals.models import Draft, Finding, GuidelineVersion, Review, Revision
from approvals.reviews import rechecking, unusual_characters
from approvals.states import DraftStatus, VoidReason
from core.errors import DeskError, Reason
from core.screens.typed_values import Typed
from networks.registry import network_of
from people import access
from people.models import User
from tickets.conversations import thread
from tickets.conversations.reply_permission import Light, light_of
from tickets.inbox import waits
from tickets.models import ContextChange, CustomerNote, Escalation, Mention, Ticket
from tickets.querysets import customer_notes

FURTHEST = 50  # behind so many that wait, a review's place is not said


@dataclass(frozen=True)
class Refused:
    """What stood in the form of a decision that was refused, and why; empty where the page is new.

    `verb` names the form as its address does. `explanations` go by the findings' keys, `alts` by
    the pictures' hashes; `fields` is everything in it that holds words, in its order.
    """

    verb: str = ""
    error: DeskError | None = None
    text: str = ""
    comment: str = ""
    paragraph: str = ""
    explanations: dict[str, str] = field(default_factory=dict)
    alts: dict[str, str] = field(default_factory=dict)
    fields: list[Typed] = field(default_factory=list)


@dataclass(frozen=True)
class Words:
    """The newest words as the public would see them, and what the desk says about them.

    `body` is without the signature, `new_findings` came up since it was submitted,
    `context_changes`
    is what happened on X since then.
    """

    shown: SafeString | str = ""
    body: str = ""
    length: int = 0
    limit: int = 0
    unusual: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    new_findings: list[dict[str, Any]] = field(default_factory=list)
    context_changes: list[ContextChange] = field(default_factory=list)


@dataclass(frozen=True)
class Changes:
    """What the newest revision changed of the one before: its words, and its pictures."""

    pieces: list[word_differences.Piece] = field(default_factory=list)
    pictures: list[word_differences.PictureChange] = field(default_factory=list)


@dataclass(frozen=True)
class Background:
    """What else one should know: the conversation, remarks, escalations, decisions, guidelines."""

    entries: list[thread.Entry]
    customer_notes: list[CustomerNote]
    escalations: list[Escalation]
    reviews: list[Review]
    guidelines: list[GuidelineVersion]


@dataclass(frozen=True)
class Ways:
    """Why this person may not do something now; None where they may."""

    why_not_decide: Reason | None
    why_not_approve: Reason | None
    why_not_escalate: Reason | None
    why_not_hand_back: Reason | None


@dataclass(frozen=True)
class Queue:
    """How many texts wait for this person, and this one's place; 0 where it is not among them."""

    count: int
    place: int


@dataclass(frozen=True)
class ReviewScreen:
    """The review of one draft for one person.

    What is to be decided is `newest`, the draft's last revision; `before` is the one before it,
    `target` the post that it answers, `light` whether X would accept it. `countersigning` says that
    somebody corrected a text of who looks, so that it lacks their signature alone.
    """

    draft: Draft
    ticket: Ticket
    newest: Revision | None
    before: Revision | None
    target: Mention
    light: Light
    wait: waits.Wait
    pictures: list[dict[str, Any]]
    countersigning: bool
    words: Words
    changes: Changes
    background: Background
    ways: Ways
    queue: Queue
    refused: Refused

    @property
    def has_forms(self) -> bool:
        """Whether each decision has its form, so that what was refused stands there again."""
        waits = self.draft.status == DraftStatus.IN_REVIEW
        return waits and not self.ways.why_not_decide and not self.countersigning

    @property
    def may_approve(self) -> bool:
        """Whether this person may sign the text as it stands."""
        waits = self.draft.status == DraftStatus.IN_REVIEW
        return waits and not self.ways.why_not_decide and not self.ways.why_not_approve

    @property
    def text_to_correct(self) -> str:
        """What stands in the form of a correction: what was typed there, else the text."""
        return self.refused.text if self.refused.verb == "correct" else self.words.body

    @property
    def chosen_paragraph(self) -> str:
        """The number of the paragraph that was chosen in a refused request for changes."""
        return self.refused.paragraph if self.refused.verb == "request-changes" else ""

    @property
    def kept(self) -> list[Typed]:
        """What was typed in a refused form that is no longer there."""
        return [] if self.has_forms else self.refused.fields


def screen_of(draft: Draft, user: User, refused: Refused | None = None) -> ReviewScreen:
    """Prepare the review of this draft for this person."""
    ticket = draft.ticket
    revisions = list(draft.revisions.select_related("person", "user").order_by("number"))
    newest = revisions[-1] if revisions else None
    before = revisions[-2] if len(revisions) > 1 else None
    target = newest.target if newest else draft.target
    versions = applicable_guidelines.applying_to(ticket.department)
    fresh = fresh_findings(draft, newest)
    return ReviewScreen(
        draft=draft,
        ticket=ticket,
        newest=newest,
        before=before,
        target=target,
        light=light_of(target),
        wait=waits.of_review(ticket, timezone.now()),
        pictures=attachments.shown(newest),
        countersigning=is_to_be_countersigned(revisions, user),
        words=words_of(newest, ticket, versions, fresh) if newest else Words(),
        changes=changes_of(before, newest) if newest and before else Changes(),
        background=background_of(draft, user, versions),
        ways=ways_of(newest, ticket, user, fresh),
        queue=queue_of(draft, user),
        refused=refused or Refused(),
    )


def is_to_be_countersigned(revisions: list[Revision], user: User) -> bool:
    """Whether the last of these revisions is somebody else's and an earlier one this person's."""
    own = access.all_rows_of(user.person_id)
    return (
        bool(revisions)
        and revisions[-1].person_id not in own
        and any(revision.person_id in own for revision in revisions)
    )


def fresh_findings(draft: Draft, newest: Revision | None) -> list[Found]:
    """Return what the checks say of the newest words only since they were submitted."""
    if newest is None or draft.status != DraftStatus.IN_REVIEW:
        return []
    newest.draft = draft
    return rechecking.since_submitted(newest)


def words_of(
    newest: Revision,
    ticket: Ticket,
    versions: list[GuidelineVersion],
    fresh: list[Found],
) -> Words:
    """Say what the newest words look like, what is odd in them, and what was found."""
    known = unusual_characters.known_around(newest, versions)
    odd = unusual_characters.unusual(newest.text, known)
    findings = newest.findings.select_related("version", "review__person")
    moves = ticket.context_changes.filter(number__gt=newest.context_version)
    rules = network_of(newest.network).text
    return Words(
        shown=unusual_characters.marked(newest.text, odd),
        body=payload.body_of(newest.text, newest.initials),
        length=rules.weigh(newest.text),
        limit=rules.limit,
        unusual=[place.sentence for place in odd] + unusual_characters.of_revision(newest, known),
        findings=list(findings.order_by("id")),
        new_findings=[finding_messages.shown(finding) for finding in fresh],
        context_changes=list(moves.order_by("number")),
    )


def changes_of(before: Revision, newest: Revision) -> Changes:
    """Say what the newest revision changed of the one before."""
    return Changes(
        pieces=word_differences.by_words(before.text, newest.text),
        pictures=word_differences.of_pictures(before.attachments, newest.attachments),
    )


def background_of(draft: Draft, user: User, versions: list[GuidelineVersion]) -> Background:
    """Gather what else one should know before one decides."""
    ticket = draft.ticket
    escalations = ticket.escalations.select_related("by__person", "ended_by__person")
    reviews = Review.objects.filter(revision__draft=draft).exclude(void__reason=VoidReason.REVOKED)
    return Background(
        entries=thread.of_ticket(ticket, keep={draft.target_id}),
        customer_notes=list(customer_notes(ticket.customer, user)),
        escalations=list(escalations.order_by("id")),
        reviews=list(reviews.select_related("person", "void", "revision").order_by("id")),
        guidelines=versions,
    )


def ways_of(newest: Revision | None, ticket: Ticket, user: User, fresh: list[Found]) -> Ways:
    """Say what this person may do with the review now."""
    why_not_decide = why_not_approve = None
    if newest:
        why_not_decide = policies.why_not_decide(
            newest, user, sha256=newest.sha256, context_version=ticket.context_version
        )
        why_not_approve = policies.why_writer_is_gone(newest) or rechecking.why_not_now(
            newest, fresh, user
        )
    return Ways(
        why_not_decide=why_not_decide,
        why_not_approve=why_not_approve,
        why_not_escalate=policies.why_not_escalate(ticket, user),
        why_not_hand_back=policies.why_not_hand_back(ticket, user),
    )


def queue_of(draft: Draft, user: User) -> Queue:
    """Say how many wait, and this one's place where it is among the next fifty."""
    waiting = querysets.waiting_for(user)
    ids = list(waiting.values_list("pk", flat=True)[:FURTHEST])
    return Queue(
        count=len(ids) if len(ids) < FURTHEST else waiting.count(),
        place=ids.index(draft.pk) + 1 if draft.pk in ids else 0,
    )
