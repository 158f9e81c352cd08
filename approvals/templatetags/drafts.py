"""What lower packages' screens show of drafts: the composer on a ticket's page, pairs of signatures in lists, guidelines."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from approvals import differences, guidelines, policies, querysets, void_words, wording
from approvals.models import Draft, Revision, Void
from approvals.states import OPEN, Decision, DraftStatus
from people import access
from people.models import User
from tickets.models import Ticket
from xapi.text import LIMIT, weighted_length

register = template.Library()
MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False})


@register.simple_tag
def open_drafts(tickets: list[Ticket]) -> dict[int, Draft]:
    """The open drafts of a list of tickets, by ticket."""
    return querysets.open_drafts_of(tickets or [])


@register.filter
def of(found: dict[Any, Any] | None, key: Any) -> Any:
    """The entry of a dictionary."""
    return (found or {}).get(key)


@register.inclusion_tag("approvals/_composer.html", takes_context=True)
def composer(context: dict[str, Any], ticket: Ticket) -> dict[str, Any]:
    """The reply pane of a ticket."""
    user: User = context["request"].user
    draft = ticket.drafts.filter(status__in=OPEN).select_related("writer__person", "claim__user__person").first()
    if draft:
        draft.ticket = ticket
    newest = draft.newest if draft else None
    mine = draft is None or draft.writer.person_id == user.person_id
    reason = policies.why_not_draft(ticket, user) if draft is None else policies.why_not_submit(draft, user)
    typed = context.get("typed")
    text = typed if typed is not None else (draft.text if draft else "")
    signed = wording.signed(text, user.person.initials or "") if text.strip() else ""
    return {
        "request": context["request"], "csrf_token": context.get("csrf_token"), "ticket": ticket, "draft": draft, "newest": newest, "text": text,
        "mine": mine, "why_not": reason, "error": context.get("composer_error"), "length": weighted_length(signed), "limit": LIMIT,
        "left": LIMIT - weighted_length(signed), "preview": signed, "light": context.get("light"), "target": context.get("target"),
        "writable": reason is None and (draft is None or draft.status in {DraftStatus.WRITING, DraftStatus.CHANGES_REQUESTED}),
        "changeable": reason is None and draft is not None and mine and draft.status in {DraftStatus.IN_REVIEW, DraftStatus.APPROVED},
        "initials": user.person.initials, "account": ticket.account, "user": user,
        "who_can": policies.names_who_can(ticket, but={user.person_id}), "returned": last_review(newest) if draft and draft.status ==
        DraftStatus.CHANGES_REQUESTED else None, "void": last_void(draft), "corrected": newest is not None and newest.is_correction,
        "countersign": newest is not None and newest.is_correction and newest.person_id != user.person_id and mine,
        "pieces": difference(newest), "guidelines": guidelines.applying_to(ticket.department), "why_not_take_over":
        policies.why_not_take_over(draft, user) if draft else None, "why_not_withdraw": policies.why_not_withdraw(draft, user) if draft else None,
        "why_not_revoke": policies.why_not_revoke(draft, user) if draft and draft.status == DraftStatus.APPROVED else None,
        "on_its_way": policies.on_its_way_since(draft) if draft and draft.status == DraftStatus.APPROVED else None,
        "why_not_escalate": policies.why_not_escalate(ticket, user), "escalated": context["ticket"].is_escalated,
        "leads": access.leads(user, ticket.department), "last": ticket.drafts.order_by("-id").select_related("writer__person").first(),
    }


def last_review(newest: Revision | None) -> Any:
    """The latest decision on the newest revision that returned it."""
    return newest.reviews.exclude(decision=Decision.APPROVE).select_related("person").order_by("-id").first() if newest else None


def last_void(draft: Draft | None) -> Void | None:
    """Why the latest approval of the newest revision no longer counts, while nothing newer was submitted."""
    newest = draft.newest if draft else None
    if newest is None or draft is None or draft.status not in {DraftStatus.CHANGES_REQUESTED, DraftStatus.IN_REVIEW}:
        return None
    return Void.objects.filter(review__revision=newest).select_related("review__person", "by__person").order_by("-id").first()


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
    return list(Revision.objects.filter(draft__ticket=ticket).select_related("draft", "person").prefetch_related(
        "reviews__person", "reviews__void").order_by("id"))


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as HTML; HTML in the text is shown, not obeyed."""
    return SafeString(MARKDOWN.render(text or ""))


@register.simple_tag
def signature(initials: str) -> SafeString:
    """Initials in the hand."""
    return format_html('<span class="hand">^{}</span>', initials)
