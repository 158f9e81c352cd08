"""Waking open pages: ids over the broker's publish/subscribe.

The truth is the event table; without a broker pages ask.
"""

import json
import logging
import time
from typing import Any

import redis
from django.conf import settings
from django.db.models import Max
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.models import Link

CHANNEL = "desk:events"
log = logging.getLogger(__name__)
_silent_until = 0.0
_client: redis.Redis | None = None


def channel() -> str:
    """Return the channel's name, apart for each test process."""
    return settings.LIVE_PREFIX + CHANNEL


def client() -> redis.Redis:
    """One connection pool per process."""
    global _client
    if _client is None:
        _client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=settings.BROKER_READ_SECONDS,
            socket_connect_timeout=settings.BROKER_CONNECT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
    return _client


def position() -> int:
    """How far the audit trail has come.

    All that a page reads afterwards has everything up to there in it.
    """
    return Link.objects.aggregate(n=Max("number"))["n"] or 0


def message(event: Any) -> dict[str, Any]:
    """Return what open pages hear of an event."""
    return {
        "id": event.pk,
        "department": event.department_id,
        "topic": f"{event.topic_kind.rpartition('.')[2]}:{event.topic_id}",
        "name": event.name,
    }


def is_silent() -> bool:
    """Whether a failure was so lately that nobody asks the broker now."""
    return time.monotonic() < _silent_until


def fall_silent(failure: Exception) -> None:
    """Ask the broker nothing for 30 s."""
    global _silent_until
    _silent_until = time.monotonic() + 30
    log.warning("The broker is asked nothing for 30 s: %s", failure)


def publish(message: dict[str, Any]) -> None:
    """Wake whoever listens.

    Never raises; after a failure it is silent for 30 s, since pages then ask by themselves.
    """
    if is_silent():
        return
    try:
        client().publish(channel(), json.dumps(message))
    except redis.RedisError as failure:
        fall_silent(failure)
