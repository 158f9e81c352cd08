"""The list of one's notices, what is new in it, and the choice of what comes by which way."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from core.clock import desk_now
from core.cuts import cut
from core.errors import Invalid
from core.forms import is_number
from core.guards import DeskNow
from people import preferences
from people.models import Notice
from people.notice_kinds import Way
from people.requests import DeskRequest
from servicedesk.notices.words import sentences

SHOWN = 100
AT_ONCE = 20


def listing(request: DeskRequest) -> HttpResponse:
    """Show the newest hundred, and the way to the others; who has looked at them has seen them."""
    rows = cut(own(request), "notices", SHOWN, request.GET)
    response = render(
        request,
        "servicedesk/notices.html",
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
    known = preferences.shown(user)
    context: dict[str, Any] = {
        "kinds": known,
        "ways": Way.choices,
        "days": list(WEEKDAYS.items()),
        "quiet_from": f"{user.quiet_from:%H:%M}" if user.quiet_from else "",
        "quiet_until": f"{user.quiet_until:%H:%M}" if user.quiet_until else "",
        "quiet_days": user.quiet_days,
        "zone": preferences.zone_of(user).key,
    }
    if request.method != "POST":
        return render(request, "servicedesk/notice_choices.html", context)
    ways = {one["kind"]: request.POST.getlist(f"ways-{one['kind']}") for one in known}
    days = [int(one) for one in request.POST.getlist("quiet_days") if is_number(one, 1)]
    typed = {name: request.POST.get(name, "") for name in ("quiet_from", "quiet_until")}
    try:
        preferences.choose_notices(user, ways=ways, quiet_days=days, **typed)
    except Invalid as refused:
        kinds = [one | {"ways": ways[one["kind"]]} for one in known]
        return render(
            request,
            "servicedesk/notice_choices.html",
            context | typed | {"refusal": refused, "kinds": kinds, "quiet_days": days},
            status=400,
        )
    messages.success(request, _("Saved."))
    return redirect("notice-choices")


def own(request: DeskRequest) -> QuerySet[Notice]:
    """Return this sign-in's notices, newest first."""
    return (
        Notice.objects.filter(user=request.user.pk)
        .select_related("event__by__person")
        .order_by("-id")
    )
