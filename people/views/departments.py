"""Setting up departments: name, place, who approves, clock, service hours, days off."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from core.errors import DeskError, Invalid, NotAllowed, Reason
from core.forms import day_in, whole_number
from people import calendars, departments, policies
from people.models import Department
from people.requests import DeskRequest
from people.roles import ReviewPolicy

FIELDS = (
    "name_en",
    "name_de",
    "parent",
    "review_policy",
    "clock_minutes",
    "reply_minutes",
    "time_zone",
    "holiday_country",
    "holiday_state",
    "holidays_by_hand",
)


def edit(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Make a department or change one; what was typed stays when it is refused."""
    user = request.user
    if reason := policies.why_not_manage(user):
        raise NotAllowed(reason)
    department = get_object_or_404(Department, pk=pk) if pk else None
    typed, hours = typed_in(request, department or Department())
    context: dict[str, Any] = {
        "department": department,
        "typed": typed,
        "days": [(day, WEEKDAYS[day], hours[str(day)]) for day in range(7)],
        "policies": ReviewPolicy.choices,
        "departments": Department.objects.exclude(pk=pk or 0),
        "countries": calendars.countries(),
    }
    if request.method != "POST":
        return render(request, "people/department.html", context)
    try:
        kept = departments.keep(department, by=user, hours=hours, **read(request, typed))
    except DeskError as refused:
        context["refusal"] = refused
        return render(request, "people/department.html", context, status=refused.status)
    messages.success(request, _("Saved: {name}.").format(name=kept.name))
    return redirect("people")


def typed_in(request: DeskRequest, department: Department) -> tuple[dict[str, str], dict[str, str]]:
    """Return what stands in the fields, and in the hours of each day.

    As it was typed, or as the department has it.
    """
    if request.method == "POST":
        return (
            {name: request.POST.get(name, "") for name in FIELDS},
            {str(day): request.POST.get(f"hours_{day}", "") for day in range(7)},
        )
    return (
        as_typed(department),
        {str(day): calendars.written_hours(department, day) for day in range(7)},
    )


def read(request: DeskRequest, typed: dict[str, str]) -> dict[str, Any]:
    """Return the values of the fields; what is not among the choices falls back to the default."""
    policy, country = typed["review_policy"], typed["holiday_country"]
    return {
        "name_en": typed["name_en"],
        "name_de": typed["name_de"],
        "parent": Department.objects.filter(pk=whole_number(request, "parent") or 0).first(),
        "review_policy": policy if policy in ReviewPolicy.values else ReviewPolicy.REVIEWERS,
        "clock_minutes": whole_number(request, "clock_minutes") or 0,
        "reply_minutes": whole_number(request, "reply_minutes") or 0,
        "time_zone": typed["time_zone"].strip(),
        "holiday_country": country if country in calendars.countries() else "",
        "holiday_state": typed["holiday_state"].strip(),
        "holidays_by_hand": days_of(typed["holidays_by_hand"]),
    }


def as_typed(department: Department) -> dict[str, str]:
    """Return the fields of the form as they would be typed."""
    given = {
        name: getattr(department, name)
        for name in FIELDS
        if name not in {"parent", "holidays_by_hand"}
    }
    return given | {
        "parent": str(department.parent_id or ""),
        "holidays_by_hand": ", ".join(one.isoformat() for one in department.holidays_by_hand),
    }


def days_of(text: str) -> list[date]:
    """Days as people list them, parted by commas or lines: 2026-12-24 or 24.12.2026."""
    found = []
    for part in filter(None, (one.strip() for one in text.replace("\n", ",").split(","))):
        if (written := day_in(part)) is None:
            raise Invalid(
                Reason(
                    "day_odd", _("{day} is no day. Write days like 2026-12-24.").format(day=part)
                ),
                "holidays_by_hand",
            )
        found.append(written)
    return found
