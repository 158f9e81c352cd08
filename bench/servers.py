"""A stack of its own for a bench, and Django set up on its database in this process."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from servicedesk.launcher import postgres, valkey
from servicedesk.launcher.running import ROOT
from servicedesk.launcher.supervisor import Supervisor


@contextmanager
def stack(**environment: str) -> Iterator:
    """Servers, the whole stack, and Django in this process pointed at the stack's database."""
    directory = Path(tempfile.mkdtemp(prefix="paraph-bench-", dir="/tmp"))
    directory.chmod(0o755)
    sockets = Path(tempfile.mkdtemp(prefix="paraph-", dir="/tmp"))
    running = Supervisor()
    with ExitStack() as ending:
        for folder in (directory, sockets):
            ending.callback(shutil.rmtree, folder, ignore_errors=True)
        ending.callback(running.stop)
        server = postgres.Postgres(directory / "postgres", sockets, for_tests=True)
        running.add(server.start(directory / "postgres.log"))
        running.add(valkey.start(sockets, directory / "valkey.log"))
        os.environ |= {
            "DATABASE_URL": server.url("desk_app"),
            "DATABASE_OWNER_URL": server.url("desk_owner"),
            "REDIS_URL": f"unix://{sockets}/valkey.sock",
        }
        from tests.stack import Stack

        one = Stack(**environment)
        ending.callback(one.stop)
        one.start()
        os.environ |= {
            "DATABASE_URL": one.app_dsn,
            "X_API_URL": one.x.url,
            "X_IS_SIMULATED": "1",
            "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
            "DESK_LIVE_PREFIX": one.environment["DESK_LIVE_PREFIX"],
            "DESK_STATE": str(one.directory),
        }
        import django

        django.setup()
        yield one


QUIET = {"DESK_POLL_SECONDS": "600", "DESK_TICK_SECONDS": "60"}
shared_stacks: list[Any] = []  # the one that several benches share, if they do


@contextmanager
def quiet_stack() -> Iterator:
    """Give a stack that does nothing by itself: the shared one within `sharing`, else its own."""
    if shared_stacks:
        yield shared_stacks[0]
        return
    with stack(**QUIET) as one:
        yield one


@contextmanager
def sharing() -> Iterator[None]:
    """Let all benches of this process have one quiet stack: small runs, which show that they run.

    What one seeds, the next one finds.
    """
    with stack(**QUIET) as one:
        shared_stacks.append(one)
        try:
            yield
        finally:
            shared_stacks.clear()


@contextmanager
def bare_view() -> Iterator[str]:
    """Serve a bare Django view as the desk is served; gives its address."""
    with served("bench.bare_view:application") as (_process, url):
        yield f"{url}/"


@contextmanager
def served(
    application: str, *, python: object = sys.executable, look_at: str = "/", **environment: str
) -> Iterator[tuple[subprocess.Popen, str]]:
    """Serve an ASGI application as the desk is served; gives the process and its address.

    It is there once `look_at` answers 200.
    """
    from tests.stack import free_port, get, wait_until

    port = str(free_port())
    process = subprocess.Popen(
        [
            *(str(python), "-m", "uvicorn", application, "--no-proxy-headers"),
            *("--host", "127.0.0.1", "--port", port, "--no-access-log", "--log-level", "warning"),
        ],
        cwd=ROOT,
        env=os.environ | environment,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: get(f"{url}{look_at}"), 60, f"{application} answers")
        yield process, url
    finally:
        process.terminate()
        process.wait()


def memory_kb(pid: int) -> int:
    """Return the proportional share of memory of a process (PSS), in kB."""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))


def median(values: list[float]) -> float:
    """Return the middle one."""
    return sorted(values)[len(values) // 2]
