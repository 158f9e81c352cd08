"""Stopping and resuming an account, from any screen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.nudge import nudge
from tickets import accounts
from tickets.models import ConnectedAccount


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop sending from this account at once."""
    account = accounts.pause(get_object_or_404(ConnectedAccount, pk=pk), reason=request.POST.get("reason", ""), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("{account} is paused. Approved replies wait; none is lost.").format(account=account))
    return redirect("outbox")


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it go on."""
    account = accounts.resume(get_object_or_404(ConnectedAccount, pk=pk), by=request.user)  # type: ignore[arg-type]
    nudge("posting.tasks.send_due")
    messages.success(request, _("{account} sends again.").format(account=account))
    return redirect("outbox")
