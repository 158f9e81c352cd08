"""What lower packages' screens show of drafts.

The composer on a ticket's page, pairs of signatures in lists, guidelines.
"""

from datetime import timedelta
from typing import Any

from django import template
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from approvals import (
    attachments,
    checking,
    differences,
    finding_words,
    guidelines,
    policies,
    querysets,
    saved_replies,
    void_words,
    wording,
)
from approvals.models import (
    Attachment,
    Call,
    Draft,
    Finding,
    GuidelineVersion,
    Review,
    Revision,
    Void,
)
from approvals.states import OPEN, Decision, DraftStatus
from approvals.text_checks import KINDS
from approvals.text_checks import Finding as Found
from approvals.text_checks.kinds import SEVERITY_LABELS
from core import foreign
from core import wording as words
from core.clock import desk_now
from core.typed import words_in
from people import access, duty
from people.models import Person, User
from tickets.models import Ticket
from tickets.reply_light import light_of
from xapi.text import LIMIT, weighted_length

register = template.Library()
SHOWN_TERMS = 6


@register.simple_tag
def open_drafts(tickets: list[Ticket]) -> dict[int, Draft]:
    """The open drafts of a list of tickets, by ticket."""
    return querysets.open_drafts_of(tickets or [])


@register.filter
def as_difference(pieces: list[differences.Piece]) -> SafeString:
    """Render the pieces of a text: what was added as `ins`, what was removed as `del`.

    A filter and not a fragment: the text keeps its own blanks, a layout would add others.
    """
    return format_html_join("", "{}", ((as_element(piece),) for piece in pieces))


def as_element(piece: differences.Piece) -> SafeString:
    """Render one piece, escaped: as `ins`, as `del`, or as it stands."""
    if piece.kind == "added":
        return format_html("<ins>{}</ins>", piece.text)
    if piece.kind == "removed":
        return format_html("<del>{}</del>", piece.text)
    return format_html("{}", piece.text)


@register.filter
def of(found: dict[Any, Any] | None, key: Any) -> Any:
    """The entry of a dictionary."""
    return (found or {}).get(key)


@register.filter
def rests_on_one(number: int) -> bool:
    """Whether the approval of this number rests on a right that one person alone gave, still."""
    review = Review.objects.filter(pk=number).first()
    return review is not None and review.rests_on_one


@register.simple_tag(takes_context=True)
def may_keep_replies(context: dict[str, Any], ticket: Ticket) -> bool:
    """Whether who looks may keep one of our replies for later."""
    return policies.why_not_save_replies(ticket.department, context["request"].user) is None


