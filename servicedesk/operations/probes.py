"""`/healthz` and `/readyz`, as ASGI of their own.

Answered whatever hangs, since they need none of the threads that serve pages.

Each part is asked in a thread of this module; one that does not answer in time is said to hang,
and is not asked a second time meanwhile. Whether the request names a host that the desk answers
to makes no difference: who asks is a machine.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

from django.db import close_old_connections, connections

from servicedesk.operations import health

SECONDS = 2.5
PATHS = ("/healthz", "/readyz")
ASKING = ThreadPoolExecutor(4, thread_name_prefix="probing")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_under_way: dict[str, Future[dict[str, str]]] = {}


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """200 or 503, with what was found as JSON."""
    if scope["path"] == "/healthz":
        return await answer(send, {"process": "ok"})
    everything = "all" in parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    groups = {"database": health.of_the_database_and_all if everything else health.of_the_database}
    if everything:
        groups["broker"] = health.of_the_broker
    found = await asyncio.gather(*(within(name, ask) for name, ask in groups.items()))
    await answer(send, {name: says for one in found for name, says in one.items()})


async def within(name: str, ask: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Return what this group of parts says; that it hangs where it says nothing in time."""
    key = ask.__name__
    if key not in _under_way or _under_way[key].done():
        _under_way[key] = ASKING.submit(in_a_thread, ask)
    try:
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(_under_way[key])), SECONDS)
    except TimeoutError:
        return {name: f"hangs: no answer within {SECONDS:g} s"}
    except Exception as wrong:
        return {name: f"failed: {type(wrong).__name__}"}


def in_a_thread(ask: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Ask, with a connection that is good, and leave none behind that is not."""
    close_old_connections()
    try:
        return ask()
    except Exception:
        connections.close_all()
        raise


async def answer(send: Send, found: dict[str, str]) -> None:
    """Send what was found; 503 where something is missing."""
    body = json.dumps(found, indent=1).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send(
        {
            "type": "http.response.start",
            "status": 200 if health.is_ready(found) else 503,
            "headers": headers,
        }
    )
    await send({"type": "http.response.body", "body": body})
