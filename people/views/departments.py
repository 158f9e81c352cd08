"""Setting up departments: name, place, who approves, clock, service hours, days off."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.errors import NotAllowed
from core.screens.form_values import sent
from people import policies
from people.forms import DepartmentForm
from people.memberships import departments
from people.models import Department
from people.requests import DeskRequest


def edit(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Make a department or change one; what was typed stays when it is refused."""
    user = request.user
    if reason := policies.why_not_manage(user):
        raise NotAllowed(reason)
    department = get_object_or_404(Department, pk=pk) if pk else None
    form = DepartmentForm(department, sent(request))
    if form.is_valid():
        with form.refusing():
            kept = departments.keep(department, by=user, **form.wanted())
            messages.success(request, _("Saved: {name}.").format(name=kept.name))
            return redirect("people")
    context = {"department": department, "form": form}
    return render(request, "people/department.html", context, status=form.status)