@register.inclusion_tag("approvals/_composer.html", takes_context=True)
def composer(context: dict[str, Any], ticket: Ticket) -> dict[str, Any]:
    """The reply pane of a ticket."""
    user: User = context["request"].user
    draft = (
        ticket.drafts.filter(status__in=OPEN)
        .select_related("writer__person", "claim__user__person")
        .first()
    )
    if draft:
        draft.ticket = ticket
    newest = draft.newest if draft else None
    mine = draft is None or draft.writer.person_id == user.person_id
    reason = (
        policies.why_not_draft(ticket, user)
        if draft is None
        else policies.why_not_submit(draft, user)
    )
    submitted = (
        newest if draft and draft.status in {DraftStatus.IN_REVIEW, DraftStatus.APPROVED} else None
    )
    typed = context.get("typed")
    prefilled = (
        saved_replies.of_incident(ticket, user.person)
        if draft is None and typed is None and reason is None
        else ""
    )
    text = typed if typed is not None else (draft.text if draft else prefilled)
    signed = wording.signed(text, user.person.initials or "") if text.strip() else ""
    versions = guidelines.applying_to(ticket.department)
    writable = reason is None and (
        draft is None or draft.status in {DraftStatus.WRITING, DraftStatus.CHANGES_REQUESTED}
    )
    changeable = (
        reason is None
        and draft is not None
        and mine
        and draft.status in {DraftStatus.IN_REVIEW, DraftStatus.APPROVED}
    )
    pictures = pictures_being_written(context, draft)
    found = (
        checking.examined(
            ticket, text, author=user.person, versions=versions, alts=[one.alt for one in pictures]
        )
        if writable or changeable
        else []
    )
    return {
        "pictures": pictures,
        "blank_picture": {},
        "frozen_pictures": attachments.shown(newest)
        if draft and draft.status != DraftStatus.WRITING
        else pictures,
        "prefilled": bool(prefilled),
        "findings": [finding_words.shown(one) for one in found],
        "blank_finding": {"severity": "hint"},
        "explained": explained(context, newest),
        "lead_sentence": ""
        if context["ticket"].is_escalated
        else checking.said_before(found, ticket),
        "unconfirmed": guidelines.unconfirmed(user, versions),
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "ticket": ticket,
        "draft": draft,
        "newest": newest,
        "text": text,
        "mine": mine,
        "why_not": reason,
        "error": context.get("composer_error"),
        "length": weighted_length(signed),
        "limit": LIMIT,
        "too_many_cashtags": wording.why_too_many_cashtags(signed),
        "left": LIMIT - weighted_length(signed),
        "preview": signed,
        "light": light_of(submitted.target) if submitted else context.get("light"),
        "signed_by": submitted.initials
        if submitted
        else draft.writer.person.initials
        if draft
        else "",
        "writable": writable,
        "changeable": changeable,
        "kept": [] if writable or changeable else words_in(context["request"]),
        "initials": user.person.initials,
        "account": ticket.account,
        "user": user,
        "who_can": policies.names_who_can(ticket, but={user.person_id}),
        "returned": last_review(newest)
        if draft and draft.status == DraftStatus.CHANGES_REQUESTED
        else None,
        "void": last_void(draft),
        "corrected": newest is not None and newest.is_correction,
        "countersign": newest is not None
        and newest.is_correction
        and not access.same_person(newest.person_id, user.person_id)
        and mine,
        "pieces": difference(newest),
        "guidelines": versions,
        "why_not_take_over": policies.why_not_take_over(draft, user) if draft else None,
        "why_not_withdraw": policies.why_not_withdraw(draft, user) if draft else None,
        "why_not_revoke": policies.why_not_revoke(draft, user)
        if draft and draft.status == DraftStatus.APPROVED
        else None,
        "on_its_way": policies.on_its_way_since(draft)
        if draft and draft.status == DraftStatus.APPROVED
        else None,
        "why_not_escalate": policies.why_not_escalate(ticket, user),
        "escalated": context["ticket"].is_escalated,
        "leads": access.leads(user, ticket.department),
        "last": ticket.drafts.order_by("-id").select_related("writer__person").first(),
    }


def pictures_being_written(context: dict[str, Any], draft: Draft | None) -> list[Attachment]:
    """The draft's pictures, with the descriptions that stood in a form that was refused."""
    typed = context.get("alts") or {}
    pictures = attachments.of_draft(draft)
    for one in pictures:
        one.alt = typed.get(one.pk, one.alt)
    return pictures


def explained(context: dict[str, Any], newest: Revision | None) -> dict[str, str]:
    """What was typed as explanations: in the form that was refused, else with the newest revision."""
    typed = context.get("explanations")
    if typed is not None:
        return dict(typed)
    kept = (
        newest.findings.filter(review__isnull=True).exclude(explanation="")
        if newest
        else Finding.objects.none()
    )
    return {
        Found(
            one.kind,
            one.detail,
            one.severity,
            one.paragraph,
            one.words,
            one.start,
            one.end,
            one.values,
        ).key: one.explanation
        for one in kept
    }


@register.simple_tag(takes_context=True)
def answered_post(context: dict[str, Any], ticket: Ticket) -> Any:
    """The post that the reply goes to: what the waiting text names.

    Where none waits, what the next one would answer.
    """
    waiting = Revision.objects.filter(
        draft__ticket=ticket, draft__status__in=[DraftStatus.IN_REVIEW, DraftStatus.APPROVED]
    )
    newest = waiting.order_by("-draft", "-number").first()
    return newest.target if newest else context.get("target")


@register.filter
def finding_sentence(finding: Finding) -> str:
    """What a frozen finding says."""
    return finding_words.sentence(finding)


@register.filter
def severity_label(finding: Finding) -> str:
    """How much it weighs, in words."""
    return str(SEVERITY_LABELS[finding.severity])


@register.filter
def confirm_until(version: GuidelineVersion) -> str:
    """Until when one may go on writing without having confirmed it."""
    return words.when(version.at + timedelta(hours=version.confirm_within_hours))


@register.simple_tag
def matters(
    version: GuidelineVersion,
    paragraph: dict[str, Any],
    findings: list[dict[str, Any]],
    ticket: Ticket,
) -> bool:
    """Whether a paragraph matters for this text and this customer.

    A finding is about it, or a tag of the customer is named by its checks.
    """
    if any(one["paragraph"] == str(paragraph["number"]) for one in findings):
        return True
    tags = {tag.lower() for tag in [*ticket.customer.tags, *ticket.tags]}
    return any(
        check["kind"] == "customer_tag"
        and tags & {one.lower() for one in check["settings"].get("tags", [])}
        for check in paragraph.get("checks", [])
    )


