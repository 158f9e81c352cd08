"""The author's verbs: open a draft, save it while typing, take it over, submit it, withdraw it."""

from typing import Any, cast

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from approvals import events, policies
from approvals.checks import Finding as Found
from approvals.drafts import (
    attachments,
    checking,
    repeated_replies,
    three_way_merge,
    word_differences,
)
from approvals.drafts.payload import body_of, payload_of, ready
from approvals.escalation import escalation
from approvals.locking import locked
from approvals.models import Claim, Draft, Revision, Void
from approvals.states import DRAFT_MOVES, OPEN, Decision, DraftStatus, VoidReason
from core.audit import record, repeats
from core.channel import current_channel
from core.database.guards import DeskNow
from core.database.transitions import move
from core.errors import IllegalMove, Invalid, NotAllowed, Reason, Stale, refusal
from core.text.characters import cleaned
from networks.registry import network_of
from people import access
from people.models import Person, User
from tickets import lifecycle
from tickets.models import Mention, Ticket
from tickets.querysets import mentions_of
from tickets.states import GONE, TicketStatus

LONGEST_TYPED = 5000


def default_target(ticket: Ticket) -> Mention | None:
    """Return the customer's newest post that names us and is still there.

    Else the newest one that is still there. Those of tickets merged into this one count.
    """
    posts = mentions_of(ticket).order_by("-written_at", "-position")
    there = posts.exclude(status__in=GONE)
    return there.filter(names_us=True).first() or there.first() or posts.first()


@transaction.atomic
def open_draft(ticket: Ticket, *, by: User, text: str = "") -> Draft:
    """Begin a reply, or join the open one.

    The first words make its writer responsible for the ticket, if nobody is.
    """
    ticket = lifecycle.locked(ticket)
    if reason := policies.why_not_draft(ticket, by):
        raise reason.error()
    known = ticket.drafts.filter(status__in=OPEN).select_related("writer__person").first()
    if known:
        known.ticket = ticket
        return known
    target = default_target(ticket)
    if target is None:
        raise IllegalMove(
            Reason("nothing_to_answer", _("There is no post to reply to in this ticket."))
        )
    follow_up = ticket.drafts.filter(status=DraftStatus.POSTED, target=target).exists()
    draft = Draft.objects.create(
        ticket=ticket, target=target, text=typed(text), writer=by, is_follow_up=follow_up
    )
    if ticket.status in {TicketStatus.NEW, TicketStatus.ANSWERED}:
        lifecycle.await_author(ticket)
    if ticket.assignee_id is None:
        Ticket.objects.filter(pk=ticket.pk).update(assignee=by.person)
    record(events.DRAFT_OPENED, draft, by=by, topic=ticket, department_id=ticket.department_id)
    return draft


def typed(text: str) -> str:
    """Return what somebody typed, as it is kept (`core.text.characters.cleaned`).

    Over-long input is refused, not cut.
    """
    text = cleaned(text).replace("\x00", "")
    if len(text) > LONGEST_TYPED:
        raise Invalid(
            Reason(
                "text_long",
                _(
                    "The text is over the limit by {n}, initials included. Shorten it; "
                    "nothing is lost."
                ).format(n=len(text) - LONGEST_TYPED),
            ),
            "text",
        )
    return text


@transaction.atomic
def save(draft: Draft, *, text: str, saved: int | None, by: User, base: str | None = None) -> Draft:
    """Keep what is being typed.

    `saved` is the count that was on the screen: if another window saved meanwhile, it is refused
    with that window's text, what differs by words, and, given the text `base` that both grew out
    of, one text with both changes.
    """
    draft = locked(draft)
    if reason := policies.why_not_save(draft, by):
        raise reason.error()
    text = typed(text)
    if saved is not None and saved != draft.saved and text != draft.text:
        raise Stale(
            Reason(
                "draft_changed",
                _("This draft was changed in another window. Compare both texts before you save."),
                kind=Stale,
            ),
            text=draft.text,
            saved=draft.saved,
            merged=three_way_merge.merged(cleaned(base), text, draft.text)
            if base is not None
            else None,
            pieces=[[one.kind, one.text] for one in word_differences.by_words(draft.text, text)],
        )
    if text != draft.text:
        Draft.objects.filter(pk=draft.pk).update(
            text=text, saved=draft.saved + 1, updated_at=DeskNow()
        )
        draft.text, draft.saved = text, draft.saved + 1
    return draft


