"""The event stream of an open page, and what a page asks instead when there is no stream. Ids only, never contents."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from core.live import channel
from core.models import Event
from people.access import department_ids

LONGEST_SECONDS, QUIET_SECONDS, AT_ONCE = 15 * 60, 12, 200


@login_not_required
async def events(request: HttpRequest) -> HttpResponseBase:
    """A stream of what happened in this person's departments; it ends after 15 minutes, so that rights are asked again."""
    rights = await rights_of(request)
    if rights is None:
        return HttpResponse(status=401)
    return sse_response(stream(*rights))


@sync_to_async(thread_sensitive=False)
def rights_of(request: HttpRequest) -> tuple[set[int], int] | None:
    """The departments whose events this person may hear, and who it is; None if not signed in. Gives its database connection back."""
    try:
        user = get_user(request)
        return (set(department_ids(user)), user.person_id) if user.is_authenticated else None  # type: ignore[arg-type, union-attr]
    finally:
        connections.close_all()


def sse_response(lines: AsyncIterator[str]) -> StreamingHttpResponse:
    """The only way in which this code streams: no buffering, no caching, no database connection held."""
    response = StreamingHttpResponse(lines, content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    return response


async def stream(departments: set[int], person: int) -> AsyncIterator[str]:
    """Messages of the broker that concern these departments or this person alone; a comment line while it is quiet."""
    ends = time.monotonic() + LONGEST_SECONDS
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL)
    pubsub = client.pubsub()
    try:
        await pubsub.subscribe(channel())
        yield "event: open\ndata: {}\n\n"
        while time.monotonic() < ends:
            message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=QUIET_SECONDS)
            if message is None:
                yield ": quiet\n\n"
                continue
            told = json.loads(message["data"])
            if told.get("person", person) == person and (told["department"] is None or told["department"] in departments):
                yield f"id: {told['id']}\nevent: changed\ndata: {json.dumps(told)}\n\n"
    except (redis.RedisError, asyncio.CancelledError, OSError):
        return
    finally:
        await pubsub.aclose()  # type: ignore[no-untyped-call]
        await client.aclose()


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
