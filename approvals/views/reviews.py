"""The queue of what waits for a second signature, and the screen on which one decides."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from approvals import (
    attachments,
    differences,
    finding_words,
    guidelines,
    policies,
    querysets,
    rechecking,
    reviewing,
    signals,
    signed,
    unusual,
    wording,
)
from approvals.models import Draft, GuidelineVersion, Review, Revision
from approvals.states import DraftStatus
from approvals.views.drafts import explanations_in
from core.cuts import cut
from core.errors import DeskError
from core.forms import whole_number
from core.typed import words_in
from people import access
from people.models import User
from people.requests import DeskRequest
from people.roles import LEADS
from tickets import conversations, lifecycle
from tickets.querysets import person_notes, visible_to
from tickets.reply_light import light_of
from xapi.text import LIMIT, weighted_length

TABS = {
    "waiting": gettext_lazy("To review"),
    "mine": gettext_lazy("Written by me"),
    "escalated": gettext_lazy("Escalated"),
    "decided": gettext_lazy("Decided"),
}
PAGE, FEW = 50, 20


def queue(request: DeskRequest, tab: str = "waiting") -> HttpResponse:
    """Show what waits, the longest first."""
    tab = request.GET.get("tab", tab)
    return render(
        request, "approvals/queue.html", queue_context(request, tab if tab in TABS else "waiting")
    )


def queue_list(request: DeskRequest) -> HttpResponse:
    """Show the rows alone, for a page that was told that something changed."""
    tab = request.GET.get("tab", "waiting")
    return render(
        request, "approvals/_queue.html", queue_context(request, tab if tab in TABS else "waiting")
    )


def lead_queue(request: DeskRequest) -> HttpResponse:
    """Show what the lead decides."""
    if not any(one.role in LEADS for one in request.user.memberships):
        raise PermissionDenied
    user = request.user
    first_approvals = cut(querysets.first_approvals(user), "first", FEW, request.GET)
    signed.addressed([one.revision for one in first_approvals])
    return render(
        request,
        "approvals/queue.html",
        queue_context(request, "escalated")
        | {
            "lead": True,
            "first_approvals": first_approvals,
            "access_changes": cut(querysets.access_changes(user), "access", FEW, request.GET),
        },
    )


def queue_context(request: DeskRequest, tab: str) -> dict[str, Any]:
    """Return the rows of a tab, with the newest revision of each in one more query."""
    user = request.user
    context: dict[str, Any] = {"tab": tab, "tabs": TABS}
    if tab == "decided":
        decided = Review.objects.filter(person=user.person).select_related(
            "revision__draft__ticket", "revision__person", "void"
        )
        shown = cut(decided.order_by("-id"), "decided", PAGE, request.GET)
        signed.addressed([one.revision for one in shown])
        return context | {"decided": shown}
    drafts = querysets.waiting_for(user)
    if tab == "mine":
        drafts = querysets.written_by(user)
    elif tab == "escalated":
        drafts = querysets.escalated(querysets.in_review(user))
    rows = cut(querysets.for_review(drafts), "queue", PAGE, request.GET)
    newest: dict[int, Revision] = {}
    for revision in (
        Revision.objects.filter(draft__in=[row.pk for row in rows])
        .select_related("person")
        .order_by("number")
    ):
        newest[revision.draft_id] = revision
    signed.addressed(newest.values())
    return context | {
        "whole": rows,
        "rows": [{"draft": row, "revision": newest[row.pk]} for row in rows if row.pk in newest],
    }


def find(user: User, pk: int) -> Draft:
    """Return the draft, or 404 for who may not see its ticket."""
    drafts = Draft.objects.select_related(
        "ticket__department__parent",
        "ticket__customer",
        "ticket__assignee",
        "writer__person",
        "claim__user__person",
    )
    return get_object_or_404(drafts.filter(ticket__in=visible_to(user)), pk=pk)


def review(request: DeskRequest, pk: int) -> HttpResponse:
    """Everything one needs to decide, on one screen; opening it claims the review softly."""
    user = request.user
    draft = find(user, pk)
    if draft.status == DraftStatus.IN_REVIEW and not hasattr(draft, "claim"):
        newest = draft.newest
        if newest and not policies.why_not_second_person(newest, user, approving=True):
            reviewing.claim(draft, by=user)
            draft = find(user, pk)
    return render(request, "approvals/review.html", review_context(request, draft))


def review_page(request: DeskRequest, draft: Draft, *, status: int, **extra: Any) -> HttpResponse:
    """Show the screen again after a refusal, as it stands now, with what was typed.

    In its form, or beside if that is no longer there.
    """
    context = review_context(request, draft)
    has_forms = (
        draft.status == DraftStatus.IN_REVIEW
        and not context["why_not"]
        and not context["countersigning"]
    )
    kept = [] if has_forms else words_in(request)
    return render(request, "approvals/review.html", context | {"kept": kept} | extra, status=status)


def review_state(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the whole decision area anew, for a page that was told that something changed."""
    draft = find(request.user, pk)
    return render(request, "approvals/_review.html", review_context(request, draft))


