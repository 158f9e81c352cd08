"""Connecting an account; stopping and resuming one, from any screen."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import NotAllowed
from core.screens.form_values import posted, sent
from people.requests import DeskRequest
from tickets import policies, signals
from tickets.accounts import accounts, connecting
from tickets.forms import ConnectForm
from tickets.models import ConnectedAccount


def connect(request: DeskRequest) -> HttpResponse:
    """Connect an account of ours once X has said whose the values are.

    When it is refused, everything typed stays in its field.
    """
    user = request.user
    if reason := policies.why_not_connect(user):
        raise NotAllowed(reason)
    form = ConnectForm(sent(request))
    if form.is_valid():
        with form.refusing():
            account = connecting.connect_by(**form.wanted(), by=user)
            return connected(request, account)
    context = {"form": form, "simulated": settings.X_IS_SIMULATED}
    return render(request, "tickets/account.html", context, status=form.status)


def connected(request: DeskRequest, account: ConnectedAccount) -> HttpResponse:
    """Begin to read what comes in on it, and say so."""
    signals.account_connected.send(sender=ConnectedAccount)
    messages.success(
        request,
        _("{account} is connected. Its mentions are read from now on.").format(account=account),
    )
    return redirect("first-steps")


@require_POST
def pause(request: DeskRequest, pk: int) -> HttpResponse:
    """Stop sending from this account at once."""
    account = accounts.pause(
        get_object_or_404(ConnectedAccount, pk=pk),
        reason=posted(request, "reason"),
        by=request.user,
    )
    messages.success(
        request,
        _("{account} is paused. Approved replies wait; none is lost.").format(account=account),
    )
    return redirect("outbox")


@require_POST
def resume(request: DeskRequest, pk: int) -> HttpResponse:
    """Let it go on."""
    account = accounts.resume(get_object_or_404(ConnectedAccount, pk=pk), by=request.user)
    signals.sending_resumed.send(sender=ConnectedAccount)
    messages.success(request, _("{account} sends again.").format(account=account))
    return redirect("outbox")
