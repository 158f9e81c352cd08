"""What a page asks about others and about what it missed. Ids only, never contents."""

from datetime import timedelta

from django.db.models import Q
from django.http import JsonResponse

from approvals.querysets import open_drafts_of
from core.broker import page_updates, presence, read_receipts
from core.database.db_time import desk_now
from core.models import Event, Link
from core.screens.form_values import whole
from people.access import department_ids
from people.models import Person
from people.requests import DeskRequest
from servicedesk.live import colleagues
from tickets.querysets import visible_to

AT_ONCE = 200
TYPING = timedelta(seconds=15)


def since(request: DeskRequest) -> JsonResponse:
    """Return what happened after the position `after`: topics and names, at most 200 at once.

    `position` goes on from there, `more` says whether to ask again.

    Positions are numbers of the audit chain, which are given in the order in which things became
    visible; numbers of events are given before.
    """
    try:
        after = int(request.GET.get("after", "0"))
    except ValueError:
        return JsonResponse({"error": {"code": "bad_request", "message": "after"}}, status=400)
    numbered = list(
        Link.objects.filter(number__gt=after)
        .order_by("number")[:AT_ONCE]
        .values_list("number", "event_id")
    )
    mine = Q(department_id__in=department_ids(request.user)) | Q(department_id=None)
    rows = Event.objects.filter(mine, pk__in=[event for _number, event in numbered])
    return JsonResponse(
        {
            "events": [page_updates.message(one) for one in rows],
            "position": numbered[-1][0] if numbered else after,
            "more": len(numbered) == AT_ONCE,
        }
    )


def looking(request: DeskRequest) -> JsonResponse:
    """Say who else looks at these tickets, who is typing there, and who is at the desk.

    `ticket` holds their numbers, at most 100; `opened` those of them that were opened in place
    since: they count as read.
    """
    numbers = [number for one in request.GET.getlist("ticket")[:100] if (number := whole(one))]
    user = request.user
    tickets = list(visible_to(user).filter(number__in=numbers).only("id", "number"))
    opened = {whole(one) for one in request.GET.getlist("opened")}
    for one in tickets:
        if one.number in opened:
            read_receipts.read(user.pk, f"ticket:{one.pk}")
    seen = presence.who(f"ticket:{one.pk}" for one in tickets)
    drafts = open_drafts_of(tickets)
    typing = (
        {
            draft.ticket_id: draft.writer.person_id
            for draft in drafts.values()
            if draft.updated_at > desk_now() - TYPING
        }
        if seen
        else {}
    )
    people = Person.objects.in_bulk({person for found in seen.values() for person in found})
    return JsonResponse(
        {
            "here": colleagues.here(user),
            "tickets": {
                one.number: [
                    {
                        "stamp": people[person].stamp,
                        "name": people[person].name,
                        "types": typing.get(one.pk) == person,
                    }
                    for person in seen.get(f"ticket:{one.pk}", [])
                    if person in people and person != user.person_id
                ]
                for one in tickets
            },
        }
    )
