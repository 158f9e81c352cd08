"""Up to when each sign-in has read which thing: marks in the broker that are over after two weeks.

Without a broker nothing is known, and nothing waits for it.
"""

import time
from collections.abc import Iterable

import redis
from django.conf import settings

from core.broker import page_updates, unreadable

SECONDS = 14 * 86400


def key(user: int) -> str:
    """Where the marks of one sign-in stand: seconds since 1970 by topic."""
    return f"{settings.LIVE_PREFIX}desk:read:{user}"


def read(user: int, topic: str) -> None:
    """Note that this sign-in has the thing before it now."""
    if page_updates.is_silent():
        return
    try:
        with page_updates.client().pipeline(transaction=False) as pipe:
            pipe.hset(key(user), topic, int(time.time()))
            pipe.expire(key(user), SECONDS)
            pipe.execute()
    except redis.RedisError as failure:
        page_updates.fall_silent(failure)


def up_to(user: int, topics: Iterable[str]) -> dict[str, int]:
    """Return the second of the last look at each of these things, for those that were looked at."""
    wanted = list(topics)
    if not wanted or page_updates.is_silent():
        return {}
    try:
        found = page_updates.client().hmget(key(user), wanted)
    except redis.RedisError as failure:
        page_updates.fall_silent(failure)
        return {}
    return {
        topic: second
        for topic, at in zip(wanted, found, strict=True)
        if (second := unreadable.whole(at))
    }
