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
from servicedesk.evidence import trail
from servicedesk.forms import TrailForm

SHOWN = 100


def audit(request: DeskRequest) -> HttpResponse:
    """Show a hundred events at a time, the newest first.

    A lead sees those of the own departments.
    """
    user = request.user
    leads = any(one.role in LEADS for one in user.memberships)
    if not user.is_administrator and not leads:
        raise PermissionDenied
    form = TrailForm(request.GET)
    events = Event.objects.select_related("by__person").order_by("-id")
    if not user.is_administrator:
        events = events.filter(department_id__in=department_ids(user))
    before = request.GET.get("before", "")
    if is_number(before):
        events = events.filter(id__lt=int(before))
    page = list(trail.narrowed(events, form.wanted())[:SHOWN])
    earlier = request.GET.copy()
    if page:
        earlier["before"] = str(page[-1].pk)
    context = {
        "form": form,
        "rows": trail.rows(page, department_ids(user)),
        "raw": form.is_raw,
        "earlier": earlier.urlencode() if len(page) == SHOWN else "",
    }
    return render(request, "servicedesk/audit.html", context)
