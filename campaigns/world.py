"""Start the world of a campaign.

Servers that can be restarted, the desk's processes, a simulated X, all times scaled by one factor.

Nothing here judges. A campaign's own module says what is done and what must hold.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
from psycopg2.extensions import make_dsn, parse_dsn

from servicedesk.launcher import postgres, valkey
from servicedesk.launcher.running import ROOT
from servicedesk.launcher.supervisor import Part
from tests.stack import Simulator, Stack, free_port, get, wait_until

REAL = {
    "DESK_SEND_DELAY_SECONDS": 5,
    "DESK_SETTLE_SECONDS": 120,
    "DESK_SECOND_READING_SECONDS": 60,
    "DESK_LEASE_SECONDS": 90,
    "X_TIMEOUT_SECONDS": 30,
    "DESK_BACKOFF_SECONDS": 5,
}
LAG = 40.0


class Violation(Exception):
    """Something that must never be has been seen."""


class World(Stack):
    """Servers, database, simulator and processes of one campaign.

    `scale` shortens every time alike; `settle` the settle time alone.
    """

    def __init__(
        self,
        *,
        seed: int,
        scale: float = 1.0,
        settle: float = 1.0,
        places: dict | None = None,
        **environment: str,
    ) -> None:
        times = {
            name: str(
                round(
                    value * scale * (settle if "SETTLE" in name or "SECOND_READING" in name else 1),
                    4,
                )
            )
            for name, value in REAL.items()
        }
        times["DESK_LEASE_SECONDS"] = str(max(1.0, float(times["DESK_LEASE_SECONDS"])))
        times["X_TIMEOUT_SECONDS"] = str(max(0.5, float(times["X_TIMEOUT_SECONDS"])))
        super().__init__(
            **{
                "DESK_TICK_SECONDS": "0.3",
                "DESK_API_READS_PER_MINUTE": "0",
                "DESK_API_WRITES_PER_MINUTE": "0",
                "DESK_API_DECISIONS_PER_MINUTE": "0",
                "DESK_POLL_SECONDS": "3600",
                "PARAPH_PLACES": json.dumps(places or {}),
                **times,
                **environment,
            }
        )
        self.chance, self.seed, self.scale, self.times = random.Random(seed), seed, scale, times
        self.kills: Counter = Counter()
        self.lag = LAG * scale
        self.stopping = threading.Event()
        self.starting = threading.Lock()
        self.failures: list[str] = []
        self.background: list[threading.Event] = []
        self.ended = threading.Event()

    def make_database(self):
        """Make the database, and note how the owner and the application reach it."""
        owner, app = (
            parse_dsn(os.environ[name]) for name in ("DATABASE_OWNER_URL", "DATABASE_URL")
        )
        self.owner_dsn, self.app_dsn = (
            make_dsn(**{**owner, "dbname": self.name}),
            make_dsn(**{**app, "dbname": self.name}),
        )
        line = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
        line.autocommit = True
        line.cursor().execute(f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8'")
        line.close()

    def __enter__(self) -> "World":
        """Start servers, make the database, point Django in this process at it."""
        self.directory.chmod(0o755)
        self.sockets = Path(tempfile.mkdtemp(prefix="paraph-", dir="/tmp"))
        self.cluster = postgres.Postgres(self.directory / "postgres", self.sockets, for_tests=True)
        self.database = self.cluster.start(self.directory / "postgres.log")
        self.broker = valkey.start(self.sockets, self.directory / "valkey.log")
        os.environ |= {
            "DATABASE_URL": self.cluster.url("desk_app"),
            "DATABASE_OWNER_URL": self.cluster.url("desk_owner"),
            "REDIS_URL": f"unix://{self.sockets}/valkey.sock",
        }
        self.make_database()
        self.x = Simulator()
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.app_dsn,
            "X_API_URL": self.x.url,
            "X_IS_SIMULATED": "1",
            "DESK_DEMO": "1",
            "DESK_URL": self.url,
            "DESK_LIVE_PREFIX": f"{self.name}:",
            "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
            "DESK_STATE": str(self.directory),
            "PYTHONUNBUFFERED": "1",
            **self.extra,
        }
        self.environment.pop("DATABASE_OWNER_URL", None)
        self.manage("migrate", "--verbosity", "0", DATABASE_OWNER_URL=self.owner_dsn)
        os.environ.update(self.environment)
        import django

        django.setup()
        from servicedesk.operations.database_kind import set_mark

        set_mark("scratch")
        return self

    def __exit__(self, *wrong: object) -> None:
        """End everything that was started."""
        self.stopping.set()
        self.ended.set()
        from django.db import connections

        connections.close_all()
        for name in reversed(self.parts):
            self.parts[name].stop(3)
        self.x.stop()
        self.broker.stop()
        self.database.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def start_workers(self, workers: int, children: int):
        """Start so many workers with forked children."""
        for number in range(workers):
            self.run(
                f"worker{number}",
                [
                    sys.executable,
                    "-m",
                    "celery",
                    "-A",
                    "campaigns.places",
                    "--quiet",
                    "worker",
                    "--pool",
                    "prefork",
                    "--concurrency",
                    children,
                    "--without-mingle",
                    "--without-gossip",
                    "-n",
                    f"w{number}@here",
                ],
            )

    def start_web(self, web):
        """Start web, and wait until it answers."""
        if web:
            self.run(
                "web",
                [
                    sys.executable,
                    "-m",
                    "uvicorn",
                    "servicedesk.asgi:application",
                    "--no-proxy-headers",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    self.port,
                    "--no-access-log",
                    "--timeout-graceful-shutdown",
                    "1",
                ],
            )

    def start_parts(self, workers: int = 2, children: int = 2, *, web: bool = False) -> None:
        """Workers with forked children, beat, and if wanted web."""
        self.start_workers(workers, children)
        self.run(
            "beat",
            [
                sys.executable,
                "-m",
                "celery",
                "-A",
                "servicedesk",
                "--quiet",
                "beat",
                "-s",
                self.directory / "beat.db",
                "--pidfile",
                "",
            ],
        )
        self.start_web(web)

    def kill_child(self) -> bool:
        """`kill -9` of one child of a worker, drawn by chance."""
        part = self.parts[
            self.chance.choice([name for name in self.parts if name.startswith("worker")])
        ]
        try:
            children = psutil.Process(part.process.pid).children()
        except psutil.NoSuchProcess:
            return False
        if not children:
            return False
        victim = self.chance.choice(children)
        try:
            victim.kill()
        except psutil.NoSuchProcess:
            return False
        self.kills["child"] += 1
        return True

    def kill_whole(self) -> None:
        """`kill -9` of a whole process with its children, drawn by chance.

        It is started again at once.
        """
        name = self.chance.choice(list(self.parts))
        part = self.parts[name]
        with self.starting:  # or `revive` would start it too, and one of the two would be nobody's
            try:
                os.killpg(part.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            part.process.wait(10)
            self.kills["whole"] += 1
            part.start()

    def revive(self) -> None:
        """What ended by itself is started again, as a supervisor does in production."""
        with self.starting:
            for part in list(self.parts.values()):
                if not part.running() and not self.stopping.is_set():
                    part.start()

    def restart_database(self, how: str = "SIGINT") -> None:
        """Stop PostgreSQL and start it again on the same data.

        SIGINT is fast, SIGQUIT as if it crashed.
        """
        self.database.process.send_signal(getattr(signal, how))
        self.database.process.wait(30)
        self.kills["database"] += 1
        self.database = self.cluster.start(self.directory / "postgres.log")

    def restart_broker(self, gone: float = 0) -> None:
        """Kill Valkey, leave it gone for so many seconds, and start an empty one."""
        self.broker.process.kill()
        self.broker.process.wait(10)
        self.kills["valkey"] += 1
        self.stopping.wait(gone)
        (self.sockets / "valkey.sock").unlink(missing_ok=True)
        self.broker = valkey.start(self.sockets, self.directory / "valkey.log")

    def in_background(self, work, *arguments) -> None:
        """Run something beside the campaign; its failure is kept in `failures`."""
        done = threading.Event()

        def guarded() -> None:
            try:
                work(*arguments)
            except Exception as wrong:
                self.failures.append(f"{work.__name__}: {type(wrong).__name__}: {wrong}")
            done.set()
            # what this thread has started would be sent its stop signal if the thread ended
            self.ended.wait()

        threading.Thread(target=guarded, daemon=True).start()
        self.background.append(done)

    def calm(self) -> None:
        """No more killing: wait for what runs in the background, and connect anew."""
        self.stopping.set()
        for done in self.background:
            done.wait(60)
        for failure in self.failures:
            print("trouble of the campaign itself:", failure, file=sys.stderr, flush=True)
        if not self.database.running():
            self.database = self.cluster.start(self.directory / "postgres.log")
        from django.db import connections

        connections.close_all()

    def places_hit(self) -> dict[str, dict[str, int]]:
        """How often each place was cut, by kind."""
        found: dict[str, Counter] = {}
        log = self.directory / "places.jsonl"
        for line in log.read_text().splitlines() if log.exists() else []:
            row = json.loads(line)
            found.setdefault(row["place"], Counter())[row["kind"]] += 1
        return {place: dict(counts) for place, counts in sorted(found.items())}


def patiently(step, world: World, within: float = 120):
    """Do a step again while database or broker are away. The step must be safe to repeat."""
    from django.db import DatabaseError, InterfaceError, OperationalError, connection

    deadline = time.monotonic() + within
    while True:
        try:
            return step()
        except (OperationalError, InterfaceError, DatabaseError) as away:
            code = getattr(away.__cause__, "pgcode", None)
            gone = isinstance(away, OperationalError | InterfaceError) or code is None
            connection.close()
            if code == "DK403" or not gone or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@contextmanager
def timed(figures: dict, name: str):
    """Note how long it took, in seconds."""
    began = time.monotonic()
    yield
    figures[name] = round(time.monotonic() - began, 1)


__all__ = [
    "LAG",
    "REAL",
    "ROOT",
    "Part",
    "Violation",
    "World",
    "free_port",
    "get",
    "patiently",
    "timed",
    "wait_until",
]
