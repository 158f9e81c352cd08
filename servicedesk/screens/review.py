"""The queue of what waits for a second signature, and the screen on which one decides."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from approvals import policies, querysets, signals
from approvals.models import Draft, Review, Revision
from approvals.reviews import decisions, queue_rows, signed_text, taking_back
from approvals.states import DraftStatus
from core.errors import DeskError
from core.screens.form_values import posted, whole_number
from core.screens.truncated_lists import Cut, cut
from core.screens.typed_values import words_in
from core.screens.undo_messages import Undo, say_done
from people.models import User
from people.requests import DeskRequest
from people.roles import LEADS
from servicedesk.frame import counts
from servicedesk.frame.page_context import counted
from servicedesk.screens import review_screen
from servicedesk.screens.composer import explanations_in, weighed
from servicedesk.screens.review_screen import Refused
from tickets.querysets import visible_to

TABS = {
    "waiting": gettext_lazy("To review"),
    "mine": gettext_lazy("Written by me"),
    "escalated": gettext_lazy("Escalated"),
    "decided": gettext_lazy("Decided"),
}
PAGE = 50
FEW = 20


def queue(request: DeskRequest, tab: str = "waiting") -> HttpResponse:
    """Show what waits, the longest first."""
    tab = request.GET.get("tab", tab)
    found = counted(request, "queue", lambda: counts.lists_of_queue(request.user))
    tab_counts = {name: found[name] for name in TABS if name != "decided"}
    context = queue_context(request, tab if tab in TABS else "waiting")
    return render(request, "screens/queue.html", context | {"tab_counts": tab_counts})


def queue_list(request: DeskRequest) -> HttpResponse:
    """Show the rows alone, for a page that was told that something changed."""
    tab = request.GET.get("tab", "waiting")
    return render(
        request, "screens/_queue.html", queue_context(request, tab if tab in TABS else "waiting")
    )


def lead_queue(request: DeskRequest) -> HttpResponse:
    """Show what the lead decides."""
    if not any(one.role in LEADS for one in request.user.memberships):
        raise PermissionDenied
    user = request.user
    first_approvals = cut(querysets.first_approvals(user), "first", FEW, request.GET)
    signed_text.addressed([one.revision for one in first_approvals])
    return render(
        request,
        "screens/queue.html",
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
        signed_text.addressed([one.revision for one in shown])
        return context | {"decided": shown.prepared(map(queue_rows.decided_row, shown))}
    drafts = querysets.waiting_for(user)
    if tab == "mine":
        drafts = querysets.written_by(user)
    elif tab == "escalated":
        drafts = querysets.escalated(querysets.in_review(user))
    numbers = counted(request, "queue", lambda: counts.lists_of_queue(user))
    whole = Cut(name="queue", asked=request.GET)
    if numbers[tab]:
        whole = cut(querysets.for_review(drafts), "queue", PAGE, request.GET)
    waiting = [draft.pk for draft in whole]
    signing = set(waiting)
    if tab != "waiting":
        signing = set(
            querysets.waiting_for(user).filter(pk__in=waiting).values_list("pk", flat=True)
        )
    newest = signed_text.newest_of(waiting)
    return context | {
        "whole": whole,
        "rows": queue_rows.waiting(whole, newest, timezone.now(), signing),
        "own": 0 if waiting else numbers["mine"],
    }


def find(user: User, pk: int) -> Draft:
    """Return the draft, or 404 for who may not see its ticket.

    With the tickets merged into that, whose posts its reply answers too.
    """
    visible = visible_to(user)
    drafts = Draft.objects.select_related(
        "ticket__department__parent",
        "ticket__customer",
        "ticket__assignee",
        "writer__person",
        "claim__user__person",
    ).prefetch_related(Prefetch("ticket__merged", queryset=visible.order_by("id")))
    return get_object_or_404(drafts.filter(ticket__in=visible), pk=pk)


def review(request: DeskRequest, pk: int) -> HttpResponse:
    """Everything one needs to decide, on one screen; opening it claims the review softly."""
    user = request.user
    draft = find(user, pk)
    if draft.status == DraftStatus.IN_REVIEW and not hasattr(draft, "claim"):
        newest = draft.newest
        if newest and not policies.why_not_second_person(newest, user, approving=True):
            decisions.claim(draft, by=user)
            draft = find(user, pk)
    return review_page(request, draft)


def review_page(request: DeskRequest, draft: Draft, refused: Refused | None = None) -> HttpResponse:
    """Show the screen as it stands now; after a refusal with what was typed, and its status."""
    screen = review_screen.screen_of(draft, request.user, refused)
    error = screen.refused.error
    return render(
        request,
        "screens/review.html",
        {
            "screen": screen,
            "correction": review_screen.correction_of(screen, request.user),
            "beside": review_screen.beside_of(draft, request.user),
        },
        status=error.status if error else 200,
    )


def review_state(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the whole decision area anew, for a page that was told that something changed."""
    draft = find(request.user, pk)
    screen = review_screen.screen_of(draft, request.user)
    correction = review_screen.correction_of(screen, request.user)
    return render(request, "screens/_review.html", {"screen": screen, "correction": correction})


