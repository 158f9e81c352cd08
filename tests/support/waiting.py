"""Waiting for the thing itself: a lock, a sign, a change; and watching that nothing changes."""

import asyncio
import time
from collections.abc import Callable

ROOM = 60.0  # seconds: however busy the machine is
LOOK_EVERY = 0.05


def until_somebody_waits_for_me(room: float = ROOM) -> None:
    """Return once another session waits for a lock of this connection's open transaction.

    Raises `AssertionError` where nobody does for `room` seconds.
    """
    from django.db import connection

    deadline = time.monotonic() + room
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks "
                "WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(LOOK_EVERY)
    raise AssertionError(f"nobody waited for a lock within {room:g} s")


async def until(look: Callable[[], bool], what: str, room: float = ROOM) -> None:
    """Return once `look` says yes, while what runs beside goes on."""
    deadline = time.monotonic() + room
    while not look():
        assert time.monotonic() < deadline, f"waited {room:g} s for: {what}"
        await asyncio.sleep(LOOK_EVERY)


def pause(seconds: float, _why: str) -> None:
    """Let a moment pass, as a person does between two key presses."""
    time.sleep(seconds)


def stays(look: Callable[[], object], seconds: float, what: str) -> None:
    """Watch for so many seconds that `look` says yes each time; for what must not happen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert look(), f"no longer so: {what}"
        time.sleep(LOOK_EVERY)
