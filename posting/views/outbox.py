"""The outbox.

What waits, what is in doubt, what X refused, what is public; and how reading stands.
"""

from string import digits

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.broker.wake_worker import nudge
from core.errors import Invalid, Reason
from core.screens.form_values import whole
from networks.ids import external_id_of
from people.access import department_ids
from people.requests import DeskRequest
from posting import querysets, reconciliation, takedown, tasks
from posting.models import Delivery
from posting.outbox import accounts_of, outbox_for
from tickets.conversations import external_posts
from tickets.models import OwnPost


def outbox(request: DeskRequest) -> HttpResponse:
    """Show the whole page."""
    return render(request, "posting/outbox.html", {"outbox": outbox_for(request.user, request.GET)})


def outbox_list(request: DeskRequest) -> HttpResponse:
    """Show the part that changes, for a page that was told so."""
    return render(
        request, "posting/_outbox.html", {"outbox": outbox_for(request.user, request.GET)}
    )


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
    external_posts.mark_known(posts, by=request.user)
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
        reconciliation.say_public(delivery, external_id=post_named(request), by=request.user)
    elif verb == "another":
        reconciliation.say_another(delivery, external_id=post_named(request), by=request.user)
    else:
        reconciliation.say_absent(delivery, by=request.user)
        nudge(tasks.send_due)
    messages.success(request, _("Noted."))
    return redirect("/outbox/?tab=uncertain")


def post_named(request: DeskRequest) -> str:
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
    return external_id_of(int(number))