def review_beside(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the queue beside the review alone, for a page that was told that something changed."""
    draft = find(request.user, pk)
    return render(
        request,
        "screens/_beside.html",
        {"beside": review_screen.beside_of(draft, request.user)},
    )


@require_POST
def weigh(request: DeskRequest, pk: int) -> HttpResponse:
    """Say of a correction that is being typed what the checks find, and how it will look.

    Nothing is kept.
    """
    draft = find(request.user, pk)
    return JsonResponse(
        weighed(
            draft.ticket,
            posted(request, "text"),
            author=draft.writer.person,
            by=request.user,
            alts=list(redescribed_in(request).values()),
        )
    )


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
    sha256, context_version = (
        request.POST.get("sha256", ""),
        whole_number(request, "context_version"),
    )
    revision = draft.revisions.filter(sha256=sha256).order_by("-number").first() or draft.newest
    if revision is None:
        raise Http404
    revision.draft = draft
    try:
        VERBS[verb](
            revision, request, {"sha256": sha256, "context_version": context_version, "by": user}
        )
    except DeskError as error:
        return review_page(request, find(user, pk), refused_form(request, verb, error))
    signals.draft_decided.send(sender=Draft)
    say_decided(request, draft, verb)
    return redirect(
        f"/review/next/?not={pk}" if request.POST.get("onward") else "review",
        *([] if request.POST.get("onward") else [pk]),
    )


def say_decided(request: DeskRequest, draft: Draft, verb: str) -> None:
    """Say what was decided; an approval and a request for changes with the way to undo it."""
    if verb == "approve":
        say_done(
            request,
            _("Approved. The reply leaves in a few seconds; until then you can undo."),
            Undo(reverse("draft-revoke", args=[draft.ticket.number])),
        )
    elif verb == "request-changes":
        say_done(
            request,
            _("Returned to {author} with your reason.").format(author=draft.writer.person.name),
            Undo(reverse("review-take-back", args=[draft.pk])),
        )


@require_POST
def take_back(request: DeskRequest, pk: int) -> HttpResponse:
    """Undo one's own request for changes; the same review is open again."""
    draft = find(request.user, pk)
    taking_back.take_back_changes(draft, by=request.user)
    messages.success(request, _("Undone. The text is in review again."))
    return redirect("review", pk=pk)


def refused_form(request: DeskRequest, verb: str, error: DeskError) -> Refused:
    """Return what stood in the form of a decision that was refused."""
    return Refused(
        verb=verb,
        error=error,
        text=request.POST.get("text", ""),
        comment=request.POST.get("comment", ""),
        paragraph=request.POST.get("paragraph", ""),
        explanations=explanations_in(request),
        alts=redescribed_in(request),
        fields=words_in(request),
    )


def _approve(revision: Revision, request: DeskRequest, screen: dict[str, Any]) -> None:
    decisions.approve(
        revision,
        comment=request.POST.get("comment", ""),
        explanations=explanations_in(request),
        **screen,
    )


def _request_changes(revision: Revision, request: DeskRequest, screen: dict[str, Any]) -> None:
    decisions.request_changes(
        revision,
        comment=request.POST.get("comment", ""),
        paragraph=request.POST.get("paragraph", ""),
        **screen,
    )


def _reject(revision: Revision, request: DeskRequest, screen: dict[str, Any]) -> None:
    decisions.reject(
        revision,
        comment=request.POST.get("comment", ""),
        paragraph=request.POST.get("paragraph", ""),
        **screen,
    )


def _correct(revision: Revision, request: DeskRequest, screen: dict[str, Any]) -> None:
    decisions.correct(
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
    decisions.release(find(request.user, pk), by=request.user)
    return redirect("queue")
