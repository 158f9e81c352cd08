"""Asking for a new password at sign-in.

By mail where the desk has mail, else with the names of those who can help.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render

from core.screens.form_values import sent
from people import company
from people.forms import ForgottenForm
from people.invitations import password_reset
from people.requests import DeskRequest


@login_not_required
def ask(request: DeskRequest) -> HttpResponse:
    """Show the form; then one answer, whether the name is anybody's or not."""
    mailed = password_reset.is_possible()
    form = ForgottenForm(sent(request) if mailed else None)
    context = {
        "mailed": mailed,
        "company": company.name(),
        "administrators": [] if mailed else password_reset.whom_to_ask(),
        "form": form,
    }
    if form.is_valid():
        with form.refusing():
            password_reset.wish(
                form.cleaned_data["username"], origin=password_reset.origin_of(request)
            )
            context["asked"] = True
    is_too_many = form.refusal is not None and form.refusal.code == "too_many"
    status = 429 if is_too_many else form.status
    return render(request, "people/forgotten.html", context, status=status)
