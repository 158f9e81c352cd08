"""Beginning, continuing and leaving the demo's tour."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.screens.form_values import posted
from people import demo
from people.requests import DeskRequest
from people.views.sign_in import wanted
from servicedesk.demo.tour import COOKIE, LEFT, STEPS


@require_POST
def steer(request: DeskRequest) -> HttpResponse:
    """Go to this step (`0` leaves); only in the demo."""
    if not demo.is_demo():
        raise Http404
    step = posted(request, "step")
    known = {str(number) for number in range(len(STEPS) + 1)}
    response = redirect(wanted(request))
    response.set_cookie(
        COOKIE, step if step in known else LEFT, max_age=365 * 86400, samesite="Lax"
    )
    return response
