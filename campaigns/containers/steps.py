"""The steps of the campaign, each said with its seconds."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

ROOM = 600.0  # seconds that a wait for something real has


class Steps:
    """What was done, how long it took, and what should not have been."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.violations: list[str] = []
        self.last = ""

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Do one step; a line to standard error says how long it took."""
        self.last, began = name, time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)
        print(f"{self.seconds[name]:7.1f} s  {name}", file=sys.stderr, flush=True)

    def expect(self, is_so: bool, says: str) -> None:
        """Note a violation where it is not so."""
        if not is_so:
            self.violations.append(f"{self.last}: {says}")
            print(f"VIOLATION  {says}", file=sys.stderr, flush=True)


def until(ask: Callable, what: str, within: float = ROOM):
    """Ask until the answer is true, and return it; raises `TimeoutError` with the last failure."""
    ends, last = time.monotonic() + within, None
    while time.monotonic() < ends:
        try:
            if answer := ask():
                return answer
        except Exception as wrong:
            last = wrong
        time.sleep(0.3)
    raise TimeoutError(f"not within {within:g} s: {what} ({last})")
