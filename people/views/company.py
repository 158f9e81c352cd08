"""Whose desk this is: name and language. For administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import NotAllowed
from core.screens.form_values import sent
from people import company, policies
from people.forms import CompanyForm
from people.models import Company
from people.requests import DeskRequest


def edit(request: DeskRequest) -> HttpResponse:
    """Change both; what was typed stays when it is refused."""
    user = request.user
    if reason := policies.why_not_manage(user):
        raise NotAllowed(reason)
    known = Company.objects.first() or Company()
    form = CompanyForm(
        sent(request),
        initial={"name": known.name, "language": known.language},
    )
    if form.is_valid():
        with form.refusing():
            company.keep(**form.cleaned_data, by=user)
            messages.success(request, _("Saved."))
            return redirect("people")
    return render(request, "people/company.html", {"form": form}, status=form.status)