@transaction.atomic
def take_over(draft: Draft, *, by: User) -> Draft:
    """Go on writing a colleague's draft; from now on it bears the new writer's initials."""
    draft = locked(draft)
    if reason := policies.why_not_take_over(draft, by):
        raise reason.error()
    if draft.writer.person_id != by.person_id:
        Draft.objects.filter(pk=draft.pk).update(writer=by, updated_at=DeskNow())
        draft.writer = by
        Ticket.objects.filter(pk=draft.ticket_id).update(assignee=by.person)
        record(
            events.DRAFT_TAKEN_OVER,
            draft,
            by=by,
            topic=draft.ticket,
            department_id=draft.ticket.department_id,
        )
    return draft


@transaction.atomic
def submit(
    draft: Draft,
    *,
    text: str,
    context_version: int | None,
    by: User,
    explanations: dict[str, str] | None = None,
    alts: dict[int, str] | None = None,
) -> Revision:
    """Freeze the text as a new revision and put it before a second pair of eyes.

    `context_version` is the one that was on the screen, `alts` are the descriptions of the
    pictures that
    were (by their numbers; None: as they were saved).

    The same text on the same state is the same revision: it is returned as it stands, with its
    approval, and nothing is written. An approval of another text is void from here on. What the
    checks find is frozen with it, with `explanations` by the findings' keys; a finding that needs
    the lead escalates the ticket. Refuses an empty, over-long or unreadable text, one with an open
    field, one that a finding blocks, and one with a finding that wants an explanation and has none
    (`Invalid`).
    """
    draft = locked(draft)
    if sent := repeated_replies.already_posted(draft, text, by=by):
        return sent
    if reason := policies.why_not_save(draft, by):
        raise reason.error()
    author = draft.writer.person
    whole = ready(typed(text), author, network_of(draft.ticket.account.network).text)
    retarget(draft)
    pictures = attachments.frozen(draft, alts)
    payload = payload_of(draft, whole, pictures)
    revision = repeated_replies.same_revision(
        draft, payload, context_version=context_version, by=by
    )
    if revision is None:
        revision = _freeze_checked(
            draft, text, whole, pictures, explanations or {}, context_version, by
        )
    attachments.describe(draft, alts or {}, by=by)
    keep_typed(draft, whole, author)
    return revision


def _freeze_checked(
    draft: Draft,
    text: str,
    whole: str,
    pictures: list[dict[str, Any]],
    explanations: dict[str, str],
    context_version: int | None,
    by: User,
) -> Revision:
    """Freeze the text with what the checks find in it, and record that it was submitted."""
    if reason := policies.why_too_late(draft):
        raise reason.error()
    if reason := policies.why_on_no_screen(draft.ticket, context_version):
        raise Invalid(reason, "context_version")
    found = checking.passed(
        checking.examined(
            draft.ticket,
            typed(text),
            author=draft.writer.person,
            alts=[picture["alt"] for picture in pictures],
        ),
        explanations,
    )
    context_version = escalate_if_needed(draft, found, context_version=context_version, by=by)
    revision = freeze(draft, whole, by=by, context_version=context_version, pictures=pictures)
    checking.keep(revision, found, explanations)
    Claim.objects.filter(draft=draft).delete()
    record_revision(events.DRAFT_SUBMITTED, revision, by=by)
    return revision


def record_revision(event: str, revision: Revision, *, by: User) -> None:
    """Record that this revision came to be: its number and hash, under its ticket."""
    ticket = revision.draft.ticket
    record(
        event,
        revision,
        by=by,
        topic=ticket,
        department_id=ticket.department_id,
        draft=revision.draft_id,
        number=revision.number,
        sha256=revision.sha256,
    )