def review_context(request: DeskRequest, draft: Draft) -> dict[str, Any]:
    """Gather what the screen shows.

    The words, what was said about them, the ticket, the ways on.
    """
    user = request.user
    ticket = draft.ticket
    revisions = list(draft.revisions.select_related("person", "user").order_by("number"))
    newest = revisions[-1] if revisions else None
    before = revisions[-2] if len(revisions) > 1 else None
    target = newest.target if newest else draft.target
    own = access.all_rows_of(user.person_id)
    versions = guidelines.applying_to(ticket.department)
    return {
        "draft": draft,
        "ticket": ticket,
        "newest": newest,
        "before": before,
        "countersigning": newest is not None
        and newest.person_id not in own
        and any(revision.person_id in own for revision in revisions),
        "limit": LIMIT,
        "entries": conversations.of_ticket(ticket, keep={draft.target_id}),
        "light": light_of(target),
        "target": target,
        "reviews": Review.objects.filter(revision__draft=draft)
        .select_related("person", "void", "revision")
        .order_by("id"),
        "person_notes": person_notes(ticket.customer, user),
        "escalation": lifecycle.open_escalation(ticket),
        "escalations": ticket.escalations.select_related("by__person", "ended_by__person").order_by(
            "id"
        ),
        "guidelines": versions,
        "pictures": attachments.shown(newest),
        "others": queue_position(user, draft),
        "why_not_escalate": policies.why_not_escalate(ticket, user),
        "why_not_hand_back": policies.why_not_hand_back(ticket, user),
        **(words_context(draft, newest, versions, user) if newest else NO_WORDS),
        **(changes_context(before, newest) if newest and before else NO_CHANGES),
    }


NO_CHANGES: dict[str, Any] = {"pieces": [], "picture_changes": []}
NO_WORDS: dict[str, Any] = {
    "why_not": None,
    "new_findings": [],
    "why_not_approve": None,
    "length": 0,
    "shown": "",
    "unusual": [],
    "findings": [],
    "body": "",
    "moved": [],
}


def changes_context(before: Revision, newest: Revision) -> dict[str, Any]:
    """Return what the newest revision changed of the one before: its words, and its pictures."""
    return {
        "pieces": differences.by_words(before.text, newest.text),
        "picture_changes": differences.of_pictures(before.attachments, newest.attachments),
    }


def words_context(
    draft: Draft, newest: Revision, versions: list[GuidelineVersion], user: User
) -> dict[str, Any]:
    """Return what the screen says about the newest words: what is odd, found, and in the way."""
    ticket = draft.ticket
    fresh = []
    if draft.status == DraftStatus.IN_REVIEW:
        newest.draft = draft
        fresh = rechecking.since_submitted(newest)
    known = unusual.known_around(newest, versions)
    odd = unusual.unusual(newest.text, known)
    return {
        "why_not": policies.why_not_decide(
            newest, user, sha256=newest.sha256, ground=ticket.ground
        ),
        "new_findings": [finding_words.shown(finding) for finding in fresh],
        "why_not_approve": policies.why_writer_is_gone(newest)
        or rechecking.why_not_now(newest, fresh, user),
        "length": weighted_length(newest.text),
        "shown": unusual.marked(newest.text, odd),
        "unusual": [place.sentence for place in odd] + unusual.of_revision(newest, known),
        "findings": newest.findings.select_related("version", "review__person").order_by("id"),
        "body": wording.body_of(newest.text, newest.initials),
        "moved": ticket.ground_moves.filter(number__gt=newest.ground).order_by("number"),
    }


