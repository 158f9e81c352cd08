"""The event streams of open pages (`/events/`), as ASGI of its own: ids only, never contents.

Django's middleware would keep a thread and a database connection for each stream as long as it
lasts. Here who it is is asked once, in one of a few threads that keep their connections, and
then a stream holds nothing but its socket and a queue.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import redis
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections, connections
from django.http import HttpRequest

from core.broker import presence
from core.broker.page_updates import channel
from core.screens.form_values import whole
from people.access import department_ids
from servicedesk.live.hub import ASKING, END, OPEN, QUIET, Hub, Listener, hub
from tickets.models import Ticket
from tickets.querysets import visible_to

LONGEST_SECONDS = 15 * 60
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Stream what happened in this person's departments.

    It ends after 15 minutes, so that rights are asked again.

    `ticket` in the address is the one they look at. 401 for who is not signed in, 405 for anything
    but GET, 503 where the database cannot be asked.
    """
    if scope["method"] != "GET":
        return await refuse(send, 405)
    try:
        found = await asyncio.get_running_loop().run_in_executor(
            ASKING, rights_of, session_of(scope), ticket_of(scope)
        )
    except Exception:  # the page asks by itself and comes again
        return await refuse(send, 503)
    if found is None:
        return await refuse(send, 401)
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    listener, ticket = found
    gone_away = asyncio.ensure_future(end_when_disconnected(receive, listener))
    lines = stream(listener, ticket)
    try:
        async for some in lines:
            await send({"type": "http.response.body", "body": some.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone_away.cancel()
        await lines.aclose()


async def refuse(send: Send, status: int) -> None:
    """Answer without a body."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-length", b"0"), (b"cache-control", b"no-store")],
        }
    )
    await send({"type": "http.response.body", "body": b""})


async def end_when_disconnected(receive: Receive, listener: Listener) -> None:
    """End the stream once the page has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.give(END)


def session_of(scope: Scope) -> str:
    """Return the session's key out of the cookie; empty without one."""
    written = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode(
        "latin-1"
    )
    try:
        cookie = SimpleCookie(written).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def ticket_of(scope: Scope) -> int | None:
    """Return the number of the ticket that the page shows."""
    return whole(parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0])


def rights_of(session: str, number: int | None) -> tuple[Listener, Ticket | None] | None:
    """Who listens to what, and the ticket they look at if they may; None if not signed in.

    The same questions as for every page.
    """
    if not session:
        return None
    close_old_connections()
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(session)
        user = get_user(request)
        if not user.is_authenticated:
            return None
        ticket = (
            visible_to(user).filter(number=number).only("id", "department_id").first()
            if number
            else None
        )
        return Listener(user.person_id, frozenset(department_ids(user)), session), ticket
    except Exception:
        connections.close_all()
        raise


async def stream(listener: Listener, ticket: Ticket | None) -> AsyncGenerator[str, None]:
    """Messages of the broker that concern this listener; a comment line while it is quiet.

    Meanwhile the person is seen at the ticket.
    """
    ends = time.monotonic() + LONGEST_SECONDS
    line = hub()
    if not await line.join(listener):
        return
    try:
        yield OPEN
        await here(line, listener, ticket, news=True)
        while time.monotonic() < ends:
            lines = await listener.waiting.get()
            if lines == END:
                return
            if lines == QUIET:
                await here(line, listener, ticket)
            yield lines
    finally:
        line.leave(listener)
        await asyncio.shield(gone(line, listener, ticket))


async def here(line: Hub, listener: Listener, ticket: Ticket | None, *, news: bool = False) -> None:
    """Mark that this person is at the desk and looks at the ticket.

    And tell it where that is new.
    """
    topics = [presence.DESK, *([f"ticket:{ticket.pk}"] if ticket is not None else [])]
    try:
        async with line.client.pipeline(transaction=False) as pipe:
            for topic in topics:
                pipe.zadd(presence.key(topic), {str(listener.person): presence.ends_at()})
                pipe.expire(presence.key(topic), presence.SECONDS)
            if news and ticket is not None:
                pipe.publish(
                    channel(), json.dumps(presence.changed(ticket.pk, ticket.department_id))
                )
            await pipe.execute()
    except (redis.RedisError, OSError):
        return


async def gone(line: Hub, listener: Listener, ticket: Ticket | None) -> None:
    """Take the mark away, unless the same person looks from another page, which renews it."""
    if ticket is not None:
        try:
            await line.client.zrem(presence.key(f"ticket:{ticket.pk}"), str(listener.person))
            await line.client.publish(
                channel(), json.dumps(presence.changed(ticket.pk, ticket.department_id))
            )
        except (redis.RedisError, OSError):
            return
