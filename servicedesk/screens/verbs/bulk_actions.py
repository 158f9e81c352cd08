"""One verb for several tickets that were chosen in the list.

Assign, tag, snooze, join to an incident, resolve. Never approve.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import Invalid, NotAllowed, Reason
from core.screens.form_values import all_posted, is_posted, posted, whole, whole_number
from core.screens.undo_messages import say_done
from people.access import department_ids
from people.models import Person, User
from people.requests import DeskRequest
from servicedesk.frame import in_place
from servicedesk.screens.inbox import inbox
from servicedesk.screens.ticket import page
from servicedesk.screens.verbs.each_ticket import Act, each, say_refused
from servicedesk.screens.verbs.undo import undo_of
from tickets import incidents, lifecycle, policies, querysets
from tickets.forms import left_as, snooze_until, tags_of
from tickets.models import Incident, Ticket
from tickets.states import ResolvedReason
from tickets.undo import entries
from tickets.views.lookup import load

MOST = 200


@dataclass(frozen=True)
class Deed:
    """What is done with each ticket, and the sentence that says for how many it was."""

    act: Act
    says: Callable[[int], str]


@require_POST
def act(request: DeskRequest) -> HttpResponse:
    """Do it for each; what cannot be done is said and stays as it is."""
    user = request.user
    numbers = [number for one in all_posted(request, "number") if (number := whole(one))]
    if not numbers:
        raise Invalid(Reason("none_chosen", _("Choose at least one ticket first.")), "number")
    if len(numbers) > MOST:
        raise Invalid(
            Reason(
                "many_chosen",
                _("Choose at most {n} tickets at once. Nothing was done.").format(n=MOST),
            ),
            "number",
        )
    tickets = list(
        querysets.visible_to(user)
        .filter(number__in=numbers)
        .select_related("department__parent")
        .order_by("id")
    )
    verb = VERBS.get(posted(request, "act") or verb_of(request))
    if verb is None:
        raise Invalid(Reason("choice_unknown", _("Choose what should happen with them.")), "act")
    before = entries.newest_number(user)
    deed = verb(request, tickets)
    done, refused = each(tickets, deed.act, user)
    left = entries.kept_since(before, by=user, tickets=[one.pk for one in tickets])
    if done:
        undo = undo_of(left, back=posted(request, "back"))
        say_done(request, deed.says(done), undo)
    elif not refused:
        messages.warning(request, _("Nothing was done: none of these tickets is yours to work on."))
    say_refused(request, refused)
    return go_back(request)


def verb_of(request: DeskRequest) -> str:
    """Return the verb that the chosen button stands for, by the value it brings.

    Enter in a field presses none: what was typed there says what is meant.
    """
    pressed = next((verb for name, verb in BY_VALUE.items() if is_posted(request, name)), "")
    typed = next((verb for name, verb in BY_WORDS.items() if posted(request, name).strip()), "")
    return pressed or typed


def go_back(request: DeskRequest) -> HttpResponse:
    """Lead back to the list; a page that swaps its panes shows what is `open` there."""
    if in_place.is_asked(request):
        number = whole(posted(request, "open"))
        return page(request, load(request.user, number)) if number else inbox(request)
    back = posted(request, "back")
    return redirect(back if back.startswith("/inbox/") else "inbox")


def _assign(request: DeskRequest, tickets: list[Ticket]) -> Deed:
    to = (
        get_object_or_404(Person, pk=whole_number(request, "person"))
        if posted(request, "person")
        else None
    )

    def says(n: int) -> str:
        if to is None:
            return ngettext(
                "{n} ticket: nobody is assigned now.", "{n} tickets: nobody is assigned now.", n
            ).format(n=n)
        return ngettext(
            "{n} ticket: assigned to {name}.", "{n} tickets: assigned to {name}.", n
        ).format(n=n, name=to.name)

    return Deed(lambda one, by: lifecycle.assign(one, to=to, by=by), says)


def _tag(request: DeskRequest, tickets: list[Ticket]) -> Deed:
    more = tags_of(posted(request, "tags"))
    if not more:
        raise Invalid(Reason("tags_missing", _("Write at least one tag.")), "tags")
    return Deed(
        lambda one, by: lifecycle.tag(one, tags=[*one.tags, *more], by=by),
        lambda n: ngettext("{n} ticket: tagged.", "{n} tickets: tagged.", n).format(n=n),
    )


def _snooze(request: DeskRequest, tickets: list[Ticket]) -> Deed:
    until = snooze_until(posted(request, "until"))
    return Deed(
        lambda one, by: lifecycle.snooze(one, until=until, by=by),
        lambda n: ngettext("{n} ticket: snoozed.", "{n} tickets: snoozed.", n).format(n=n),
    )


def _resolve(request: DeskRequest, tickets: list[Ticket]) -> Deed:
    if (given := posted(request, "reason")) not in ResolvedReason.values:
        raise Invalid(Reason("choice_unknown", _("Choose one of the reasons.")), "reason")
    left = left_as(request)

    def resolve(one: Ticket, by: User) -> None:
        if reason := policies.why_not_resolve(one, by):
            raise NotAllowed(reason)
        lifecycle.resolve(one, reason=ResolvedReason(given), by=by, left=left)

    return Deed(
        resolve,
        lambda n: ngettext("{n} ticket: resolved.", "{n} tickets: resolved.", n).format(n=n),
    )


def _join(request: DeskRequest, tickets: list[Ticket]) -> Deed:
    user = request.user
    if posted(request, "incident") in {"", "new"}:
        if not tickets:
            raise Invalid(Reason("none_chosen", _("Choose at least one ticket first.")), "number")
        incident = incidents.open_incident(
            name=posted(request, "name"), department=tickets[0].department, by=user
        )
    else:
        there = Incident.objects.filter(department__in=department_ids(user)).select_related(
            "department"
        )
        incident = get_object_or_404(there, pk=whole_number(request, "incident"))
    return Deed(
        lambda one, by: incidents.join(one, incident=incident, by=by),
        lambda n: ngettext(
            "{n} ticket: joined to {name}.", "{n} tickets: joined to {name}.", n
        ).format(n=n, name=incident.name),
    )


VERBS: dict[str, Callable[[DeskRequest, list[Ticket]], Deed]] = {
    "assign": _assign,
    "tag": _tag,
    "snooze": _snooze,
    "resolve": _resolve,
    "join": _join,
}
BY_VALUE = {"person": "assign", "until": "snooze", "reason": "resolve", "incident": "join"}
BY_WORDS = {"tags": "tag", "name": "join"}
