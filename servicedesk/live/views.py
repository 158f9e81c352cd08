"""The event stream of an open page, what a page asks instead when there is no stream, and who else is here. Ids only, never contents."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import redis
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from approvals.querysets import open_drafts_of
from core import presence
from core.clock import desk_now
from core.forms import whole
from core.live import channel
from core.models import Event
from people.access import department_ids
from people.models import Person
from servicedesk.live.hub import END, OPEN, Hub, Listener, hub
from tickets.models import Ticket
from tickets.querysets import visible_to

LONGEST_SECONDS, QUIET_SECONDS, AT_ONCE, TYPING = 15 * 60, 12, 200, timedelta(seconds=15)


@login_not_required
async def events(request: HttpRequest) -> HttpResponseBase:
    """A stream of what happened in this person's departments; it ends after 15 minutes, so that rights are asked again. `ticket` is the one they look at."""
    found = await rights_of(request)
    if found is None:
        return HttpResponse(status=401)
    return sse_response(stream(*found))


@sync_to_async(thread_sensitive=False)
def rights_of(request: HttpRequest) -> tuple[Listener, Ticket | None] | None:
    """Who listens to what, and the ticket they look at if they may; None if not signed in. Gives its database connection back."""
    try:
        user = get_user(request)
        if not user.is_authenticated:
            return None
        number = whole(request.GET.get("ticket", ""))
        ticket = visible_to(user).filter(number=number).only("id", "department_id").first() if number else None  # type: ignore[arg-type]
        return Listener(user.person_id, frozenset(department_ids(user))), ticket  # type: ignore[arg-type, union-attr]
    finally:
        connections.close_all()


def sse_response(lines: AsyncIterator[str]) -> StreamingHttpResponse:
    """The only way in which this code streams: no buffering, no caching, no database connection held."""
    response = StreamingHttpResponse(lines, content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    return response


async def stream(listener: Listener, ticket: Ticket | None) -> AsyncIterator[str]:
    """Messages of the broker that concern this listener; a comment line while it is quiet. Meanwhile the person is seen at the ticket."""
    ends = time.monotonic() + LONGEST_SECONDS
    line = hub()
    if not await line.join(listener):
        return
    try:
        yield OPEN
        await here(line, listener, ticket, news=True)
        while time.monotonic() < ends:
            try:
                lines = await asyncio.wait_for(listener.waiting.get(), QUIET_SECONDS)
            except TimeoutError:
                await here(line, listener, ticket)
                yield ": quiet\n\n"
                continue
            if lines == END:
                return
            yield lines
    finally:
        line.leave(listener)
        await asyncio.shield(gone(line, listener, ticket))


async def here(line: Hub, listener: Listener, ticket: Ticket | None, *, news: bool = False) -> None:
    """Mark that this person looks at the ticket, and tell it where it is new."""
    if ticket is not None:
        try:
            await line.client.zadd(presence.key(f"ticket:{ticket.pk}"), {str(listener.person): presence.ends_at()})
            await line.client.expire(presence.key(f"ticket:{ticket.pk}"), presence.SECONDS)
            if news:
                await line.client.publish(channel(), presence.changed(ticket.pk, ticket.department_id))
        except (redis.RedisError, OSError):
            return


async def gone(line: Hub, listener: Listener, ticket: Ticket | None) -> None:
    """Take the mark away, unless the same person looks from another page, which renews it."""
    if ticket is not None:
        try:
            await line.client.zrem(presence.key(f"ticket:{ticket.pk}"), str(listener.person))
            await line.client.publish(channel(), presence.changed(ticket.pk, ticket.department_id))
        except (redis.RedisError, OSError):
            return


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
    """Who else looks at these tickets (`ticket`, their numbers, at most 100), and who is typing there."""
    numbers = [number for one in request.GET.getlist("ticket")[:100] if (number := whole(one))]
    user = request.user
    tickets = list(visible_to(user).filter(number__in=numbers).only("id", "number"))  # type: ignore[arg-type]
    seen = presence.who(f"ticket:{one.pk}" for one in tickets)
    drafts = open_drafts_of(tickets)
    typing = {draft.ticket_id: draft.writer.person_id for draft in drafts.values() if draft.updated_at > desk_now() - TYPING} if seen else {}
    people = Person.objects.in_bulk({person for found in seen.values() for person in found})
    return JsonResponse({"tickets": {one.number: [
        {"stamp": people[person].stamp, "name": people[person].name, "types": typing.get(one.pk) == person}
        for person in seen.get(f"ticket:{one.pk}", []) if person in people and person != user.person_id] for one in tickets}})  # type: ignore[union-attr]
