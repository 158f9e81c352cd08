"""Stopping a server that a test itself has started, with all its processes.

It lives, and answers nothing.
"""

import contextlib
import signal
from collections.abc import Iterator

import psutil

from servicedesk.launcher.supervisor import Part


@contextlib.contextmanager
def frozen(part: Part) -> Iterator[None]:
    """SIGSTOP to this part and its children, SIGCONT to the same at the end."""
    process = psutil.Process(part.process.pid)
    process.suspend()  # first, so that it makes no more children
    stopped = [process, *process.children(recursive=True)]
    try:
        for one in stopped[1:]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.suspend()
        yield
    finally:
        for one in reversed(stopped):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGCONT)
