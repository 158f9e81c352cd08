"""Asking for a new password at sign-in.

By mail where the desk has mail, else with the names of those who can help.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render

from core.errors import DeskError
from people import company, forgetting
from people.requests import DeskRequest


@login_not_required
def ask(request: DeskRequest) -> HttpResponse:
    """Show the form; then one answer, whether the name is anybody's or not."""
    mailed, written = forgetting.is_possible(), request.POST.get("username", "")
    context = {
        "mailed": mailed,
        "company": company.name(),
        "administrators": [] if mailed else forgetting.whom_to_ask(),
        "username": written,
    }
    if request.method != "POST" or not mailed:
        return render(request, "people/forgotten.html", context)
    try:
        forgetting.wish(written, origin=forgetting.origin_of(request))
    except DeskError as refused:
        status = 429 if refused.code == "too_many" else refused.status
        return render(
            request, "people/forgotten.html", context | {"refusal": refused}, status=status
        )
    return render(request, "people/forgotten.html", context | {"asked": True})
