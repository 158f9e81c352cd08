"""One line to the broker for all the open pages of this process.

Each message is read once and handed to every page it concerns.

When the line breaks, every stream ends, so that the pages ask by themselves and come back; a
page that takes its messages too slowly is told to ask. What the broker was never told (who
recorded it could not reach it, or was killed right after) is found in the audit chain at the
next stroke of the clock. When somebody's sessions or roles change, their streams end at once:
pages that may still be here come back with the rights of now.
"""

import asyncio
import json
import os
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import redis.asyncio
from django.conf import settings
from django.db import close_old_connections, connections
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from core.broker import page_updates, unreadable
from core.database.db_time import desk_now
from core.models import Event, Link
from people.identity import sessions

OPEN = "retry: 3000\nevent: open\ndata: {}\n\n"
AGAIN = "retry: 50\n\n"
QUIET = ": quiet\n\n"
MOST_WAITING = 200
PATIENCE_SECONDS = 2.0
QUIET_SECONDS = 12
MOST_MISSED = 500
END = ""
# After these the streams of the person concerned end, and those that may come back.
CHANGES_OF_RIGHTS = frozenset(
    {
        "session.ended",
        "sessions.ended",
        "person.signed_out",
        "person.deactivated",
        "membership.opened",
        "membership.closed",
    }
)
# The threads that ask the database, which keep their connections
ASKING = ThreadPoolExecutor(4, thread_name_prefix="asking")


@dataclass(eq=False)
class Listener:
    """One open page.

    Whose it is, which departments it may hear of, and what waits to be written to it.
    """

    person: int
    departments: frozenset[int]
    session: str = ""
    waiting: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def hears(self, told: dict[str, Any]) -> bool:
        """Whether this message is for this page."""
        return told.get("person", self.person) == self.person and (
            told["department"] is None or told["department"] in self.departments
        )

    def give(self, lines: str) -> None:
        """Queue the lines; a page that is far behind gets one word instead: ask."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            lines = OPEN
        self.waiting.put_nowait(lines)

    def end(self) -> None:
        """End the stream; its page comes back at once, if its session still lives."""
        self.give(AGAIN)
        self.give(END)


class Hub:
    """The listeners of one event loop and the one subscription they share."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        limits: dict[str, Any] = {
            "socket_connect_timeout": settings.BROKER_CONNECT_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        self.client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_timeout=settings.BROKER_READ_SECONDS, **limits
        )
        self.line = redis.asyncio.Redis.from_url(  # named: `CLIENT LIST` says whose it is
            settings.REDIS_URL, client_name=f"desk-live-{os.getpid()}", **limits
        )  # waits for news, as long as it takes
        self.connected = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.ticking: asyncio.Task[None] | None = None
        self.told: set[int] = set()
        self.told_before: set[int] = set()
        self.position: int | None = None

    async def join(self, listener: Listener) -> bool:
        """Add a page; False where the broker cannot be reached within two seconds."""
        self.listeners.add(listener)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._listen())
            self.ticking = asyncio.create_task(self._tick())
        try:
            await asyncio.wait_for(self.connected.wait(), PATIENCE_SECONDS)
        except TimeoutError:
            self.leave(listener)
            return False
        return True

    def leave(self, listener: Listener) -> None:
        """Take a page out; with the last one the line is given back."""
        self.listeners.discard(listener)
        if not self.listeners and self.task is not None:
            for one in (self.task, self.ticking):
                if one is not None:
                    one.cancel()
            self.task = self.ticking = None
            self.connected.clear()

    async def _tick(self) -> None:
        """Send a comment line to every page now and then.

        One clock for all, so that a page waits for its queue alone. And what the broker was not
        told: events are handed out, and streams of sessions that ended meanwhile end here.
        """
        self.position = None
        while True:
            await asyncio.sleep(QUIET_SECONDS)
            await self._end_where_the_broker_hangs()
            await self._catch_up()
            over = await asyncio.get_running_loop().run_in_executor(
                ASKING, over_by_now, [one.session for one in self.listeners]
            )
            for listener in self.listeners:
                if listener.session in over:
                    listener.end()
                else:
                    listener.give(QUIET)

    async def _end_where_the_broker_hangs(self) -> None:
        """Nothing comes over a line that hangs, and nothing says so.

        Ask, and end every stream, so that the pages ask by themselves.
        """
        try:
            await self.client.ping()
        except (redis.RedisError, OSError):
            self.connected.clear()
            for listener in self.listeners:
                listener.give(END)

    async def _catch_up(self) -> None:
        """Hand out what stands in the audit chain and never came over the line, once."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(ASKING, since, self.position)
        # The database cannot be asked just now: the next stroke asks for all of it
        except Exception:
            return
        self.position, events = found
        missed = [one for one in events if one["id"] not in self.told | self.told_before]
        if len(missed) == MOST_MISSED:  # and perhaps more: every page asks for itself
            for listener in self.listeners:
                listener.give(OPEN)
        for one in missed[: MOST_MISSED - 1]:
            self._hand_out(one)
        self.told_before, self.told = self.told, set()

    async def _listen(self) -> None:
        pubsub = self.line.pubsub()
        try:
            await pubsub.subscribe(page_updates.channel())
            async for message in pubsub.listen():
                if message["type"] == "subscribe":
                    self.connected.set()
                elif message["type"] == "message" and (
                    told := unreadable.read_message(message["data"])
                ):
                    self._hand_out(told)
        except (redis.RedisError, OSError):
            pass  # what follows is the answer: every stream ends, and its page asks by itself
        finally:
            # Else the last page has left, and newer ones have a line of their own
            if self.task is asyncio.current_task():
                self.connected.clear()
                for listener in self.listeners:
                    listener.give(END)
            await asyncio.shield(pubsub.aclose())

    def _hand_out(self, told: dict[str, Any]) -> None:
        self.told.add(told["id"])
        lines = f"id: {told['id']}\nevent: changed\ndata: {json.dumps(told)}\n\n"
        for listener in self.listeners:
            if told["name"] in CHANGES_OF_RIGHTS and told["topic"] == f"person:{listener.person}":
                listener.end()
            elif listener.hears(told):
                listener.give(lines)


def since(position: int | None) -> tuple[int, list[dict[str, Any]]]:
    """How far the audit chain is, and what it says after `position`.

    Without one, what it said during the last stroke of the clock.
    """
    close_old_connections()
    try:
        newest = Link.objects.order_by("-number")
        links = list(
            (newest.filter(number__gt=position) if position is not None else newest)[
                :MOST_MISSED
            ].values_list("number", "event_id", "at")
        )
        newest_number = links[0][0] if links else position or 0
        if position is None:
            began = desk_now() - timedelta(seconds=QUIET_SECONDS)
            links = [one for one in links if one[2] > began]
        events = Event.objects.filter(pk__in=[event for _number, event, _at in links]).order_by(
            "pk"
        )
        return newest_number, [page_updates.message(one) for one in events]
    except Exception:
        connections.close_all()
        raise


def over_by_now(keys: list[str]) -> set[str]:
    """Which of these sessions are over.

    None where the database cannot be asked, for then nobody is let out by mistake.
    """
    close_old_connections()
    try:
        return sessions.over([one for one in keys if one])
    except Exception:  # asked again with the next tick
        return set()


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


def hub() -> Hub:
    """Return the hub of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
