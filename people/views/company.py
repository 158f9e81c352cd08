"""Whose desk this is: name and language. For administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import Invalid, NotAllowed
from people import company, policies
from people.models import Company
from people.requests import DeskRequest


def edit(request: DeskRequest) -> HttpResponse:
    """Change both; what was typed stays when it is refused."""
    user = request.user
    if reason := policies.why_not_manage(user):
        raise NotAllowed(reason)
    known = Company.objects.first() or Company()
    if request.method != "POST":
        return render(
            request,
            "people/company.html",
            {"typed": {"name": known.name, "language": known.language}},
        )
    typed = {name: request.POST.get(name, "") for name in ("name", "language")}
    try:
        company.keep(**typed, by=user)
    except Invalid as refused:
        return render(
            request, "people/company.html", {"typed": typed, "refusal": refused}, status=400
        )
    messages.success(request, _("Saved."))
    return redirect("people")
