"""The line to the broker.

In a hurry, with an end to every wait, and deaf to what is no message of ours.

A message is a task's name. All else of it is made anew here before Celery sees it, so that
nothing that somebody lays into the queue ends a worker: what has no name of ours is dropped,
logged and counted.
"""

import base64
import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from queue import Empty
from typing import Any

import celery
from celery.app.amqp import AMQP
from kombu import Connection
from kombu.transport import redis as kombu_redis
from redis.exceptions import ResponseError

from core.broker import page_updates, unreadable

log = logging.getLogger(__name__)
FIRST = 0.5
LONGEST = 3.0
BODY = base64.b64encode(b"[[], {}, {}]").decode()  # no arguments: tasks find their work in tables


def wake_up(raw: Any, queue: str) -> dict[str, Any] | None:
    """Return the message to hand to Celery for what lay in this queue.

    None where it names no task of ours.
    """
    found = unreadable.read_object(raw) if isinstance(raw, bytes | str) else None
    headers = found.get("headers") if found else None
    name = headers.get("task") if isinstance(headers, dict) else None
    if not isinstance(headers, dict) or not isinstance(name, str) or name not in ours():
        return None
    number, expires = str(uuid.uuid4()), headers.get("expires")
    return {
        "body": BODY,
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {
            "lang": "py",
            "task": name,
            "id": number,
            "root_id": number,
            "expires": expires if is_time(expires) else None,
        },
        "properties": {
            "correlation_id": number,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": queue},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": number,
        },
    }


def ours() -> set[str]:
    """Return the names of the desk's own tasks."""
    return {name for name in celery.current_app.tasks if not name.startswith("celery.")}


def is_time(value: Any) -> bool:
    """Whether this is a time in ISO's form."""
    try:
        return isinstance(value, str) and datetime.fromisoformat(value) is not None
    except ValueError:
        return False


class QoS(kombu_redis.QoS):
    """What was handed out and not yet acknowledged."""

    def ack(self: Any, delivery_tag: str) -> None:
        """As kombu's; where the broker cannot be told, the place is free all the same.

        Else a worker whose broker hung for a moment would wait for places that nobody frees. The
        message comes once more after the time of visibility, and a task that is done twice does no
        harm.
        """
        try:
            self._remove_from_indices(delivery_tag).execute()
        except self.channel.connection_errors as failure:
            log.warning("The broker was not told that a message is done: %s", failure)
        super(kombu_redis.QoS, self).ack(delivery_tag)

    def restore_by_tag(self: Any, tag: Any, client: Any = None, leftmost: bool = False) -> None:
        """As kombu's; a note of it that nobody can read is dropped."""
        try:
            super().restore_by_tag(tag, client, leftmost)
        except self.channel.connection_errors:
            raise
        except Exception:
            unreadable.note("what was handed out and not acknowledged", tag)
            self._remove_from_indices(tag).execute()


class Channel(kombu_redis.Channel):
    """Reads queues, and drops what is no message of ours."""

    QoS = QoS

    def _brpop_read(self: Any, **options: Any) -> bool:
        """Hand the next message to its consumer; raises `Empty` where there was none of ours."""
        try:
            try:
                answer = self.client.parse_response(self.client.connection, "BRPOP", **options)
            except self.connection_errors:
                self.client.connection.disconnect()  # the next round connects anew
                raise
            except ResponseError:  # where the queue should be stands something else
                self._clear_what_is_no_queue()
                raise Empty from None
            if not answer:
                raise Empty
            queue = answer[0].decode(errors="replace").rsplit(self.sep, 1)[0]
            self._queue_cycle.rotate(queue)
            return self._hand_on(answer[1], queue)
        finally:
            self._in_poll = None
            self._flush_brpop_reauth()

    def _hand_on(self: Any, raw: Any, queue: str) -> bool:
        message = wake_up(raw, queue)
        if message is None:
            unreadable.note("a message in the queue", raw)
            raise Empty
        self.connection._deliver(message, queue)
        return True

    def _clear_what_is_no_queue(self: Any) -> None:
        line = page_updates.client()  # kombu's own would not put the prefix before every command
        for queue in self.active_queues:
            for key in {
                self.global_keyprefix + self._q_for_pri(queue, step) for step in self.priority_steps
            }:
                if line.type(key) not in {b"list", b"none"}:
                    unreadable.note("something else in the place of a queue", key)
                    line.delete(key)


class Transport(kombu_redis.Transport):
    """Kombu's, with the channel above."""

    Channel = Channel


class QuickConnection(Connection):
    """Kombu waits 2, 4, … 30 seconds between two tries.

    What is approved may not wait that long once the broker is there again.
    """

    def get_transport_cls(self) -> type[Any]:
        """Return the transport above for Redis.

        Another one only where the address is another one's.
        """
        found: type[Any] = super().get_transport_cls()
        return Transport if found is kombu_redis.Transport else found

    def _ensure_connection(  # type: ignore[override]
        self,
        errback: Callable[[Exception, float], None] | None = None,
        max_retries: int | None = None,
        interval_start: Any = FIRST,
        interval_step: Any = FIRST,
        interval_max: Any = LONGEST,
        **more: Any,
    ) -> Any:
        """As kombu's, with at most `LONGEST` seconds between two tries."""
        return super()._ensure_connection(
            errback,
            max_retries,
            min(interval_start, FIRST),
            min(interval_step, FIRST),
            min(interval_max, LONGEST),
            **more,
        )


class QuickAMQP(AMQP):
    """What Celery makes its connections from."""

    Connection = QuickConnection
