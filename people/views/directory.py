"""People and departments, to look at; for administrators with the way to change them."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.database.db_time import desk_now
from core.errors import NotAllowed
from core.screens.form_values import posted, whole
from core.screens.truncated_lists import cut
from people import policies
from people.invitations import invitations
from people.memberships import endorsement
from people.models import Absence, Department, Invitation, Membership, Person
from people.requests import DeskRequest

OTHERS = 200


def directory(request: DeskRequest) -> HttpResponse:
    """Every department with its people, roles and rules; administrators at the end.

    A POST withdraws an invitation.
    """
    user = request.user
    why_not = policies.why_not_manage(user)
    if request.method == "POST":
        if why_not:
            raise NotAllowed(why_not)
        given = posted(request, "revoke")
        invitations.revoke(get_object_or_404(Invitation, pk=whole(given)), by=user)
        return redirect("people")
    memberships = list(
        Membership.objects.filter(ended_at__isnull=True, person__users__is_active=True)
        .with_standing()
        .select_related("person", "department")
        .distinct()
        .order_by("id")
    )
    context = {
        "departments": [
            {"department": one, "members": [m for m in memberships if m.department_id == one.pk]}
            for one in Department.objects.select_related("parent")
        ],
        "administrators": [one for one in memberships if one.department_id is None],
        "why_not": why_not,
        "to_confirm": endorsement.waiting_for(user),
        "away": away_today(),
    }
    if not why_not:
        context |= for_administrators(request, memberships)
    return render(request, "people/directory.html", context)


def away_today() -> set[int]:
    """Return the persons who are absent today."""
    today = timezone.localdate()
    absent = Absence.objects.filter(
        ended_at__isnull=True, first_day__lte=today, last_day__gte=today
    )
    return set(absent.values_list("person_id", flat=True))


def for_administrators(request: DeskRequest, memberships: list[Membership]) -> dict[str, Any]:
    """Open invitations, and people with a sign-in who belong nowhere."""
    others = (
        Person.objects.exclude(pk__in=[one.person_id for one in memberships])
        .filter(~Q(users=None))
        .distinct()
    )
    return {
        "invitations": Invitation.objects.filter(
            accepted_at__isnull=True,
            revoked_at__isnull=True,
            at__gt=desk_now() - invitations.VALID_FOR,
        ).select_related("department", "user__person"),
        "others": cut(others.order_by("name", "pk"), "others", OTHERS, request.GET),
    }
