"""One ticket: the conversation in the middle, the list to the left, the reply to the right.

And the verbs as forms.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.broker import read_receipts
from core.errors import Invalid, Reason
from core.screens.drawn_once import drawn
from core.screens.form_token import form_token
from core.screens.form_values import whole
from core.screens.undo_messages import say_done
from people.models import Department, Person
from people.requests import DeskRequest
from servicedesk.demo import tour
from servicedesk.frame import in_place
from servicedesk.screens import ticket_screen
from servicedesk.screens.inbox import inbox, whole_list
from servicedesk.screens.verbs import onward
from servicedesk.screens.verbs.undo import undo_of
from tickets import incidents, lifecycle, policies, querysets
from tickets.conversations import notes, thread
from tickets.forms import left_as, snooze_until, tags_of
from tickets.merging import merging
from tickets.models import CustomerNote, Incident, Ticket
from tickets.states import ResolvedReason
from tickets.undo import entries
from tickets.views import lookup
from tickets.views.verbs import Verbs


def ticket(request: DeskRequest, number: int) -> HttpResponse:
    """Show the whole page."""
    return page(request, lookup.load(request.user, number))


def page(
    request: DeskRequest, one: Ticket, *, status: int = 200, refused: object = None
) -> HttpResponse:
    """Show the page of this ticket; to a page that swaps its panes everything but the list.

    `refused` is what stood in the reply's form where it was refused, for the reply pane.
    """
    around = {} if in_place.is_asked(request) else whole_list(request, one)
    context = detail(request, one) | around | {"refused": refused}
    return render(request, "screens/ticket.html", context, status=status)


def conversation(request: DeskRequest, number: int) -> HttpResponse:
    """Show the middle alone, for a page that was told that something changed."""
    return render(
        request, "screens/_conversation.html", detail(request, lookup.load(request.user, number))
    )


def between(request: DeskRequest, number: int) -> HttpResponse:
    """Folded posts from one to another (ids on X), else the whole conversation.

    A page of its own, or for the fold that is opened (`part`).
    """
    one = lookup.load(request.user, number)
    entries = thread.between(one, request.GET.get("first", ""), request.GET.get("last", ""))
    if not entries:
        raise Http404
    template = "screens/_posts.html" if "part" in request.GET else "screens/between.html"
    return render(request, template, {"ticket": one, "entries": entries})


def detail(request: DeskRequest, one: Ticket) -> dict[str, Any]:
    """Return the ticket and everything its page says about it; it counts as read.

    Unless the page says that nobody sees it (`unseen`).
    """
    if "unseen" not in request.GET:
        read_receipts.read(request.user.pk, f"ticket:{one.pk}")
    screen = ticket_screen.screen_of(one, request.user, request.GET)
    verbs = "" if screen.work.why_not else drawn_verbs(one, screen.work.verbs, form_token(request))
    return {
        "ticket": one,
        "screen": screen,
        "drawn_verbs_of_ticket": verbs,
        "drawn_notes": drawn_notes(one, screen.work, form_token(request)),
    }


def drawn_verbs(one: Ticket, choices: Verbs, token: str) -> SafeString:
    """Draw the menus of what can be done with the ticket; their forms send the `token`."""
    part = ticket_screen.VerbsOfTicket(
        choices, one.priority, one.assignee_id, is_in_incident=one.incident_id is not None
    )
    template, tags = "screens/_ticket_verbs.html", ", ".join(one.tags)
    return drawn(template, part, csrf_token=token, acts=acts_of(one), tags=tags)


def drawn_notes(one: Ticket, work: ticket_screen.Work, token: str) -> SafeString:
    """Draw the forms for a note and for a remark about the person; they send the `token`."""
    nameable = tuple(map(ticket_screen.nameable_as, work.nameable))
    part = ticket_screen.Notes(nameable, may_remember=not work.why_not)
    return drawn("screens/_notes.html", part, csrf_token=token, acts=acts_of(one))


def acts_of(one: Ticket) -> str:
    """Return the address under which the verbs of a ticket stand."""
    return reverse("ticket-act", args=[one.number, "verb"]).removesuffix("verb/")


@require_POST
def act(request: DeskRequest, number: int, verb: str) -> HttpResponse:
    """One verb from a form; refusals are answered by the middleware, with what was typed."""
    one = lookup.load(request.user, number)
    if verb not in VERBS:
        raise Http404
    following = onward_from(one, request) if verb in DONE else number
    before = entries.newest_number(request.user)
    said = VERBS[verb](one, request)
    left = entries.kept_since(before, by=request.user, tickets=[one.pk])
    if said:
        say_done(request, said, undo_of(left))
    return in_place.said_to_row(request) or go_on(request, following)


def onward_from(one: Ticket, request: DeskRequest) -> int | None:
    """Return the number of the ticket that opens once this person is done with this one.

    Asked before the verb; None where nothing waits. It is the same one for who stays, and in the
    demo's tour, which goes on where one was.
    """
    user = request.user
    is_led = (tour.standing(request) or {}).get("step")
    return onward.following(one, user) if user.moves_on and not is_led else one.number


def go_on(request: DeskRequest, number: int | None) -> HttpResponse:
    """Lead to this ticket after a verb, or to the list where none is left.

    A page that swaps its panes gets them at once.
    """
    if not in_place.is_asked(request):
        return redirect("ticket", number=number) if number else redirect("inbox")
    if number is None:
        return inbox(request, is_through=True)
    return page(request, lookup.load(request.user, number))


def known(value: str, values: list[str]) -> str:
    """Return the value, if it is one of these."""
    if value not in values:
        raise Invalid(Reason("choice_unknown", _("Choose one of the reasons.")), "reason")
    return value


def _take(one: Ticket, request: DeskRequest) -> str:
    lifecycle.take(one, by=request.user)
    return _("The ticket is yours.")


def _assign(one: Ticket, request: DeskRequest) -> str:
    chosen = request.POST.get("person", "")
    person = get_object_or_404(Person, pk=whole(chosen)) if chosen else None
    lifecycle.assign(one, to=person, by=request.user)
    return (
        _("Assigned to {name}.").format(name=person.name)
        if person
        else _("Nobody is assigned now.")
    )


def _hand_off(one: Ticket, request: DeskRequest) -> str:
    chosen = request.POST.get("department", "")
    department = get_object_or_404(Department, pk=whole(chosen))
    lifecycle.hand_off(one, to=department, note=request.POST.get("note", ""), by=request.user)
    return _("Handed over to {department}. You can still read the ticket.").format(
        department=department.name
    )


def _snooze(one: Ticket, request: DeskRequest) -> str:
    lifecycle.snooze(one, until=snooze_until(request.POST.get("until", "")), by=request.user)
    return _("Snoozed. A new post brings the ticket back at once.")


def _wake(one: Ticket, request: DeskRequest) -> str:
    if reason := policies.why_not_work(one, request.user):
        raise Invalid(reason)
    lifecycle.wake(one, by=request.user)
    return _("No longer snoozed.")


def _resolve(one: Ticket, request: DeskRequest) -> str:
    lifecycle.resolve(
        one,
        reason=ResolvedReason(known(request.POST.get("reason", ""), ResolvedReason.values)),
        by=request.user,
        left=left_as(request),
    )
    return _("Resolved. A new post within a week opens the ticket again.")


def _reopen(one: Ticket, request: DeskRequest) -> str:
    lifecycle.reopen(one, by=request.user)
    return _("Opened again.")


def _tag(one: Ticket, request: DeskRequest) -> str:
    tags = lifecycle.tag(one, tags=tags_of(request.POST.get("tags", "")), by=request.user).tags
    return _("Tags: {tags}.").format(tags=", ".join(tags)) if tags else _("No tags any more.")


def _priority(one: Ticket, request: DeskRequest) -> str:
    given = request.POST.get("priority", "")
    urgent = lifecycle.set_priority(one, priority=given, by=request.user).get_priority_display()
    return _("Priority: {priority}.").format(priority=urgent)


def _note(one: Ticket, request: DeskRequest) -> str:
    notes.add_note(one, text=request.POST.get("text", ""), by=request.user)
    return ""


def _join(one: Ticket, request: DeskRequest) -> str:
    incident = get_object_or_404(
        Incident.objects.select_related("department"), pk=whole(request.POST.get("incident", ""))
    )
    incidents.join(one, incident=incident, by=request.user)
    return _("Joined to {name}.").format(name=incident.name)


def _leave(one: Ticket, request: DeskRequest) -> str:
    incidents.leave(one, by=request.user)
    return _("Removed from the incident.")


def _merge(one: Ticket, request: DeskRequest) -> str:
    other = lookup.load(request.user, whole(request.POST.get("other", "")) or 0)
    merging.merge(other, into=one, by=request.user)
    return _("Ticket {number} is merged into this one. One reply answers both.").format(
        number=other.number
    )


def _unmerge(one: Ticket, request: DeskRequest) -> str:
    merging.unmerge(one, by=request.user)
    return _("Unmerged. The ticket is on its own again.")


def _person_note(one: Ticket, request: DeskRequest) -> str:
    notes.add_person_note(
        one.customer, text=request.POST.get("text", ""), ticket=one, by=request.user
    )
    return ""


def _seen_person_note(one: Ticket, request: DeskRequest) -> CustomerNote:
    wanted = request.POST.get("note", "")
    return get_object_or_404(querysets.customer_notes(one.customer, request.user), pk=whole(wanted))


def _end_person_note(one: Ticket, request: DeskRequest) -> str:
    notes.end_person_note(_seen_person_note(one, request), ticket=one, by=request.user)
    return ""


def _share_person_note(one: Ticket, request: DeskRequest) -> str:
    everybody = request.POST.get("everybody") == "1"
    notes.share_person_note(
        _seen_person_note(one, request), with_everybody=everybody, ticket=one, by=request.user
    )
    return (
        _("The whole company reads it now.")
        if everybody
        else _("Only its department reads it now.")
    )


VERBS: dict[str, Callable[[Ticket, DeskRequest], str]] = {
    "take": _take,
    "assign": _assign,
    "hand-off": _hand_off,
    "snooze": _snooze,
    "wake": _wake,
    "resolve": _resolve,
    "reopen": _reopen,
    "tag": _tag,
    "priority": _priority,
    "note": _note,
    "person-note": _person_note,
    "end-person-note": _end_person_note,
    "share-person-note": _share_person_note,
    "join": _join,
    "leave": _leave,
    "merge": _merge,
    "unmerge": _unmerge,
}
# The verbs after which one is done with the ticket for now.
DONE = {"hand-off", "snooze", "resolve"}
