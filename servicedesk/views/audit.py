"""The audit trail on a screen: what happened, by whom, through which door.

For administrators and leads.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.forms import is_number
from core.models import Event
from people.access import department_ids
from people.roles import LEADS

SHOWN = 100


def audit(request: HttpRequest) -> HttpResponse:
    """A hundred events at a time, the newest first; a lead sees those of the own departments."""
    user = request.user
    leads = any(one.role in LEADS for one in user.memberships)  # type: ignore[union-attr]
    if not user.is_administrator and not leads:  # type: ignore[union-attr]
        raise PermissionDenied
    rows = Event.objects.select_related("by__person").order_by("-id")
    if not user.is_administrator:  # type: ignore[union-attr]
        rows = rows.filter(department_id__in=department_ids(user))  # type: ignore[arg-type]
    before = request.GET.get("before", "")
    if is_number(before):
        rows = rows.filter(id__lt=int(before))
    if name := request.GET.get("name", "").replace("\x00", "").strip():
        rows = rows.filter(name__startswith=name[:60])
    page = list(rows[:SHOWN])
    return render(
        request,
        "servicedesk/audit.html",
        {"events": page, "name": name, "next": page[-1].pk if len(page) == SHOWN else None},
    )
