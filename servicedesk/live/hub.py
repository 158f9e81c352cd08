"""One line to the broker for all the open pages of this process: each message is read once and handed to every page it concerns.

When the line breaks, every stream ends, so that the pages ask by themselves and come back; a page that takes its messages too slowly is told to ask.
When somebody's sessions or roles change, their streams end at once: pages that may still be here come back with the rights of now.
"""

import asyncio
import json
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio
from django.conf import settings
from django.db import close_old_connections

from core.live import channel
from people import sessions

OPEN = "retry: 3000\nevent: open\ndata: {}\n\n"
AGAIN = "retry: 50\n\n"
QUIET = ": quiet\n\n"
MOST_WAITING, PATIENCE_SECONDS, QUIET_SECONDS = 200, 2.0, 12
END = ""
# After these the streams of the person concerned end, and those that may come back.
CHANGES_OF_RIGHTS = frozenset({"session.ended", "sessions.ended", "person.signed_out", "person.deactivated", "membership.opened", "membership.closed"})
ASKING = ThreadPoolExecutor(1, thread_name_prefix="sessions")


@dataclass(eq=False)
class Listener:
    """One open page: whose it is, which departments it may hear of, and what waits to be written to it."""

    person: int
    departments: frozenset[int]
    session: str = ""
    waiting: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def hears(self, told: dict[str, Any]) -> bool:
        """Whether this message is for this page."""
        return told.get("person", self.person) == self.person and (told["department"] is None or told["department"] in self.departments)

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
        self.client = redis.asyncio.Redis.from_url(settings.REDIS_URL)
        self.connected = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.ticking: asyncio.Task[None] | None = None

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
        """A comment line for every page now and then: one clock for all, so that a page waits for its queue alone. Streams of sessions that ended
        while the broker told nobody end here."""
        while True:
            await asyncio.sleep(QUIET_SECONDS)
            over = await asyncio.get_running_loop().run_in_executor(ASKING, over_by_now, [one.session for one in self.listeners])
            for listener in self.listeners:
                if listener.session in over:
                    listener.end()
                else:
                    listener.give(QUIET)

    async def _listen(self) -> None:
        pubsub = self.client.pubsub()
        try:
            await pubsub.subscribe(channel())
            async for message in pubsub.listen():
                if message["type"] == "subscribe":
                    self.connected.set()
                elif message["type"] == "message":
                    self._hand_out(message["data"])
        except (redis.RedisError, OSError):
            pass  # what follows is the answer: every stream ends, and its page asks by itself
        finally:
            if self.task is asyncio.current_task():  # else the last page has left, and newer ones have a line of their own
                self.connected.clear()
                for listener in self.listeners:
                    listener.give(END)
            await asyncio.shield(pubsub.aclose())  # type: ignore[no-untyped-call]

    def _hand_out(self, data: bytes) -> None:
        told = json.loads(data)
        lines = f"id: {told['id']}\nevent: changed\ndata: {json.dumps(told)}\n\n"
        for listener in self.listeners:
            if told["name"] in CHANGES_OF_RIGHTS and told["topic"] == f"person:{listener.person}":
                listener.end()
            elif listener.hears(told):
                listener.give(lines)


def over_by_now(keys: list[str]) -> set[str]:
    """Which of these sessions are over; none where the database cannot be asked, for then nobody is let out by mistake."""
    close_old_connections()
    try:
        return sessions.over([one for one in keys if one])
    except Exception:  # asked again with the next tick
        return set()


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


def hub() -> Hub:
    """The hub of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
