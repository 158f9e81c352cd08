"""The connection to the broker, in a hurry: a worker that lost it is back within seconds of its return."""

from collections.abc import Callable
from typing import Any

from celery.app.amqp import AMQP
from kombu import Connection

FIRST, LONGEST = 0.5, 3.0


class QuickConnection(Connection):
    """Kombu waits 2, 4, … 30 seconds between two tries; what is approved may not wait that long once the broker is there again."""

    def _ensure_connection(self, errback: Callable[[Exception, float], None] | None = None, max_retries: int | None = None,  # type: ignore[override]
                           interval_start: Any = FIRST, interval_step: Any = FIRST, interval_max: Any = LONGEST, **more: Any) -> Any:
        """As kombu's, with at most `LONGEST` seconds between two tries."""
        return super()._ensure_connection(errback, max_retries, min(interval_start, FIRST), min(interval_step, FIRST), min(interval_max, LONGEST), **more)


class QuickAMQP(AMQP):
    """What Celery makes its connections from."""

    Connection = QuickConnection
