"""PostgreSQL with an end to every wait.

Also where the server is frozen and nothing comes over the line any more.

The server's own limits (`statement_timeout` and the like) help only while it lives. So the
client counts too: psycopg2 asks `wait` how to wait for an answer. After an answer that never
came, nobody connects for a moment, so that one frozen database costs one wait and not one for
each question.
"""

import select
import time
from typing import Any

import psycopg2
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg2 import extensions

CONNECT_SECONDS = 3.0
REST_SECONDS = 3.0
WORK_SECONDS = 60.0  # of workers and commands; pages have `DESK_PAGE_SECONDS`
IDLE_SECONDS = 60  # how long a transaction may be open and silent before the server ends it
LINE = {
    "connect_timeout": int(CONNECT_SECONDS),
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_pages = False
_rests_until = 0.0


class Hangs(psycopg2.OperationalError):
    """The database did not answer in time; the connection is closed."""


def serve_pages() -> None:
    """From now on this process waits as short as somebody in front of a page does."""
    global _pages
    _pages = True


def patience() -> float:
    """How many seconds this process waits for one answer."""
    return float(settings.PAGE_SECONDS) if _pages else WORK_SECONDS


def limits() -> str:
    """Return the server's own limits.

    Each a little below the client's, so that its answer comes first.
    """
    ours = patience()
    return (
        f"-c statement_timeout={int(ours * 900)} -c lock_timeout={int(ours * 800)} "
        f"-c idle_in_transaction_session_timeout={IDLE_SECONDS * 1000}"
    )


class Line(extensions.connection):
    """One connection, and how long it waits: to be connected at first, then for each answer.

    `prepared` has the names of the statements that it has planned.
    """

    patience: float | None = CONNECT_SECONDS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.prepared: set[str] = set()


def wait(line: Any) -> None:
    """Wait until the connection is ready; raises `Hangs` once its patience is over."""
    seconds = getattr(line, "patience", None)
    ends = None if seconds is None else time.monotonic() + seconds
    while (state := line.poll()) != extensions.POLL_OK:
        left = None if ends is None else ends - time.monotonic()
        if left is not None and left <= 0:
            rest()
            raise Hangs(f"The database did not answer within {seconds:g} seconds.")
        poller = select.poll()
        poller.register(
            line.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        )
        poller.poll(None if left is None else left * 1000)
    if seconds is not None:
        go_on()


def rest() -> None:
    """Connect nobody for a moment."""
    global _rests_until
    _rests_until = time.monotonic() + REST_SECONDS


def go_on() -> None:
    """Note that the database answers again: everybody may connect, whoever heard it."""
    global _rests_until
    _rests_until = 0.0


extensions.set_wait_callback(wait)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, made and used with patience."""

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's, with the limits; what the address itself says goes before them.

        The owner migrates without limits. Behind a pooler the pooler sets them: what is said when
        a connection is made would hold for whoever gets it next.
        """
        params: dict[str, Any] = {**LINE, **super().get_connection_params()}
        if not settings.AS_OWNER and not settings.POOLED:
            params["options"] = f"{limits()} {params.get('options', '')}".strip()
        return {**params, "connection_factory": Line}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; refused at once for a moment after the database hung."""
        if time.monotonic() < _rests_until:
            raise Hangs("The database did not answer a moment ago.")
        line = super().get_new_connection(conn_params)
        line.patience = None if settings.AS_OWNER else patience()
        return line
