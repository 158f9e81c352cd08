"""What the review screen shows, prepared in one place and without a template.

A `ReviewScreen` says what is to be decided, and has a part each for its words, what they changed,
what else one should know, and what one may do. Opening a review claims nothing here; the view does.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from approvals import applicable_guidelines, policies, querysets
from approvals.checks import Finding as Found
from approvals.drafts import (
    attachments,
    checking,
    composer,
    finding_messages,
    payload,
    word_differences,
)
from approvals.drafts.destination import destination_of
from approvals.escalation import reminders
from approvals.models import Draft, Finding, GuidelineVersion, Review, Revision
from approvals.reviews import (
    marked_places,
    queue_rows,
    rechecking,
    signed_text,
    unusual_characters,
)
from approvals.states import DraftStatus, VoidReason
from core.database.db_time import desk_now
from core.errors import DeskError, Reason
from core.screens.typed_values import Typed
from core.text import formatting
from networks.registry import network_of
from people import access
from people.models import User
from tickets.conversations import thread
from tickets.conversations.reply_permission import Light, light_of
from tickets.inbox import waits
from tickets.models import ContextChange, CustomerNote, Escalation, Mention, Ticket
from tickets.querysets import customer_notes

MOMENT = timedelta(minutes=15)  # so long a decision stands beside the reviews
MOST_DECIDED = 5
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

    @property
    def left(self) -> int:
        """How much may still be said; below zero where it is too long."""
        return self.limit - self.length


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
class Correction:
    """The form of a correction: the words in it as the composer shows words while they are written.

    `preview` is the text with the writer's initials, as the public would see it.
    """

    preview: str
    length: int
    left: int
    limit: int
    too_many_cashtags: Reason | None
    checks: composer.Checks


@dataclass(frozen=True)
class Beside:
    """What stands beside a review: what waits besides, and what was decided a moment ago.

    `draft` is the one under review, `count` how many wait, of which `rows` are the first.
    """

    draft: int
    rows: list[queue_rows.QueueRow]
    count: int
    decided: list[queue_rows.JustDecided]


@dataclass(frozen=True)
class ReviewScreen:
    """The review of one draft for one person.

    What is to be decided is `newest`, the draft's last revision; `before` is the one before it,
    `target` the post that it answers, `light` whether X would accept it. `countersigning` says that
    somebody corrected a text of who looks, so that it lacks their signature alone, `next_step`
    whom the clock calls next.
    """

    draft: Draft
    ticket: Ticket
    newest: Revision | None
    before: Revision | None
    target: Mention
    light: Light
    wait: waits.Wait
    next_step: str
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
        next_step=next_step_of(ticket, newest),
        pictures=attachments.shown(newest),
        countersigning=is_to_be_countersigned(revisions, user),
        words=words_of(newest, ticket, versions, fresh) if newest else Words(),
        changes=changes_of(before, newest) if newest and before else Changes(),
        background=background_of(draft, user, versions),
        ways=ways_of(newest, ticket, user, fresh),
        queue=queue_of(draft, user),
        refused=refused or Refused(),
    )


def next_step_of(ticket: Ticket, newest: Revision | None) -> str:
    """Say whom the clock calls next to this text, and when; empty where nobody is left to call."""
    step = reminders.upcoming(ticket, newest, timezone.now()) if newest else None
    if step is None:
        return ""
    names = formatting.listed([one.name for one in step.people], formatting.NAMED)
    if timezone.localtime(step.due_at).date() == timezone.localdate():
        return _("then to {names} at {time}").format(
            names=names, time=formatting.oclock(step.due_at)
        )
    return _("then to {names} {when}").format(names=names, when=formatting.when(step.due_at))


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
    findings = marked_places.in_order(newest.findings.select_related("version", "review__person"))
    said = [(one, finding_messages.sentence(one)) for one in findings]
    moves = ticket.context_changes.filter(number__gt=newest.context_version)
    rules = network_of(newest.network).text
    return Words(
        shown=marked_places.marked(newest.text, odd, said),
        body=payload.body_of(newest.text, newest.initials),
        length=rules.weigh(newest.text),
        limit=rules.limit,
        unusual=[place.sentence for place in odd] + unusual_characters.of_revision(newest, known),
        findings=findings,
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


def correction_of(screen: ReviewScreen, user: User) -> Correction | None:
    """Prepare the form in which this person corrects the text; None where there is none."""
    if not screen.has_forms or screen.newest is None:
        return None
    author, text = screen.draft.writer.person, screen.text_to_correct
    alts = [screen.refused.alts.get(one["sha256"], one["alt"]) for one in screen.pictures]
    versions = screen.background.guidelines
    found = checking.examined(screen.ticket, text, author=author, versions=versions, alts=alts)
    rules = network_of(screen.newest.network).text
    whole = payload.signed(text, author.initials or "") if text.strip() else ""
    length = rules.weigh(whole)
    return Correction(
        preview=whole,
        length=length,
        left=rules.limit - length,
        limit=rules.limit,
        too_many_cashtags=payload.why_too_many_cashtags(whole, rules),
        checks=composer.Checks(
            findings=[finding_messages.shown(one) for one in found],
            explained=screen.refused.explanations or composer.explained(screen.newest),
            destination=destination_of(screen.ticket, found, user),
            guidelines=[],
            unconfirmed=[],
        ),
    )


def beside_of(draft: Draft, user: User) -> Beside:
    """Prepare what stands beside this review: the first of what waits, and the latest decisions."""
    now = timezone.now()
    waiting = querysets.waiting_for(user)
    drafts = list(querysets.for_review(waiting)[:FURTHEST])
    shown = [one.pk for one in drafts]
    newest = signed_text.newest_of(shown)
    reviews = Review.objects.filter(person=user.person, at__gt=desk_now() - MOMENT)
    reviews = reviews.exclude(void__reason=VoidReason.REVOKED)
    reviews = reviews.select_related("revision__draft__ticket", "void").order_by("-id")
    decided = list(reviews[:MOST_DECIDED])
    signed_text.addressed([one.revision for one in decided])
    return Beside(
        draft=draft.pk,
        rows=queue_rows.waiting(drafts, newest, now, shown),
        count=len(shown) if len(shown) < FURTHEST else waiting.count(),
        decided=[queue_rows.just_decided(one, now) for one in decided],
    )
