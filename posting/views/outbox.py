"""The outbox.

What waits, what is in doubt, what X refused, what is public; and how reading stands.
"""

from string import digits
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from approvals import signed
from approvals.models import Draft
from approvals.querysets import resting_on_one
from approvals.states import DraftStatus
from core.cuts import Cut, cut
from core.errors import Invalid, Reason
from core.forms import whole
from core.nudge import nudge
from people.access import department_ids
from people.models import User
from people.requests import DeskRequest
from posting import attempt_words, policies, querysets, reconciliation, takedown, tasks
from posting.models import Delivery
from posting.states import DeliveryStatus
from tickets import outside_posts
from tickets.conversations import on_x
from tickets.models import ConnectedAccount, Feed, Gap, OwnPost, ParkedPost
from tickets.policies import why_not_know, why_not_pause, why_not_resume

TABS = {
    "waiting": gettext_lazy("Waiting"),
    "uncertain": gettext_lazy("Uncertain"),
    "refused": gettext_lazy("Refused"),
    "posted": gettext_lazy("Posted"),
    "without": gettext_lazy("Without desk"),
}
STATUSES = {
    "waiting": [DeliveryStatus.DUE, DeliveryStatus.IN_FLIGHT],
    "uncertain": [DeliveryStatus.UNCERTAIN, DeliveryStatus.FOR_A_PERSON],
    "refused": [DeliveryStatus.REFUSED],
    "posted": [DeliveryStatus.POSTED],
}
PAGE, GAPS, PARKED = 50, 10, 20


def outbox(request: DeskRequest) -> HttpResponse:
    """Show the whole page."""
    return render(request, "posting/outbox.html", context(request))


def outbox_list(request: DeskRequest) -> HttpResponse:
    """Show the part that changes, for a page that was told so."""
    return render(request, "posting/_outbox.html", context(request))


def context(request: DeskRequest) -> dict[str, Any]:
    """Return the rows of the tab, and health at the right."""
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    accounts = accounts_of(request.user)
    frame = {"tab": tab, "tabs": TABS} | health(request, accounts)
    if tab == "without":
        return frame | without_desk(request, accounts)
    return frame | deliveries(request, tab)


def health(request: DeskRequest, accounts: list[ConnectedAccount]) -> dict[str, Any]:
    """How sending and reading stand: accounts, feeds, gaps, and posts that could not be read."""
    gaps = Gap.objects.filter(account__in=accounts).select_related("account")
    parked = ParkedPost.objects.filter(account__in=accounts, read_at__isnull=True)
    return {
        "accounts": [
            {
                "account": account,
                "why_not_pause": why_not_pause(account, request.user),
                "why_not_resume": why_not_resume(account, request.user),
            }
            for account in accounts
        ],
        "feeds": Feed.objects.filter(account__in=accounts)
        .select_related("account__department")
        .prefetch_related("account__troubles__account__department"),
        "gaps": cut(gaps.order_by("-before_at", "-id"), "gaps", GAPS, request.GET),
        "parked": cut(parked.order_by("-at", "-id"), "parked", PARKED, request.GET),
    }


def without_desk(request: DeskRequest, accounts: list[ConnectedAccount]) -> dict[str, Any]:
    """Return posts of ours that did not come through the desk.

    And which of them one may mark as known.
    """
    posts = OwnPost.objects.filter(through_desk=False, account__in=accounts).select_related(
        "account", "known__by__person"
    )
    own_posts = cut(posts.order_by("-written_at", "-x_id"), "posts", PAGE, request.GET)
    may_know = {one.pk for one in accounts if why_not_know(one, request.user) is None}
    to_be_known = [
        own for own in own_posts if not hasattr(own, "known") and own.account_id in may_know
    ]
    return {"own_posts": own_posts, "to_be_known": to_be_known}


def deliveries(request: DeskRequest, tab: str) -> dict[str, Any]:
    """Return the deliveries of a tab, and approved drafts that have none, with what was signed."""
    ids = department_ids(request.user)
    story = querysets.with_story(
        Delivery.objects.filter(
            status__in=STATUSES[tab], revision__draft__ticket__department__in=ids
        )
    )
    rows = cut(story.order_by("-updated_at", "-id"), "rows", PAGE, request.GET)
    waiting = cut(not_begun(ids), "waiting", PAGE, request.GET) if tab == "waiting" else Cut()
    signed.addressed([delivery.revision for delivery in rows])
    drafts = {draft.pk: draft for draft in waiting}
    newest = signed.addressed([revision for draft in waiting if (revision := draft.newest)])
    shown = [delivery.revision_id for delivery in rows] + [revision.pk for revision in newest]
    return {
        "resting_on_one": resting_on_one(shown),
        "whole": rows,
        "approved": waiting,
        "rows": [row_of(delivery, request.user) for delivery in rows],
        "waiting": [
            {"draft": drafts[revision.draft_id], "revision": revision} for revision in newest
        ],
    }


