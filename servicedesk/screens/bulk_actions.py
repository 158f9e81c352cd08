"""One verb for several tickets that were chosen in the list.

Assign, tag, snooze, join to an incident, resolve. Never approve.
"""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DeskError, Invalid, NotAllowed, Reason
from core.screens.form_values import all_posted, posted, whole, whole_number
from people.access import department_ids
from people.models import Person, User
from people.requests import DeskRequest
from tickets import incidents, lifecycle, policies, querysets
from tickets.forms import snooze_until, tags_of
from tickets.models import Incident, Ticket
from tickets.states import ResolvedReason

MOST = 200
Act = Callable[[Ticket, User], object]


@require_POST
def act(request: DeskRequest) -> HttpResponse:
    """Do it for each; what cannot be done is said and stays as it is."""
    user = request.user
    numbers = [number for one in all_posted(request, "number") if (number := whole(one))]
    back = posted(request, "back")
    target = back if back.startswith("/inbox/") else "inbox"
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
    verb = VERBS.get(posted(request, "act"))
    if verb is None:
        raise Invalid(Reason("choice_unknown", _("Choose what shall happen with them.")), "act")
    done, refused = each(tickets, verb(request, tickets), user)
    messages.success(
        request, ngettext("Done for {n} ticket.", "Done for {n} tickets.", done).format(n=done)
    )
    for sentence, count in refused.items():
        messages.warning(
            request,
            ngettext("{n} ticket stays: {why}", "{n} tickets stay: {why}", count).format(
                n=count, why=sentence
            ),
        )
    return redirect(target)


def each(tickets: list[Ticket], deed: Act, user: User) -> tuple[int, dict[str, int]]:
    """How many it was done for, and why not for the others."""
    done, refused = 0, dict[str, int]()
    for one in tickets:
        try:
            with transaction.atomic():
                deed(one, user)
            done += 1
        except DeskError as error:
            refused[str(error)] = refused.get(str(error), 0) + 1
    return done, refused


def _assign(request: DeskRequest, tickets: list[Ticket]) -> Act:
    to = (
        get_object_or_404(Person, pk=whole_number(request, "person"))
        if posted(request, "person")
        else None
    )
    return lambda one, by: lifecycle.assign(one, to=to, by=by)


def _tag(request: DeskRequest, tickets: list[Ticket]) -> Act:
    more = tags_of(posted(request, "tags"))
    if not more:
        raise Invalid(Reason("tags_missing", _("Write at least one tag.")), "tags")
    return lambda one, by: lifecycle.tag(one, tags=[*one.tags, *more], by=by)


def _snooze(request: DeskRequest, tickets: list[Ticket]) -> Act:
    until = snooze_until(posted(request, "until"))
    return lambda one, by: lifecycle.snooze(one, until=until, by=by)


def _resolve(request: DeskRequest, tickets: list[Ticket]) -> Act:
    if (given := posted(request, "reason")) not in ResolvedReason.values:
        raise Invalid(Reason("choice_unknown", _("Choose one of the reasons.")), "reason")

    def resolve(one: Ticket, by: User) -> None:
        if reason := policies.why_not_resolve(one, by):
            raise NotAllowed(reason)
        lifecycle.resolve(one, reason=ResolvedReason(given), by=by)

    return resolve


def _join(request: DeskRequest, tickets: list[Ticket]) -> Act:
    user = request.user
    if posted(request, "incident") == "new":
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
    return lambda one, by: incidents.join(one, incident=incident, by=by)


VERBS: dict[str, Callable[[DeskRequest, list[Ticket]], Act]] = {
    "assign": _assign,
    "tag": _tag,
    "snooze": _snooze,
    "resolve": _resolve,
    "join": _join,
}