def keep_typed(draft: Draft, whole: str, author: Person) -> None:
    """Let the draft go on from what was frozen, without its signature."""
    body = body_of(whole, author.initials or "")
    Draft.objects.filter(pk=draft.pk).exclude(text=body).update(text=body, saved=draft.saved + 1)


def escalate_if_needed(
    draft: Draft, found: list[Found], *, context_version: int | None, by: User
) -> int | None:
    """Send the ticket to the lead where a finding wants that.

    Returns the context version that the new revision is written on.
    """
    reasons = checking.reasons_for_the_lead(found)
    if not reasons or lifecycle.open_escalation(draft.ticket):
        return context_version
    seen = context_version in {None, draft.ticket.context_version}
    escalation.escalate(draft.ticket, reason=reasons, by=by)
    draft.ticket = lifecycle.locked(draft.ticket)
    return draft.ticket.context_version if seen else context_version


def retarget(draft: Draft) -> None:
    """Let the reply go to the customer's newest post that names us.

    While the author writes on, the target follows.
    """
    target = default_target(draft.ticket)
    if target and target.pk != draft.target_id:
        Draft.objects.filter(pk=draft.pk).update(target=target)
        draft.target = Mention.objects.select_related("newest", "account", "customer").get(
            pk=target.pk
        )


def freeze(
    draft: Draft,
    whole: str,
    *,
    by: User,
    context_version: int | None,
    pictures: list[dict[str, str]],
    correction: bool = False,
) -> Revision:
    """Write the revision: the signed text and its `pictures` (hash, kind, description).

    Approvals of earlier ones become void, the draft is in review, the ticket waits for approval.
    """
    membership = access.strongest_membership(by, draft.ticket.department)
    newest = draft.newest
    if newest:
        for review in newest.reviews.filter(decision=Decision.APPROVE, void__isnull=True):
            Void.objects.create(review=review, reason=VoidReason.TEXT_CHANGED, by=by)
    try:
        with transaction.atomic():
            revision = Revision.objects.create(
                draft=draft,
                payload=payload_of(draft, whole, pictures),
                user=by,
                person=by.person,
                membership=membership,
                is_correction=correction,
                context_version=context_version or draft.ticket.context_version,
                channel=current_channel(),
            )
    except DatabaseError as error:
        raise refused_text(error) from error
    revision.refresh_from_db()
    if draft.status != DraftStatus.IN_REVIEW:
        move(draft, DraftStatus.IN_REVIEW, moves=DRAFT_MOVES)
    lifecycle.await_approval(draft.ticket)
    return cast(
        Revision,
        Revision.objects.select_related("draft", "user__person", "person").get(pk=revision.pk),
    )


def refused_text(error: DatabaseError) -> NotAllowed:
    """Return the database's refusal of a text, in words.

    Raises the error again where it is no guard's.
    """
    return NotAllowed(
        Reason(
            "guard",
            _(
                "The desk stopped this: post, account, initials or pictures of this text "
                "are not those "
                "of its draft. Nothing was submitted and your text is kept; load the ticket again."
            ),
        ),
        **refusal(error).detail,
    )


@transaction.atomic
def withdraw(draft: Draft, *, by: User) -> Draft:
    """Take the draft back; the text stays in the timeline, nothing is posted."""
    draft = locked(draft)
    if draft.status == DraftStatus.WITHDRAWN and repeats(
        events.DRAFT_WITHDRAWN, draft, by=by, topic=draft.ticket
    ):
        return draft
    if reason := policies.why_not_withdraw(draft, by):
        raise reason.error()
    newest = draft.newest
    if newest and draft.status == DraftStatus.APPROVED:
        for review in newest.reviews.filter(decision=Decision.APPROVE, void__isnull=True):
            Void.objects.create(review=review, reason=VoidReason.WITHDRAWN, by=by)
    move(draft, DraftStatus.WITHDRAWN, moves=DRAFT_MOVES)
    if draft.ticket.status in {TicketStatus.IN_APPROVAL, TicketStatus.SENDING}:
        lifecycle.await_author(draft.ticket)
    record(
        events.DRAFT_WITHDRAWN,
        draft,
        by=by,
        topic=draft.ticket,
        department_id=draft.ticket.department_id,
    )
    return draft