def not_begun(ids: list[int]) -> QuerySet[Draft]:
    """Approved drafts of these departments without a delivery of their own row, as they are sent.

    By age of the draft. Those with a delivery have a row, here or under Uncertain.
    """
    begun = [*STATUSES["waiting"], *STATUSES["uncertain"]]
    return (
        Draft.objects.filter(status=DraftStatus.APPROVED, ticket__department__in=ids)
        .exclude(revisions__delivery__status__in=begun)
        .select_related("ticket__customer", "ticket__account", "writer__person")
        .order_by("id")
    )


def accounts_of(user: User) -> list[ConnectedAccount]:
    """Return the accounts whose sending this person sees.

    Their departments', or all of them for an administrator of none.
    """
    known = ConnectedAccount.objects.select_related(
        "department__parent", "paused_by__person"
    ).order_by("id")
    own = list(known.filter(department__in=department_ids(user)))
    return own or (list(known) if user.is_administrator else [])


def row_of(delivery: Delivery, by: User) -> dict[str, Any]:
    """One row.

    How it stands in words, the stations of an uncertain one, and whether this person may take it
    down.
    """
    waits = (
        policies.why_not_say_absent(delivery)
        if delivery.status == DeliveryStatus.FOR_A_PERSON
        else None
    )
    return {
        "delivery": delivery,
        "sentence": attempt_words.sentence(delivery),
        "trail": attempt_words.trail(delivery),
        "doubts": [
            {
                "x_id": one.x_id,
                "text": one.text,
                "written_at": one.written_at,
                "address": on_x(delivery.account.handle, one.x_id),
            }
            for one in attempt_words.open_doubts(delivery)
        ],
        "why_not_absent": waits,
        "why_not_take_down": policies.why_not_take_down(delivery, by),
    }


@require_POST
def know(request: DeskRequest) -> HttpResponse:
    """Say of these posts that did not come through the desk that they are known."""
    wanted = {one for one in map(whole, request.POST.getlist("posts")) if one}
    shown = OwnPost.objects.filter(
        through_desk=False, account__in=accounts_of(request.user), pk__in=wanted
    )
    posts = list(shown.select_related("account__department__parent"))
    if not wanted or len(posts) != len(wanted):
        raise Http404
    outside_posts.mark_known(posts, by=request.user)
    messages.success(request, _("Noted."))
    return redirect("/outbox/?tab=without")


@require_POST
def settle(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Look again; or say what a person saw on X."""
    delivery = get_object_or_404(
        querysets.with_story(
            Delivery.objects.filter(
                revision__draft__ticket__department__in=department_ids(request.user)
            )
        ),
        pk=pk,
    )
    if verb == "look":
        reconciliation.look_now(delivery, by=request.user)
        nudge(tasks.look_up_uncertain)
    elif verb == "take-down":
        takedown.order(
            delivery,
            reason=request.POST.get("reason", ""),
            confirmed=request.POST.get("confirmed") == "1",
            by=request.user,
        )
        nudge(tasks.take_down_due)
        messages.success(request, _("The reply is being deleted on X; the ticket is open again."))
        return redirect("/outbox/?tab=posted")
    elif verb == "public":
        reconciliation.say_public(delivery, x_id=post_named(request), by=request.user)
    elif verb == "another":
        reconciliation.say_another(delivery, x_id=post_named(request), by=request.user)
    else:
        reconciliation.say_absent(delivery, by=request.user)
        nudge(tasks.send_due)
    messages.success(request, _("Noted."))
    return redirect("/outbox/?tab=uncertain")


def post_named(request: DeskRequest) -> int:
    """Return the id of the post on X whose address or number was sent."""
    number = "".join(
        part
        for part in request.POST.get("post", "").rstrip("/").split("/")[-1].split("?")[0]
        if part in digits
    )
    if not number or len(number) > 19:
        raise Invalid(
            Reason(
                "post_unreadable", _("Paste the address of the post on X; it ends in a number.")
            ),
            "post",
        )
    return int(number)
