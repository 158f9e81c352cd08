"""Counting for a while how often something came: in the broker, never in the database."""

import redis
from django.conf import settings

from core.broker import page_updates, unreadable


def count(what: str, *, seconds: int) -> int:
    """Count one more of `what`, and return how many there were within so many seconds.

    0 without a broker: then nothing is counted, and nothing waits for it.
    """
    if page_updates.is_silent():
        return 0
    name = f"{settings.LIVE_PREFIX}desk:count:{what}"
    try:
        with page_updates.client().pipeline() as pipe:
            pipe.set(name, 0, ex=seconds, nx=True)
            pipe.incr(name)
            answers = pipe.execute(raise_on_error=False)
    except redis.RedisError as failure:
        page_updates.fall_silent(failure)
        return 0
    return unreadable.whole(answers[-1]) or 0
