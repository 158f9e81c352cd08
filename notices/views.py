"""The list of one's notices, what is new in it, and the choice of what comes by which way."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.screens.form_values import is_number, sent
from core.screens.truncated_lists import cut
from notices import subscriptions
from notices.forms import NoticesForm
from notices.kinds import Way
from notices.messages import sentences
from notices.models import Notice
from people.requests import DeskRequest

SHOWN = 100
AT_ONCE = 20


def listing(request: DeskRequest) -> HttpResponse:
    """Show the newest hundred, and the way to the others; who has looked at them has seen them."""
    rows = cut(own(request), "notices", SHOWN, request.GET)
    response = render(
        request,
        "notices/notices.html",
        {
            "rows": rows,
            "notices": [{"notice": one, "sentence": said} for one, said in sentences(rows)],
        },
    )
    own(request).filter(pk__in=[one.pk for one in rows], seen_at=None).update(seen_at=DeskNow())
    return response


def newest(request: DeskRequest) -> JsonResponse:
    """Return what came after notice `after`, for the open page.

    Sentences, addresses and by which way each is wanted; never during quiet hours on the desktop.
    """
    after = request.GET.get("after", "")
    if not is_number(after):
        return JsonResponse({"error": {"code": "bad_request", "message": "after"}}, status=400)
    now = desk_now()
    rows = own(request).filter(pk__gt=int(after), seen_at=None)[:AT_ONCE]
    told = [
        {
            "id": one.pk,
            "text": said,
            "url": one.path,
            "desk": Way.DESK in one.ways,
            "desktop": Way.DESKTOP in one.ways and not (one.held_until and one.held_until > now),
        }
        for one, said in sentences(rows)
    ]
    return JsonResponse(
        {"notices": told[::-1], "unseen": own(request).filter(seen_at=None)[: AT_ONCE * 5].count()}
    )


def choices(request: DeskRequest) -> HttpResponse:
    """Which notices come, by which way, and when the desk keeps quiet.

    A refused form keeps what was chosen.
    """
    user = request.user
    form = NoticesForm(user, sent(request))
    if form.is_valid():
        with form.refusing():
            subscriptions.choose_notices(user, **form.chosen())
            messages.success(request, _("Saved."))
            return redirect("notice-choices")
    context = {"form": form, "ways": Way.choices, "zone": subscriptions.zone_of(user).key}
    return render(request, "notices/notice_choices.html", context, status=form.status)


def own(request: DeskRequest) -> QuerySet[Notice]:
    """Return this sign-in's notices, newest first."""
    return (
        Notice.objects.filter(user=request.user.pk)
        .select_related("event__by__person")
        .order_by("-id")
    )
