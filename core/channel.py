"""Through which channel the present request or task acts.

Kept with every event and decision, so that a forged one is found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_channel: ContextVar[str] = ContextVar("channel", default="")


def current_channel() -> str:
    """`session:<mark>`, `token:<number>`, `command:<name>`, `worker`, or empty in a bare shell."""
    return _channel.get()


@contextmanager
def acting_through(channel: str) -> Iterator[None]:
    """Everything inside is noted as done through this channel."""
    mark = _channel.set(channel)
    try:
        yield
    finally:
        _channel.reset(mark)


def enter(channel: str) -> None:
    """From here to the end of the request note everything as done through this channel.

    The middleware puts it back.
    """
    _channel.set(channel)
