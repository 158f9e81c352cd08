"""Undoing what one did with a ticket, or with several at once."""

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.screens.form_values import all_posted, posted, whole
from core.screens.undo_messages import Undo
from people import access
from people.requests import DeskRequest
from servicedesk.screens.verbs.each_ticket import each, say_refused
from tickets.models import UndoEntry
from tickets.querysets import visible_to
from tickets.undo import undoing


def undo_of(entries: Collection[int], *, back: str = "") -> Undo | None:
    """Return the form that undoes these entries, or None where there are none.

    `back` is the list to go back to, for several.
    """
    if not entries:
        return None
    fields = [("entry", number) for number in entries]
    return Undo(reverse("undo"), [*fields, ("back", back)])


@require_POST
def undo(request: DeskRequest) -> HttpResponse:
    """Undo these entries of one's own; what cannot be undone is said and stays as it is."""
    user = request.user
    wanted = [number for one in all_posted(request, "entry") if (number := whole(one))]
    entries = list(
        UndoEntry.objects.filter(
            pk__in=wanted,
            by__person__in=access.all_rows_of(user.person_id),
            ticket__in=visible_to(user),
        )
        .select_related("event", "by__person", "ticket")
        .order_by("ticket_id")
    )
    if not entries:
        raise undoing.nothing_to_undo().error()
    if len(wanted) == 1:
        ticket = undoing.undo(entries[0], by=user)
        messages.success(request, _("Undone. The ticket is as it was before."))
        return redirect("ticket", number=ticket.number)
    by_ticket = {one.ticket_id: one for one in entries}
    done, refused = each(
        [one.ticket for one in entries],
        lambda ticket, by: undoing.undo(by_ticket[ticket.pk], by=by),
        user,
    )
    sentence = ngettext("Undone for {n} ticket.", "Undone for {n} tickets.", done)
    messages.success(request, sentence.format(n=done))
    say_refused(request, refused)
    back = posted(request, "back")
    return redirect(back if back.startswith("/inbox/") else "inbox")
