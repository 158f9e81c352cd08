"""Incidents: the list, and one of them with its wave and its text."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals import policies
from approvals.models import SavedReply
from approvals.querysets import to_sign
from core.screens.truncated_lists import cut
from people import access
from people.models import User
from people.requests import DeskRequest
from tickets import incidents, querysets
from tickets import policies as ticket_policies
from tickets.inbox import rows
from tickets.models import Incident, Ticket
from tickets.states import ACTIVE

PAST = 20
FIRST = 20


def listing(request: DeskRequest) -> HttpResponse:
    """Show what is going on, and what is over."""
    user = request.user
    past = (
        Incident.objects.filter(department__in=access.department_ids(user), ended_at__isnull=False)
        .select_related("department")
        .order_by("-ended_at", "-id")
    )
    waves = incidents.standing(list(incidents.open_ones(user)))
    return render(
        request,
        "screens/incidents.html",
        {"waves": waves, "past": cut(past, "past", PAST, request.GET)},
    )


def incident(request: DeskRequest, pk: int) -> HttpResponse:
    """One incident: how its wave stands, its text, and the way to end it."""
    user = request.user
    one = get_object_or_404(
        Incident.objects.filter(department__in=access.department_ids(user)).select_related(
            "department", "by__person"
        ),
        pk=pk,
    )
    why_not = ticket_policies.why_not_keep_incidents(one.department, user)
    if request.method == "POST":
        incidents.end_incident(one, by=user)
        messages.success(request, _("The incident is over. Its tickets stay as they are."))
        return redirect("incident", pk=pk)
    return render(
        request,
        "screens/incident.html",
        {
            "incident": one,
            "wave": incidents.wave_of(one),
            "texts": SavedReply.objects.filter(incident=one, retired_at__isnull=True).order_by(
                "-id"
            ),
            "groups": first_rows(one, user),
            "why_not": why_not,
            "why_not_write": policies.why_not_save_replies(one.department, user),
        },
    )


def first_rows(incident: Incident, user: User) -> list[rows.Group]:
    """Return the rows of its tickets that are still worked on, those due first at the top."""
    tickets = Ticket.objects.filter(incident=incident, status__in=ACTIVE).order_by("due_at", "id")
    reader = rows.Reader(
        user=user,
        now=timezone.now(),
        departments=access.department_ids(user),
        signing=to_sign(user),
    )
    return rows.groups_of(list(querysets.for_rows(tickets)[:FIRST]), reader)
