"""One line to the broker for all the open pages of this process: each message is read once and handed to every page it concerns.

When the line breaks, every stream ends, so that the pages ask by themselves and come back; a page that takes its messages too slowly is told to ask.
"""

import asyncio
import json
import weakref
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio
from django.conf import settings

from core.live import channel

OPEN = "event: open\ndata: {}\n\n"
QUIET = ": quiet\n\n"
MOST_WAITING, PATIENCE_SECONDS, QUIET_SECONDS = 200, 2.0, 12
END = ""


@dataclass(eq=False)
class Listener:
    """One open page: whose it is, which departments it may hear of, and what waits to be written to it."""

    person: int
    departments: frozenset[int]
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
        """A comment line for every page now and then: one clock for all, so that a page waits for its queue alone."""
        while True:
            await asyncio.sleep(QUIET_SECONDS)
            for listener in self.listeners:
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
            if listener.hears(told):
                listener.give(lines)


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


def hub() -> Hub:
    """The hub of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
