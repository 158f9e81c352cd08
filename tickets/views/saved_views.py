"""Keeping and discarding views of the inbox."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.screens.form_values import posted, whole_number
from people.access import departments_of
from people.requests import DeskRequest
from tickets.inbox import saved_views
from tickets.models import SavedView


@require_POST
def keep(request: DeskRequest) -> HttpResponse:
    """Keep the present list under a name, then show it."""
    user = request.user
    chosen = whole_number(request, "share")
    department = next((one for one in departments_of(user) if one.pk == chosen), None)
    if chosen and department is None:
        raise Http404
    view = saved_views.keep(
        name=posted(request, "name"),
        query=posted(request, "query"),
        department=department,
        by=user,
    )
    messages.success(request, _("Saved as {name}.").format(name=view.name))
    return redirect(f"/inbox/?{view.query}")


@require_POST
def discard(request: DeskRequest, pk: int) -> HttpResponse:
    """Forget one of one's own."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user.pk)
    saved_views.discard(view)
    messages.success(
        request, _("Discarded: {name}. The tickets stay where they are.").format(name=view.name)
    )
    return redirect(f"/inbox/?{view.query}")
