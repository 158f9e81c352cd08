"""The way from an empty desk to its first ticket."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import NotAllowed
from people.models import User
from people.policies import why_not_manage
from servicedesk import first_steps


def show(request: HttpRequest) -> HttpResponse:
    """The steps, done ones marked; the first open one stands out."""
    user: User = request.user  # type: ignore[assignment]
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