def last_review(newest: Revision | None) -> Any:
    """The latest decision on the newest revision that returned it."""
    return (
        newest.reviews.exclude(decision=Decision.APPROVE)
        .select_related("person")
        .order_by("-id")
        .first()
        if newest
        else None
    )


def last_void(draft: Draft | None) -> Void | None:
    """Why the latest approval of the newest revision no longer counts, while nothing newer was submitted."""
    newest = draft.newest if draft else None
    if (
        newest is None
        or draft is None
        or draft.status not in {DraftStatus.CHANGES_REQUESTED, DraftStatus.IN_REVIEW}
    ):
        return None
    return (
        Void.objects.filter(review__revision=newest)
        .select_related("review__person", "by__person")
        .order_by("-id")
        .first()
    )


def difference(newest: Revision | None) -> list[differences.Piece]:
    """What a correction changed."""
    if newest is None or not newest.is_correction:
        return []
    before = newest.draft.revisions.filter(number__lt=newest.number).order_by("-number").first()
    return differences.by_words(before.text, newest.text) if before else []


@register.simple_tag
def void_sentence(void: Void) -> str:
    """Cause and next step, for the author."""
    return void_words.for_author(void)


@register.simple_tag
def revisions_of(ticket: Ticket) -> list[Revision]:
    """Every revision of every draft of a ticket, for its history."""
    return list(
        Revision.objects.filter(draft__ticket=ticket)
        .select_related("draft", "person")
        .prefetch_related("reviews__person", "reviews__void")
        .order_by("id")
    )


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as HTML; HTML in the text is shown, not obeyed."""
    return foreign.prose(text)


@register.simple_tag
def signature(initials: str) -> SafeString:
    """Initials in the hand."""
    return format_html('<span class="hand">^{}</span>', initials)


@register.filter
def check_label(check: dict[str, Any]) -> str:
    """What a check is called."""
    return str(KINDS[check["kind"]].label) if check["kind"] in KINDS else check["kind"]


@register.filter
def check_about(check: dict[str, Any]) -> str:
    """What a check notices; of listed words the first few in the reader's language."""
    about = str(KINDS[check["kind"]].about) if check["kind"] in KINDS else ""
    lists = check.get("settings", {}).get("terms") or check.get("settings", {}).get("when") or {}
    terms: list[str] = lists.get((get_language() or "en")[:2]) or next(iter(lists.values()), [])
    return (
        f"{about} {', '.join(terms[:SHOWN_TERMS])}{' …' if len(terms) > SHOWN_TERMS else ''}"
        if terms
        else about
    )


@register.filter
def check_severity(check: dict[str, Any]) -> str:
    """How much a check weighs, in words."""
    return str(SEVERITY_LABELS.get(check["severity"], check["severity"]))


@register.simple_tag
def people_named(ids: list[int] | None) -> str:
    """These people's names, in words."""
    return words.listed(
        list(Person.objects.filter(pk__in=ids or []).order_by("id").values_list("name", flat=True))
    )


@register.simple_tag
def calls_to(revision: Revision | None, ticket: Ticket) -> list[Call]:
    """Whom the clock has called to this text or to the ticket's open escalation."""
    about = Q(escalation__ticket=ticket, escalation__ended_at__isnull=True)
    if revision is not None:
        about |= Q(revision=revision)
    return list(Call.objects.filter(about).select_related("person").order_by("id"))


@register.simple_tag
def duty_sentence(ticket: Ticket, revision: Revision | None = None) -> str:
    """Where nobody who may decide is on duty: who will be, and when; empty while somebody is."""
    lead_side = bool(ticket.escalations.filter(ended_at__isnull=True).exists())
    entitled = access.entitled(
        ticket.department, lead_side=lead_side, owner=ticket.account.department
    )
    people = list(
        entitled.exclude(pk__in=access.all_rows_of(revision.person_id) if revision else [])
    )
    found = duty.of_entitled(people, ticket.department, desk_now())
    if found.now:
        return ""
    if not people:
        return _("Nobody may decide on this reply at present. Ask the administrator.")
    if found.next_at is None:
        return _("Nobody who may decide is on duty, and none of them is expected.")
    return _("Nobody who may decide is on duty now. {names} will be {when}.").format(
        names=words.listed([one.name for one in found.next_people], words.NAMED),
        when=words.when(found.next_at),
    )
