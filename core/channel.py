"""Through which door the present request or task acts.

Kept with every event and decision, so that a forged one is found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_through: ContextVar[str] = ContextVar("through", default="")


def through() -> str:
    """`session:<mark>`, `token:<number>`, `command:<name>`, `worker`, or empty in a bare shell."""
    return _through.get()


@contextmanager
def acting_through(door: str) -> Iterator[None]:
    """Everything inside is noted as done through this door."""
    mark = _through.set(door)
    try:
        yield
    finally:
        _through.reset(mark)


def enter(door: str) -> None:
    """From here to the end of the request note everything as done through this door.

    The middleware puts it back.
    """
    _through.set(door)
