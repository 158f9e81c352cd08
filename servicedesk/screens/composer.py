"""The author's side: save while typing, submit, take over, withdraw, escalate.

All from the ticket's page.
"""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals import policies
from approvals.drafts import attachments, checking, drafting, finding_messages, payload
from approvals.drafts.composer import Refused
from approvals.drafts.destination import destination_of
from approvals.escalation import escalation
from approvals.models import Draft
from approvals.reviews import taking_back
from approvals.states import OPEN
from core.broker import page_updates, presence
from core.database.db_time import desk_now
from core.errors import DeskError, Invalid, Reason, Stale
from core.screens.form_values import is_number, is_posted, posted, posted_by_key, whole_number
from core.screens.typed_values import words_in
from core.text.formatting import clock
from networks.registry import network_of
from people.models import Person, User
from people.requests import DeskRequest
from servicedesk.screens.ticket import go_on, onward_from, page
from tickets.models import Ticket
from tickets.views.lookup import load

PAUSE = timedelta(seconds=10)


def open_draft_of(ticket: Ticket) -> Draft | None:
    """Return the draft somebody works on, if there is one."""
    return ticket.drafts.filter(status__in=OPEN).select_related("writer__person", "ticket").first()


def explanations_in(request: DeskRequest) -> dict[str, str]:
    """Return the explanations that a form brings, by the findings' keys."""
    return posted_by_key(request, "explain:")


def alts_in(request: DeskRequest) -> dict[int, str]:
    """Return the descriptions of pictures that a form brings, by the pictures' numbers."""
    described = posted_by_key(request, "alt:")
    return {int(number): value for number, value in described.items() if is_number(number)}


@require_POST
def save(request: DeskRequest, number: int) -> HttpResponse:
    """Keep what is typed, and say how long it is and how it will look.

    The first words open the draft.
    """
    user = request.user
    ticket = load(user, number)
    text, saved = posted(request, "text"), whole_number(request, "saved")
    draft = open_draft_of(ticket)
    if draft is None and text.strip():
        draft = drafting.open_draft(ticket, by=user, text=text)
        tell_that_somebody_types(ticket)
    if draft is not None:
        if draft.updated_at < desk_now() - PAUSE:
            tell_that_somebody_types(ticket)
        base = posted(request, "base") if is_posted(request, "base") else None
        draft = drafting.save(draft, text=text, saved=saved, by=user, base=base)
        attachments.describe(draft, alts_in(request), by=user)
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect("ticket", number=number)
    alts = [one.alt for one in attachments.of_draft(draft)]
    return JsonResponse(
        weighed(ticket, text, author=user.person, by=user, alts=alts)
        | {
            "saved": draft.saved if draft else 0,
            "at": clock(draft.updated_at) if draft and draft.updated_at else "",
        }
    )


def weighed(
    ticket: Ticket, text: str, *, author: Person, by: User, alts: list[str]
) -> dict[str, Any]:
    """Say of words that are being typed what the checks find, how long they are, who gets them.

    They will stand under the initials of `author`; `by` types them, and `alts` describe pictures.
    """
    whole = payload.signed(text, author.initials or "") if text.strip() else ""
    rules = network_of(ticket.account.network).text
    found = checking.examined(ticket, text, author=author, alts=alts)
    to = destination_of(ticket, found, by)
    return {
        "findings": [finding_messages.shown(one) for one in found],
        "lead": to.lead_sentence,
        "to": to.sentence,
        "button": to.button,
        "length": rules.weigh(whole),
        "limit": rules.limit,
        "preview": whole,
        "refused": str(payload.why_too_many_cashtags(whole, rules) or ""),
    }


def tell_that_somebody_types(ticket: Ticket) -> None:
    """Wake the pages that show the ticket.

    For the first words, and where nobody has typed for a while.
    """
    page_updates.publish(presence.changed(ticket.pk, ticket.department_id))


@require_POST
def submit(request: DeskRequest, number: int) -> HttpResponse:
    """Put the text before a second pair of eyes.

    A refusal brings the page back with everything that was typed.
    """
    user = request.user
    ticket = load(user, number)
    text = posted(request, "text")
    following = onward_from(ticket, request)
    try:
        _submit_typed(request, ticket, text, user)
    except DeskError as refused:
        form = Refused(
            typed=text,
            explanations=explanations_in(request),
            alts=alts_in(request),
            error=refused,
            fields=words_in(request),
        )
        return page(request, load(user, number), status=refused.status, refused=form)
    names = policies.names_who_can(ticket, but={user.person_id})
    messages.success(
        request,
        _("Submitted to {names}.").format(names=names)
        if names
        else _("Submitted. Nobody may approve it at present."),
    )
    return go_on(request, following)


def _submit_typed(request: DeskRequest, ticket: Ticket, text: str, user: User) -> None:
    """Submit what was typed, in a new draft where there is none, and escalate if that was asked."""
    draft = open_draft_of(ticket)
    if draft is None:
        if not text.strip():
            sentence = _("There is no text yet. Write a reply, then submit it.")
            raise Invalid(Reason("text_empty", sentence), "text")
        draft = drafting.open_draft(ticket, by=user, text=text)
    context_version = whole_number(request, "context_version")
    if reason := policies.why_read_first(draft.ticket, context_version):
        raise Stale(reason)
    drafting.submit(
        draft,
        text=text,
        context_version=context_version,
        by=user,
        explanations=explanations_in(request),
        alts=alts_in(request),
    )
    why = posted(request, "reason")
    if posted(request, "escalate") and why.strip():
        escalation.escalate(ticket, reason=why, by=user)


@require_POST
def take_over(request: DeskRequest, number: int) -> HttpResponse:
    """Go on writing a colleague's draft."""
    ticket = load(request.user, number)
    draft = open_draft_of(ticket)
    if draft:
        drafting.take_over(draft, by=request.user)
    return go_on(request, number)


@require_POST
def withdraw(request: DeskRequest, number: int) -> HttpResponse:
    """Take the draft back."""
    ticket = load(request.user, number)
    draft = open_draft_of(ticket)
    if draft:
        drafting.withdraw(draft, by=request.user)
        messages.success(request, _("Withdrawn. Nothing was posted."))
    return go_on(request, number)


@require_POST
def revoke(request: DeskRequest, number: int) -> HttpResponse:
    """Take an approval back, until the reply is on its way; the same review is open again."""
    ticket = load(request.user, number)
    draft = (
        open_draft_of(ticket)
        or ticket.drafts.select_related("ticket", "writer__person").order_by("-id").first()
    )
    if draft is None:
        return go_on(request, number)
    taking_back.revoke(draft, by=request.user)
    messages.success(request, _("Undone. Nothing was posted; the text is in review again."))
    return redirect("review", pk=draft.pk)


@require_POST
def escalate(request: DeskRequest, number: int) -> HttpResponse:
    """Send the ticket to the lead."""
    ticket = load(request.user, number)
    escalation.escalate(ticket, reason=posted(request, "reason"), by=request.user)
    names = policies.names_who_can(ticket, but={request.user.person_id})
    messages.success(request, _("With the lead now: {names}.").format(names=names))
    back = posted(request, "back")
    return redirect(back) if back.startswith("/review/") else go_on(request, number)


@require_POST
def hand_back(request: DeskRequest, number: int) -> HttpResponse:
    """Give the ticket back, as its lead."""
    ticket = load(request.user, number)
    escalation.hand_back(ticket, reason=posted(request, "reason"), by=request.user)
    messages.success(request, _("Handed back. An ordinary review is enough again."))
    return go_on(request, number)
