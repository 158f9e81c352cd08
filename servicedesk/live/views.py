"""What a page asks about others and about what it missed. Ids only, never contents."""

from datetime import timedelta

from django.http import HttpRequest, JsonResponse

from approvals.querysets import open_drafts_of
from core import presence
from core.clock import desk_now
from core.forms import whole
from core.models import Event
from people.access import department_ids
from people.models import Person
from servicedesk.live import colleagues
from tickets.querysets import visible_to

AT_ONCE, TYPING = 200, timedelta(seconds=15)


def since(request: HttpRequest) -> JsonResponse:
    """What happened after event `after`, for pages without a stream: topics and names, at most 200."""
    try:
        after = int(request.GET.get("after", "0"))
    except ValueError:
        return JsonResponse({"error": {"code": "bad_request", "message": "after"}}, status=400)
    rows = Event.objects.filter(id__gt=after, department_id__in=department_ids(request.user)).order_by("id")[:AT_ONCE]  # type: ignore[arg-type]
    told = [{"id": row.pk, "department": row.department_id, "topic": f"{row.topic_kind.split('.')[-1]}:{row.topic_id}", "name": row.name}
            for row in rows]
    return JsonResponse({"events": told})


def looking(request: HttpRequest) -> JsonResponse:
    """Who else looks at these tickets (`ticket`, their numbers, at most 100), and who is typing there; and who is at the desk at all."""
    numbers = [number for one in request.GET.getlist("ticket")[:100] if (number := whole(one))]
    user = request.user
    tickets = list(visible_to(user).filter(number__in=numbers).only("id", "number"))  # type: ignore[arg-type]
    seen = presence.who(f"ticket:{one.pk}" for one in tickets)
    drafts = open_drafts_of(tickets)
    typing = {draft.ticket_id: draft.writer.person_id for draft in drafts.values() if draft.updated_at > desk_now() - TYPING} if seen else {}
    people = Person.objects.in_bulk({person for found in seen.values() for person in found})
    return JsonResponse({"here": colleagues.here(user), "tickets": {one.number: [  # type: ignore[arg-type]
        {"stamp": people[person].stamp, "name": people[person].name, "types": typing.get(one.pk) == person}
        for person in seen.get(f"ticket:{one.pk}", []) if person in people and person != user.person_id] for one in tickets}})  # type: ignore[union-attr]
