"""What the reply pane of a ticket needs, prepared in one place and without a template.

A `Composer` has five parts: where the reply stands, its words, what the checks say, what one may
do, and what happened to it. The pane's templates read their fields by name.
"""

from dataclasses import dataclass, field
from typing import Any

from approvals import applicable_guidelines, policies, querysets
from approvals.checks import Finding as Found
from approvals.drafts import (
    attachments,
    checking,
    finding_messages,
    payload,
    saved_replies,
    word_differences,
)
from approvals.drafts.destination import Destination, destination_of
from approvals.models import Attachment, Draft, Finding, GuidelineVersion, Review, Revision, Void
from approvals.states import OPEN, Decision, DraftStatus, VoidReason
from core.errors import DeskError, Reason
from core.screens.typed_values import Typed
from networks.registry import network_of
from people import access
from people.models import User
from tickets.conversations.reply_permission import Light, light_of
from tickets.models import ConnectedAccount, Ticket

SUBMITTED = {DraftStatus.IN_REVIEW, DraftStatus.APPROVED}
WITH_AUTHOR = {DraftStatus.WRITING, DraftStatus.CHANGES_REQUESTED}


@dataclass(frozen=True)
class Refused:
    """What stood in a form that was refused, and why; nothing of it where the page is new.

    `explanations` go by the findings' keys, `alts` by the pictures' numbers; `fields` is everything
    in it that holds words, in its order.
    """

    typed: str | None = None
    explanations: dict[str, str] | None = None
    alts: dict[int, str] | None = None
    error: DeskError | None = None
    fields: list[Typed] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """Where the ticket's reply stands for who looks: whose it is, and what may be typed."""

    ticket: Ticket
    user: User
    draft: Draft | None
    newest: Revision | None
    mine: bool
    why_not: Reason | None
    writable: bool
    changeable: bool
    escalated: bool
    leads: bool

    @property
    def takes_words(self) -> bool:
        """Whether the pane has a field for the text."""
        return self.writable or self.changeable

    @property
    def submitted(self) -> Revision | None:
        """The revision that waits for its second signature, or has it."""
        return self.newest if self.draft and self.draft.status in SUBMITTED else None

    @property
    def has(self) -> DraftStatus | None:
        """The status of the draft, if there is one."""
        return DraftStatus(self.draft.status) if self.draft else None


@dataclass(frozen=True)
class Words:
    """The text, how the public will see it, and what it weighs on X."""

    text: str
    prefilled: bool
    preview: str
    length: int
    left: int
    limit: int
    too_many_cashtags: Reason | None
    initials: str | None
    signed_by: str | None
    account: ConnectedAccount
    pictures: list[Attachment]
    frozen_pictures: list[Any]
    error: DeskError | None


@dataclass(frozen=True)
class Checks:
    """What the checks of the guidelines say about the text, how that was explained, who gets it."""

    findings: list[dict[str, Any]]
    explained: dict[str, str]
    destination: Destination
    guidelines: list[GuidelineVersion]
    unconfirmed: list[GuidelineVersion]

    @property
    def lead_sentence(self) -> str:
        """Because of which finding the lead gets the text; empty where none asks for that."""
        return self.destination.lead_sentence


@dataclass(frozen=True)
class Ways:
    """What who looks may do now; each `why_not` is the sentence on a button that is off."""

    who_can: str
    countersign: bool
    why_not_take_over: Reason | None
    why_not_withdraw: Reason | None
    why_not_revoke: Reason | None
    why_not_escalate: Reason | None
    on_its_way: Any


@dataclass(frozen=True)
class History:
    """What happened to the text: who returned it, why an approval is void, what was corrected."""

    returned: Review | None
    void: Void | None
    pieces: list[word_differences.Piece]


