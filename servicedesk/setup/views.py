"""The entrance for administrators: all that is set up, and what may be chosen at run time."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import NotAllowed
from core.screens.form_values import sent
from people.hours import pace
from people.policies import why_not_manage
from people.requests import DeskRequest
from servicedesk.forms import PaceForm
from servicedesk.setup import keep_elsewhere, outside, places, trials


def show(request: DeskRequest) -> HttpResponse:
    """Show how everything stands; a changed pace is kept and holds at once."""
    refuse_others(request)
    form = PaceForm(sent(request))
    if form.is_valid():
        with form.refusing():
            pace.choose(form.cleaned_data, by=request.user)
            messages.success(request, _("Saved. It applies from now on."))
            return redirect("setup")
    return page(request, form)


@require_POST
def try_out(request: DeskRequest, verb: str) -> HttpResponse:
    """Try mail, X or the clock, and say on the page what happened."""
    refuse_others(request)
    if verb not in trials.TRIALS:
        raise Http404
    return page(request, PaceForm(), trials.run(verb, by=request.user))


def keep(request: DeskRequest) -> HttpResponse:
    """Show what must be kept elsewhere, to be printed."""
    refuse_others(request)
    return render(request, "servicedesk/keep_elsewhere.html", {"keep": keep_elsewhere.page()})


def refuse_others(request: DeskRequest) -> None:
    """Refuse whoever does not run the desk."""
    if reason := why_not_manage(request.user):
        raise NotAllowed(reason)


def page(
    request: DeskRequest, form: PaceForm, outcome: trials.Outcome | None = None
) -> HttpResponse:
    """Return the page, with what came of a trial where one was made."""
    context: dict[str, Any] = {
        "places": places.of(request.user),
        "form": form,
        "chosen": pace.chosen(),
        "outcome": outcome,
        "mail": outside.shown(outside.MAIL),
        "x": outside.shown(outside.X),
        "desk": outside.shown(outside.DESK),
        "kept": outside.kept(),
    }
    return render(request, "servicedesk/setup.html", context, status=form.status)
