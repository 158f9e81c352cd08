"""Who looks at what just now: short-lived marks in the broker, never in the database.

Without a broker nobody is seen, and nothing waits for it.
"""

import time
from collections.abc import Iterable
from typing import Any

import redis
from django.conf import settings

from core.broker import page_updates, unreadable

DESK = "desk"  # the topic of everybody who has a page of the desk open
SECONDS = 30  # a mark that nobody renews is over after this


def key(topic: str) -> str:
    """Where the marks of one thing stand, by person id, each with the second it is over."""
    return f"{settings.LIVE_PREFIX}desk:presence:{topic}"


def ends_at() -> int:
    """When a mark made now is over, in seconds since 1970.

    The broker's machine and ours need not agree to the second.
    """
    return int(time.time()) + SECONDS


def changed(ticket: int, department: int) -> dict[str, Any]:
    """Return the message that wakes pages which show this ticket.

    It has no number in the audit trail. It has no number in the audit trail.
    """
    return {
        "id": 0,
        "department": department,
        "topic": f"ticket:{ticket}",
        "name": "presence.changed",
    }


def who(topics: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of the people who look at each of these things; empty without a broker."""
    wanted = list(topics)
    if not wanted or page_updates.is_silent():
        return {}
    try:
        with page_updates.client().pipeline(transaction=False) as pipe:
            for topic in wanted:
                pipe.zrangebyscore(key(topic), int(time.time()), "+inf")
            answers = pipe.execute(raise_on_error=False)
    except redis.RedisError as failure:
        page_updates.fall_silent(failure)
        return {}
    return {
        topic: people
        for topic, marks in zip(wanted, answers, strict=True)
        if (people := ids_in(marks))
    }


def ids_in(marks: Any) -> list[int]:
    """Return the ids of people among these marks.

    What is none is passed over, and so is what is no list of marks.
    """
    return (
        sorted(number for one in marks if (number := unreadable.whole(one)) is not None)
        if isinstance(marks, list)
        else []
    )
