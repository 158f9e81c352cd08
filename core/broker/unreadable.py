"""What lay in the broker and could not be read: dropped, logged, counted; so that it ends nothing.

Nothing is lost by it. Messages are wake-ups, marks are courtesies; facts are rows of the database.
"""

import json
import logging
import time
from typing import Any

import redis
from django.conf import settings

from core.broker import page_updates

LONGEST = 64_000  # characters of a message; ours have a few hundred
SHOWN = 80
DIGITS = 18  # of a number that a bigint holds
log = logging.getLogger(__name__)


def key() -> str:
    """Where the count stands, apart for each test process."""
    return f"{settings.LIVE_PREFIX}desk:dropped"


def note(what: str, raw: Any) -> None:
    """Log one unreadable message of this kind with its beginning, and count it. Never raises."""
    log.warning(
        "Dropped, since nobody can read it: %s, beginning with %r",
        what,
        raw[:SHOWN] if isinstance(raw, bytes | str) else type(raw),
    )
    if page_updates.is_silent():
        return
    try:
        with page_updates.client().pipeline() as pipe:
            pipe.hincrby(key(), "n")
            pipe.hset(key(), "at", int(time.time()))
            pipe.execute()
    except redis.RedisError as failure:
        page_updates.fall_silent(failure)


def counted() -> tuple[int, int]:
    """How many were dropped since the broker was set up, and the second of the last one.

    Zeros where the broker cannot be asked.
    """
    if page_updates.is_silent():
        return 0, 0
    try:
        found = page_updates.client().hmget(key(), ["n", "at"])
    except redis.RedisError as failure:
        page_updates.fall_silent(failure)
        return 0, 0
    return whole(found[0]) or 0, whole(found[1]) or 0


def whole(value: Any) -> int | None:
    """Return a number that the broker holds as digits; None for anything else."""
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def read_object(raw: bytes | str) -> dict[str, Any] | None:
    """Return the JSON object that this is.

    None for anything else, too long or too deep included.
    """
    if len(raw) > LONGEST:
        return None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def read_message(raw: Any) -> dict[str, Any] | None:
    """Return the message for open pages that this is, with its own fields alone.

    None, dropped and counted, for anything else.
    """
    found = read_object(raw) if isinstance(raw, bytes | str) else None
    if found is None or not is_message(found):
        note("a message for open pages", raw)
        return None
    return {
        name: found[name]
        for name in ("id", "department", "topic", "name", "person")
        if name in found
    }


def is_message(found: dict[str, Any]) -> bool:
    """Whether each field is of its kind, as `live.message` writes it."""
    return (
        is_number(found.get("id"))
        and (found.get("department", "") is None or is_number(found.get("department")))
        and isinstance(found.get("topic"), str)
        and isinstance(found.get("name"), str)
        and is_number(found.get("person", 0))
    )


def is_number(value: Any) -> bool:
    """Whether this is a whole number, and no truth value."""
    return isinstance(value, int) and not isinstance(value, bool)