def queue_position(user: User, draft: Draft) -> dict[str, Any]:
    """How many wait, this one's place where it is among the next fifty, and the next."""
    waiting = querysets.waiting_for(user)
    ids = list(waiting.values_list("pk", flat=True)[:PAGE])
    others = [one for one in ids if one != draft.pk]
    count = len(ids) if len(ids) < PAGE else waiting.count()
    return {
        "count": count,
        "place": ids.index(draft.pk) + 1 if draft.pk in ids else 0,
        "next": others[0] if others else None,
    }


def next_review(request: DeskRequest) -> HttpResponse:
    """Show the longest waiting one, but `not` this one; the queue if nothing waits."""
    skip = request.GET.get("not", "")
    waiting = querysets.waiting_for(request.user).values_list("pk", flat=True)
    ids = [one for one in waiting[:PAGE] if str(one) != skip]
    return redirect("review", pk=ids[0]) if ids else redirect("queue")


@require_POST
def decide(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Show a decision on exactly what was on the screen; then the next waiting one."""
    user = request.user
    draft = find(user, pk)
    if verb not in VERBS:
        raise Http404
    sha256, ground = request.POST.get("sha256", ""), whole_number(request, "ground")
    revision = draft.revisions.filter(sha256=sha256).order_by("-number").first() or draft.newest
    if revision is None:
        raise Http404
    revision.draft = draft
    try:
        VERBS[verb](revision, request, {"sha256": sha256, "ground": ground, "by": user})
    except DeskError as refused:
        return review_page(
            request,
            find(user, pk),
            status=refused.status,
            refusal=refused,
            open_form=verb,
            typed=request.POST.get("text", ""),
            remark=request.POST.get("comment", ""),
            paragraph=request.POST.get("paragraph", ""),
            explained=explanations_in(request),
            redescribed=redescribed_in(request),
        )
    signals.draft_decided.send(sender=Draft)
    if verb == "approve":
        messages.success(
            request,
            _("Approved. The reply leaves in a few seconds; until then you can undo."),
            extra_tags=f"undo:{draft.ticket.number}",
        )
    return redirect(
        f"/review/next/?not={pk}" if request.POST.get("onward") else "review",
        *([] if request.POST.get("onward") else [pk]),
    )


def _approve(revision: Revision, request: DeskRequest, screen: dict[str, Any]) -> None:
    reviewing.approve(
        revision,
        comment=request.POST.get("comment", ""),
        explanations=explanations_in(request),
        **screen,
    )


def _request_changes(revision: Revision, request: DeskRequest, screen: dict[str, Any]) -> None:
    reviewing.request_changes(
        revision,
        comment=request.POST.get("comment", ""),
        paragraph=request.POST.get("paragraph", ""),
        **screen,
    )


def _reject(revision: Revision, request: DeskRequest, screen: dict[str, Any]) -> None:
    reviewing.reject(
        revision,
        comment=request.POST.get("comment", ""),
        paragraph=request.POST.get("paragraph", ""),
        **screen,
    )


def _correct(revision: Revision, request: DeskRequest, screen: dict[str, Any]) -> None:
    reviewing.correct(
        revision,
        text=request.POST.get("text", ""),
        explanations=explanations_in(request),
        alts=redescribed_in(request),
        **screen,
    )


def redescribed_in(request: DeskRequest) -> dict[str, str]:
    """Return the descriptions of pictures that a correction brings, by the pictures' hashes."""
    return {
        name.removeprefix("alt:"): value
        for name, value in request.POST.items()
        if name.startswith("alt:") and isinstance(value, str)
    }


VERBS = {
    "approve": _approve,
    "request-changes": _request_changes,
    "reject": _reject,
    "correct": _correct,
}


@require_POST
def release(request: DeskRequest, pk: int) -> HttpResponse:
    """Put the review back."""
    reviewing.release(find(request.user, pk), by=request.user)
    return redirect("queue")
