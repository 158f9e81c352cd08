"""The audit trail on a screen: what happened, by whom, through which channel.

For administrators and leads.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from core.models import Event
from core.screens.form_values import is_number
from people.access import department_ids
from people.requests import DeskRequest
from people.roles import LEADS

SHOWN = 100


def audit(request: DeskRequest) -> HttpResponse:
    """Show a hundred events at a time, the newest first.

    A lead sees those of the own departments.
    """
    user = request.user
    leads = any(one.role in LEADS for one in user.memberships)
    if not user.is_administrator and not leads:
        raise PermissionDenied
    rows = Event.objects.select_related("by__person").order_by("-id")
    if not user.is_administrator:
        rows = rows.filter(department_id__in=department_ids(user))
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
