"""People and departments, to look at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from people.models import Department, Membership


def directory(request: HttpRequest) -> HttpResponse:
    """Every department with its people, roles and rules; administrators at the end."""
    memberships = list(Membership.objects.filter(ended_at__isnull=True, person__users__is_active=True).select_related(
        "person", "department").distinct().order_by("id"))
    departments = [{"department": one, "members": [m for m in memberships if m.department_id == one.pk]}
                   for one in Department.objects.select_related("parent")]
    administrators = [one for one in memberships if one.department_id is None]
    return render(request, "people/directory.html", {"departments": departments, "administrators": administrators})
