"""Parts of a running desk: start them, watch them, stop them in order.

None outlives the command, however it ends.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


MOST_RESTARTS = 3
WITHIN_SECONDS = 600.0
BREATH_SECONDS = 1.0


class PartFailed(Exception):
    """A part did not start or dies again and again.

    Its message ends with the last lines of the part's log.
    """

    def __init__(self, part: "Part", restarts: int = 0) -> None:
        self.part = part
        again = (
            (
                f" for the {restarts + 1}th time within {WITHIN_SECONDS / 60:.0f} minutes, so "
                f"the desk stops"
            )
            if restarts
            else ""
        )
        what_now = (
            " Mend what these lines name, then start the desk again; its data is kept."
            if restarts
            else ""
        )
        super().__init__(
            f"{part.name} stopped (exit {part.code()}){again}.{what_now} The end of "
            f"{part.log}:\n{part.tail()}"
        )


class Part:
    """One process of the desk with a log of its own.

    In a session of its own, so that Ctrl-C reaches only the command.
    """

    def __init__(
        self,
        name: str,
        command: list,
        *,
        log: Path,
        env: dict | None = None,
        stop_signal: str = "SIGTERM",
        identity: dict | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.name, self.command, self.log = name, [str(word) for word in command], log
        self.env, self.identity, self.cwd = env, identity or {}, cwd
        self.stop_signal = getattr(signal, stop_signal)
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the process; the kernel sends it the stop signal should this command die."""
        parent, farewell = os.getpid(), self.stop_signal

        def before_exec() -> None:
            LIBC.prctl(PR_SET_PDEATHSIG, farewell)
            if os.getppid() != parent:
                os._exit(1)

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=self.env,
                cwd=self.cwd or "/",
                preexec_fn=before_exec,
                **self.identity,
            )

    def running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def code(self) -> int | None:
        """Its exit status, None while it lives."""
        return self.process.poll() if self.process else None

    def stop(self, within: float = 10) -> None:
        """Ask the process to end, and end it by force after `within` seconds."""
        if not self.process or not self.running():
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)

    def tail(self, lines: int = 15) -> str:
        """Return the last lines of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""


class Supervisor:
    """The parts in the order of their start; stops them in the opposite order."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.restarts: dict[str, list[float]] = defaultdict(list)

    def add(self, part: Part) -> Part:
        """Take a started part under watch."""
        self.parts.append(part)
        return part

    def watch(self, pause: float = 0.3, say: Callable[[str], None] = print) -> None:
        """Return never.

        Starts a part that has ended again, and raises `PartFailed` if it ended too often.
        """
        while True:
            for part in self.parts:
                if not part.running():
                    self.start_again(part, say)
            time.sleep(pause)

    def start_again(self, part: Part, say: Callable[[str], None]) -> None:
        """Start this part once more.

        `PartFailed` where that was done three times within ten minutes.
        """
        now = time.monotonic()
        lately = [at for at in self.restarts[part.name] if at > now - WITHIN_SECONDS]
        if len(lately) >= MOST_RESTARTS:
            raise PartFailed(part, len(lately))
        self.restarts[part.name] = [*lately, now]
        say(
            f"{part.name} stopped (exit {part.code()}) and is started again "
            f"({len(lately) + 1} of {MOST_RESTARTS}). Its log: {part.log}"
        )
        time.sleep(BREATH_SECONDS)
        part.start()

    def stop(self) -> None:
        """Stop every part, the latest first."""
        for part in reversed(self.parts):
            part.stop()


def alive(pid: int) -> bool:
    """Whether a process of this number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
