"""A stack of its own for a bench, and Django set up on its database in this process."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

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


@contextmanager
def bare_view() -> Iterator[str]:
    """Serve a bare Django view as the desk is served; gives its address."""
    from tests.stack import free_port, get, wait_until

    port = str(free_port())
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "uvicorn", "bench.bare_view:application"),
            *("--host", "127.0.0.1", "--port", port, "--no-access-log", "--log-level", "warning"),
        ],
        cwd=ROOT,
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_until(lambda: get(url), 60, "the bare view answers")
        yield url
    finally:
        process.terminate()
        process.wait()


def median(values: list[float]) -> float:
    """Return the middle one."""
    return sorted(values)[len(values) // 2]
