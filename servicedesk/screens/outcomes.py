"""The blind sample: the conversation of a drawn ticket, and how the customer left it.

Nobody sees what the first person said of it, nor who that was; chance chooses the tickets.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.screens.form_values import posted
from people.requests import DeskRequest
from satisfaction import checking
from tickets.conversations import thread
from tickets.models import Outcome, Ticket
from tickets.querysets import visible_to
from tickets.states import LeftAs


@dataclass(frozen=True)
class CheckScreen:
    """What is judged next: `outcome` is its number, `entries` what both sides wrote until then.

    `count` is how many wait for this person.
    """

    outcome: int
    ticket: Ticket
    entries: list[thread.Entry]
    count: int

    @property
    def choices(self) -> Sequence[tuple[str, str | Promise]]:
        """How the customer may have left: what a button sends, and its name."""
        return LeftAs.choices


def show(request: DeskRequest) -> HttpResponse:
    """Show the drawn ticket that waits the longest, or that none waits."""
    waiting = checking.waiting_for(request.user)
    outcome = waiting.select_related("ticket__account", "ticket__customer").first()
    screen = screen_of(outcome, waiting.count()) if outcome else None
    return render(request, "screens/outcome_check.html", {"screen": screen})


def screen_of(outcome: Outcome, count: int) -> CheckScreen:
    """Prepare the page: the posts alone, as they stood when the ticket was resolved."""
    entries = [
        entry
        for entry in thread.of_ticket(outcome.ticket)
        if entry.kind != "note" and entry.at <= outcome.at
    ]
    return CheckScreen(outcome.pk, outcome.ticket, entries, count)


@require_POST
def check(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep how the customer left in the eyes of a second person, and show the next one."""
    seen = Outcome.objects.filter(ticket__in=visible_to(request.user))
    outcome = get_object_or_404(seen, pk=pk)
    checking.check_outcome(outcome, value=posted(request, "value"), by=request.user)
    messages.success(request, _("Kept. What the first person said is shown to nobody."))
    return redirect("outcome-checks")
