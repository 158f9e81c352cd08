"""Asking a command to stop.

Ctrl-C, SIGTERM and SIGHUP all end in the same orderly way, and asking twice does no harm.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from servicedesk.launcher.supervisor import LIBC, PR_SET_PDEATHSIG

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOPPED = 130  # what a shell says of a command that Ctrl-C ended
STOPPED_WORDS = "Stopped."
STILL = "Still stopping; one moment, please."

_asked = False
_said = False


def command(main: Callable[[], int | None]) -> int:
    """Run the whole of a command; its exit status.

    Asked to stop, it closes what it has opened and says one line, whatever breaks meanwhile.
    """
    raise_once()
    try:
        return main() or 0
    except (KeyboardInterrupt, Exception):
        if not _asked:
            raise
        print(STOPPED_WORDS, flush=True)
        return STOPPED
    finally:
        if _asked:
            # Python takes its handlers away as it ends; a late key press would kill it
            handle(signal.SIG_IGN)


def raise_once() -> None:
    """From now on the first request to stop raises `KeyboardInterrupt`.

    One that follows prints one line and changes nothing.

    The handlers change inside the first one, so no moment is left in which a second request could
    cut the cleaning up.
    """

    def first(number: int, frame: FrameType | None) -> None:
        global _asked
        _asked = True
        handle(still_stopping)
        raise KeyboardInterrupt

    handle(first)


def still_stopping(number: int, frame: FrameType | None) -> None:
    """Say so, once; written past Python's buffers, which may be just in use.

    The flag is set before anything is called: Python answers the next request inside any call, that
    of `signal.signal` too.
    """
    global _said
    if _said:
        return
    _said = True
    handle(signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.write(1, f"{STILL}\n".encode())


def handle(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    """Let this answer every request to stop."""
    for one in answered():
        signal.signal(one, handler)


def answered() -> list[signal.Signals]:
    """Return the signals that mean stop; a terminal that closes does not where `nohup` says so."""
    return [
        one
        for one in SIGNALS
        if one != signal.SIGHUP or signal.getsignal(one) is not signal.SIG_IGN
    ]


def follow(
    command: Sequence[object],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> tuple[int, bool]:
    """Run a command at this terminal; its exit status, and whether it was asked to stop meanwhile.

    A request to stop is handed on, and the command has all the time it needs to clean up. Should
    this process be killed, the command is asked to stop.
    """
    asked = False
    parent = os.getpid()
    process: subprocess.Popen | None = None

    def hand_on(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)

    def before_exec() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    former = {one: signal.signal(one, hand_on) for one in answered()}
    try:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env=env,
            preexec_fn=before_exec,
            stdout=subprocess.DEVNULL if quiet else None,
        )
        code = process.wait()
        return code if code >= 0 else 128 - code, asked
    finally:
        for one, handler in former.items():
            signal.signal(one, handler)