@dataclass(frozen=True)
class Composer:
    """The reply pane of one ticket for one person.

    `light` is that of the post that is answered. `kept` is what was typed in a refused form, where
    the pane no longer has that form.
    """

    standing: Standing
    words: Words
    checks: Checks
    ways: Ways
    history: History
    light: Light | None
    kept: list[Typed]

    @property
    def may_withdraw(self) -> bool:
        """Whether this person may take the draft back."""
        return self.standing.draft is not None and self.ways.why_not_withdraw is None

    @property
    def may_take_over(self) -> bool:
        """Whether this person may go on writing a colleague's draft."""
        is_a_colleagues = self.standing.draft is not None and not self.standing.mine
        return is_a_colleagues and self.ways.why_not_take_over is None

    @property
    def may_revoke(self) -> bool:
        """Whether this person may take the approval back."""
        return self.standing.has == DraftStatus.APPROVED and self.ways.why_not_revoke is None


def composer_of(
    ticket: Ticket, user: User, refused: Refused, light: Light | None = None
) -> Composer:
    """Prepare the reply pane of this ticket for this person.

    `light` is that of the post that the next reply would answer; a submitted text has its own.
    """
    versions = applicable_guidelines.applying_to(ticket.department)
    standing = standing_of(ticket, user, versions)
    words = words_of(standing, refused)
    return Composer(
        standing=standing,
        words=words,
        checks=checks_of(standing, words, versions, refused),
        ways=ways_of(standing),
        history=history_of(standing),
        light=light_of(standing.submitted.target) if standing.submitted else light,
        kept=[] if standing.takes_words else refused.fields,
    )


def standing_of(
    ticket: Ticket, user: User, versions: list[GuidelineVersion] | None = None
) -> Standing:
    """Say where the reply stands: its open draft, whose it is, whether it may be typed.

    `versions` are the guidelines that apply, where they are at hand.
    """
    draft = querysets.draft_with(ticket, OPEN)
    if draft is None:
        newest, mine, reason = None, True, policies.why_not_draft(ticket, user, versions)
    else:
        draft.ticket = ticket
        newest = draft.newest
        mine = draft.writer.person_id == user.person_id
        reason = policies.why_not_submit(draft, user, versions)
    free = reason is None
    return Standing(
        ticket=ticket,
        user=user,
        draft=draft,
        newest=newest,
        mine=mine,
        why_not=reason,
        writable=free and (draft is None or draft.status in WITH_AUTHOR),
        changeable=free and mine and draft is not None and draft.status in SUBMITTED,
        escalated=ticket.is_escalated,  # type: ignore[attr-defined]
        leads=access.decides_escalations(user, ticket.department),
    )


def words_of(standing: Standing, refused: Refused) -> Words:
    """Say which words stand in the pane: those of a refused form, of the draft, of an incident."""
    ticket, draft, person = standing.ticket, standing.draft, standing.user.person
    text, prefilled = refused.typed, ""
    if text is None and draft is not None:
        text = draft.text
    elif text is None:
        prefilled = "" if standing.why_not else saved_replies.of_incident(ticket, person)
        text = prefilled
    signed = payload.signed(text, person.initials or "") if text.strip() else ""
    rules = network_of(ticket.account.network).text
    length = rules.weigh(signed)
    pictures = pictures_being_written(draft, refused.alts or {})
    is_frozen = draft is not None and draft.status != DraftStatus.WRITING
    return Words(
        text=text,
        prefilled=bool(prefilled),
        preview=signed,
        length=length,
        left=rules.limit - length,
        limit=rules.limit,
        too_many_cashtags=payload.why_too_many_cashtags(signed, rules),
        initials=person.initials,
        signed_by=signed_by(standing),
        account=ticket.account,
        pictures=pictures,
        frozen_pictures=attachments.shown(standing.newest) if is_frozen else pictures,
        error=refused.error,
    )


def signed_by(standing: Standing) -> str | None:
    """Whose initials stand under the words: those that were signed, else the writer's."""
    if standing.submitted:
        return standing.submitted.initials
    return standing.draft.writer.person.initials if standing.draft else ""


