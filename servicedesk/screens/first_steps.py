"""The way from an empty desk to its first ticket."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from core.errors import NotAllowed
from people.policies import why_not_manage
from people.requests import DeskRequest
from servicedesk.operations import first_steps


def show(request: DeskRequest) -> HttpResponse:
    """Show the steps, done ones marked; the first open one stands out."""
    user = request.user
    if reason := why_not_manage(user):
        raise NotAllowed(reason)
    steps = first_steps.steps(user)
    return render(
        request,
        "servicedesk/first_steps.html",
        {
            "steps": steps,
            "next": next((one for one in steps if not one.done), None),
            "x_page": settings.X_API_URL if settings.X_IS_SIMULATED else "",
        },
    )
