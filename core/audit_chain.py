"""Reading the audit chain.

Where it ends, whether every link holds, and the first one that does not.

Each link's hash is SHA-256 over its predecessor's hash and the canonical text of its event,
both made by the database when the transaction of the event commits. Nothing here writes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from core.models import ChainHead

GENESIS = "0" * 64
LINKS = """
SELECT l.number, l.hash, l.event_id, CASE WHEN e.id IS NULL THEN NULL ELSE core_event_text(e,
  l.number, l.at) END
FROM core_link l LEFT JOIN core_event e ON e.id = l.event_id WHERE l.number > %s ORDER BY l.number
  LIMIT %s
"""
LINKS_OF = """
SELECT link.number, link.hash, link.event_id, core_event_text(event, link.number, link.at),
  COALESCE(former.hash, %s)
FROM core_link link
JOIN core_event event ON event.id = link.event_id
LEFT JOIN core_link former ON former.number = link.number - 1
WHERE link.event_id = ANY (%s) ORDER BY link.number
"""
BATCH = 5000


@dataclass(frozen=True)
class Head:
    """The end of the chain.

    The number of the last link, its hash, and when it was added (None for an empty chain).
    """

    number: int
    hash: str
    at: datetime | None = None


@dataclass(frozen=True)
class Fault:
    """Something in the evidence that does not hold.

    A stable `code`, the link or row concerned, a sentence in English.
    """

    code: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.code} at {self.place}: {self.sentence}"


def head() -> Head:
    """Where the chain ends now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, hash, at FROM core_link ORDER BY number DESC LIMIT 1")
        row = cursor.fetchone()
    return Head(*row) if row else Head(0, GENESIS)


def one_snapshot() -> None:
    """Judge everything by one state of the database.

    Call it first in a transaction that only reads.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def links() -> Iterator[tuple[int, str, int, str | None]]:
    """Every link in order.

    Number, hash, number of its event, canonical text of its event (None if that is gone).
    """
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(LINKS, [after, BATCH])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def links_of(events: list[int]) -> list[dict[str, Any]]:
    """Return the links of these events in their order.

    Number, hash, number of the event, its canonical text, and the hash of the link before.
    """
    with connection.cursor() as cursor:
        cursor.execute(LINKS_OF, [GENESIS, events])
        rows = cursor.fetchall()
    names = ("number", "hash", "event", "text", "before")
    return [dict(zip(names, row, strict=True)) for row in rows]


def linked(previous: str, text: str) -> str:
    """Return the hash that a link must bear, hexadecimal."""
    return hashlib.sha256((previous + text).encode()).hexdigest()


def first_break() -> tuple[Fault | None, Head]:
    """Walk the whole chain.

    Returns the first link that does not hold (None if all do) and the last one that does.
    """
    good = Head(0, GENESIS)
    for number, found, event_id, text in links():
        if number != good.number + 1:
            return Fault(
                "link_missing",
                f"link {good.number + 1}",
                f"after link {good.number} comes link {number}",
            ), good
        if text is None:
            return Fault(
                "event_missing", f"link {number}", f"event {event_id} is no longer there"
            ), good
        if linked(good.hash, text) != found:
            return Fault(
                "hash_wrong", f"link {number}", f"event {event_id} is not what was linked here"
            ), good
        good = Head(number, found)
    noted = ChainHead.objects.filter(pk=1).first()
    if noted and (noted.number, noted.hash) != (good.number, good.hash):
        return Fault(
            "tail_missing", f"link {good.number + 1}", f"the chain once reached link {noted.number}"
        ), good
    return None, good


def events_without_link() -> list[Fault]:
    """Events that came in past the chain."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.name FROM core_event e WHERE NOT EXISTS (SELECT FROM core_link "
            "l WHERE l.event_id = e.id) ORDER BY e.id"
        )
        return [
            Fault("event_unlinked", f"event {number}", f"{name} was never linked")
            for number, name in cursor.fetchall()
        ]


def hash_of_link(number: int) -> str | None:
    """Return the hash that the database has for this link now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM core_link WHERE number = %s", [number])
        row = cursor.fetchone()
    return row[0] if row else None