def checks_of(
    standing: Standing, words: Words, versions: list[GuidelineVersion], refused: Refused
) -> Checks:
    """Run the checks over what may be typed, and say what was explained before."""
    found = []
    if standing.takes_words:
        found = checking.examined(
            standing.ticket,
            words.text,
            author=standing.user.person,
            versions=versions,
            alts=[picture.alt for picture in words.pictures],
        )
    typed = refused.explanations
    return Checks(
        findings=[finding_messages.shown(finding) for finding in found],
        explained=explained(standing.newest) if typed is None else dict(typed),
        destination=destination_of(standing.ticket, found, standing.user),
        guidelines=versions,
        unconfirmed=applicable_guidelines.unconfirmed(standing.user, versions),
    )


def ways_of(standing: Standing) -> Ways:
    """Say what this person may do with the reply now."""
    ticket, user, draft, newest = standing.ticket, standing.user, standing.draft, standing.newest
    is_approved = standing.has == DraftStatus.APPROVED
    return Ways(
        who_can="" if standing.writable else policies.names_who_can(ticket, but={user.person_id}),
        countersign=newest is not None
        and newest.is_correction
        and not access.same_person(newest.person_id, user.person_id)
        and standing.mine,
        why_not_take_over=policies.why_not_take_over(draft, user) if draft else None,
        why_not_withdraw=policies.why_not_withdraw(draft, user) if draft else None,
        why_not_revoke=policies.why_not_revoke(draft, user) if draft and is_approved else None,
        why_not_escalate=policies.why_not_escalate(ticket, user),
        on_its_way=policies.on_its_way_since(draft) if draft and is_approved else None,
    )


def history_of(standing: Standing) -> History:
    """Say what happened to the text so far."""
    draft, newest = standing.draft, standing.newest
    is_returned = standing.has == DraftStatus.CHANGES_REQUESTED
    return History(
        returned=last_review(newest) if is_returned else None,
        void=last_void(draft),
        pieces=difference(newest),
    )


def pictures_being_written(draft: Draft | None, typed: dict[int, str]) -> list[Attachment]:
    """Return the draft's pictures, with the descriptions that stood in a refused form."""
    pictures = attachments.of_draft(draft)
    for picture in pictures:
        picture.alt = typed.get(picture.pk, picture.alt)
    return pictures


def explained(newest: Revision | None) -> dict[str, str]:
    """Return what explains the findings of the newest revision, by the findings' keys."""
    if newest is None:
        return {}
    kept: list[Finding] = list(newest.findings.filter(review__isnull=True).exclude(explanation=""))
    return {as_found(finding).key: finding.explanation for finding in kept}


def as_found(finding: Finding) -> Found:
    """Return a kept finding in the form in which the checks find it."""
    return Found(
        finding.kind,
        finding.detail,
        finding.severity,
        finding.paragraph,
        finding.words,
        finding.start,
        finding.end,
        finding.values,
    )


def last_review(newest: Revision | None) -> Review | None:
    """Return the latest decision on the newest revision that returned it."""
    if newest is None:
        return None
    returned = newest.reviews.exclude(decision=Decision.APPROVE).filter(void__isnull=True)
    return returned.select_related("person").order_by("-id").first()


def last_void(draft: Draft | None) -> Void | None:
    """Return why the latest approval of the newest revision no longer counts.

    None as soon as something newer was submitted, and for an approval that was revoked: the text
    waits as it did before.
    """
    newest = draft.newest if draft else None
    if newest is None or draft is None:
        return None
    if draft.status not in {DraftStatus.CHANGES_REQUESTED, DraftStatus.IN_REVIEW}:
        return None
    return (
        Void.objects.filter(review__revision=newest)
        .exclude(reason=VoidReason.REVOKED)
        .select_related("review__person", "by__person")
        .order_by("-id")
        .first()
    )


def difference(newest: Revision | None) -> list[word_differences.Piece]:
    """Return what a correction changed, as pieces by words; empty for any other revision."""
    if newest is None or not newest.is_correction:
        return []
    before = newest.draft.revisions.filter(number__lt=newest.number).order_by("-number").first()
    return word_differences.by_words(before.text, newest.text) if before else []
