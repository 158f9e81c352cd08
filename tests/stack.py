"""The desk's real parts as processes, for journeys, campaigns and benches.

A database of its own, simulated X, web, worker, beat.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2
from psycopg2.extensions import make_dsn, parse_dsn

from servicedesk.launcher.running import ROOT
from servicedesk.launcher.supervisor import Part

QUICK = {
    "DESK_POLL_SECONDS": "1",
    "DESK_API_READS_PER_MINUTE": "0",
    "DESK_API_WRITES_PER_MINUTE": "0",
    "DESK_API_DECISIONS_PER_MINUTE": "0",
    "DESK_TICK_SECONDS": "0.8",
    "DESK_SEND_DELAY_SECONDS": "1",
    "DESK_SETTLE_SECONDS": "3",
    "DESK_SECOND_READING_SECONDS": "2",
    "DESK_LEASE_SECONDS": "5",
    "X_TIMEOUT_SECONDS": "3",
}

# seconds that every wait for something real has at least: a wait that succeeds costs nothing
ROOM = 60.0


def find_chromium() -> str | None:
    """A Chromium on this machine, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next(
        (
            found
            for name in ("chromium", "chromium-browser", "google-chrome")
            if (found := shutil.which(name))
        ),
        None,
    )


def free_port() -> int:
    """A port nobody uses.

    Below those that outgoing connections are given, which would take it before it is bound.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Simulator:
    """A simulated X as a process."""

    def __init__(self, world: bool = False, desk_url: str = "") -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.directory = Path(tempfile.mkdtemp(prefix="paraph-x-", dir="/tmp"))
        command = [
            sys.executable,
            "-m",
            "xapi.simulator",
            "--port",
            self.port,
            "--history",
            self.directory / "history.jsonl",
            "--desk-url",
            desk_url,
        ]
        if world:
            command += ["--world", ROOT / "servicedesk" / "demo" / "demo_world.json"]
        self.part = Part("simulator", command, log=self.directory / "log", cwd=ROOT)
        self.start()

    def start(self) -> None:
        """Start and wait for an answer."""
        self.part.start()
        wait_until(lambda: self.control("clock", method="GET"), 30, "the simulator answers")

    def stop(self) -> None:
        """End it and forget its history."""
        self.part.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def control(self, noun: str, *, method: str = "POST", **body):
        """One order to its control interface; the answer's JSON (a list for JSON lines)."""
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(f"{self.url}/_control/{noun}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
            if "jsonl" in answer.headers["content-type"]:
                return [json.loads(line) for line in text.splitlines() if line]
            return json.loads(text)

    def says(self, username: str, text: str, **fields) -> dict:
        """Somebody posts."""
        self.control("users", username=username, name=fields.pop("name", username.title()))
        return self.control("posts", username=username, text=text, **fields)

    def history(self) -> list[dict]:
        """Everything that ever happened."""
        return self.control("history", method="GET")

    def posted_by_desk(self, account: int = 901) -> list[dict]:
        """Our replies, as the witness saw them."""
        return [
            line["post"]
            for line in self.history()
            if line["what"] == "post.created" and line["post"]["author"] == account
        ]


class Stack:
    """Everything behind two addresses.

    Times are short, all by the same settings a real desk has.
    """

    def __init__(self, *, demo: bool = True, **environment: str) -> None:
        self.demo = demo
        self.directory = Path(tempfile.mkdtemp(prefix="paraph-stack-", dir="/tmp"))
        self.name = f"stack_{secrets.token_hex(4)}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.extra = environment
        self.parts: dict[str, Part] = {}

    def make_database(self):
        """Make the database, and note how the owner and the application reach it."""
        owner = os.environ["DATABASE_OWNER_URL"]
        self.owner_dsn = make_dsn(**{**parse_dsn(owner), "dbname": self.name})
        self.app_dsn = make_dsn(**{**parse_dsn(os.environ["DATABASE_URL"]), "dbname": self.name})
        line = psycopg2.connect(owner)
        line.autocommit = True
        line.cursor().execute(f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8'")
        line.close()

    def start_parts(self):
        """Start web, worker and beat, and wait until each has proved itself."""
        self.run(
            "web",
            [
                sys.executable,
                "-m",
                "uvicorn",
                "servicedesk.asgi:application",
                "--no-server-header",
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
        self.start_worker()
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
        wait_until(
            lambda: get(f"{self.url}/readyz?all"), 90, "every part has proved itself", self.logs
        )

    def start(self) -> None:
        """Make the database, start every part, wait until each has proved itself."""
        self.make_database()
        self.x = Simulator(world=True, desk_url=self.url)
        # A reading every second for longer than five minutes is more than X allows
        self.x.control("limits", on=False)
        self.environment = {
            **os.environ,
            **QUICK,
            "DATABASE_URL": self.app_dsn,
            "X_API_URL": self.x.url,
            "X_IS_SIMULATED": "1",
            "DESK_DEMO": "1" if self.demo else "0",
            "DESK_URL": self.url,
            "DESK_LIVE_PREFIX": f"{self.name}:",
            "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
            "DESK_STATE": str(self.directory),
            "PYTHONUNBUFFERED": "1",
            **self.extra,
        }
        self.environment.pop("DATABASE_OWNER_URL", None)
        self.manage("migrate", "--verbosity", "0", DATABASE_OWNER_URL=self.owner_dsn)
        if self.demo:
            self.manage("seed_demo")
        self.start_parts()
        self.people = (
            {one["username"]: one for one in json.loads(self.manage("demo_people"))}
            if self.demo
            else {}
        )

    def start_worker(self) -> None:
        """A worker with threads, as `manage.py desk` has."""
        self.run(
            "worker",
            [
                sys.executable,
                "-m",
                "celery",
                "-A",
                "servicedesk",
                "--quiet",
                "worker",
                "--pool",
                "threads",
                "--concurrency",
                "4",
                "--without-mingle",
                "--without-gossip",
            ],
        )

    def run(self, name: str, command: list) -> None:
        """Start one part."""
        self.parts[name] = Part(
            name, command, log=self.directory / f"{name}.log", env=self.environment, cwd=ROOT
        )
        self.parts[name].start()

    def manage(self, *words: str, **environment: str) -> str:
        """A management command on the stack's database; its output."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env={**self.environment, **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def call(self, who: str, path: str, *, method: str = "POST", **body):
        """A call of the API as somebody of the demo: status and JSON."""
        data = json.dumps(body).encode() if method in {"POST", "PATCH"} else None
        request = urllib.request.Request(
            f"{self.url}/api/v1/{path}",
            data=data,
            method=method,
            headers={
                "Authorization": f"Token {self.people[who]['token']}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or "null")

    def ticket_of(self, handle: str, *, text: str = "", within: float = 15) -> dict:
        """The newest ticket of a customer, once it is there."""

        def look():
            _status, page = self.call("lena", f"tickets/?q={handle}", method="GET")
            return next(
                (
                    one
                    for one in page["results"]
                    if one["customer"]["handle"].lower() == handle.lower()
                    and text in (one["text"] or "")
                ),
                None,
            )

        return wait_until(look, within, f"a ticket of {handle}", self.logs)

    def rows(self, sql: str, *values) -> list[tuple]:
        """What the database answers, asked as its owner."""
        line = psycopg2.connect(self.owner_dsn)
        with line, line.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
        line.close()
        return found

    def logs(self) -> str:
        """The ends of all logs."""
        return "\n".join(f"--- {name}\n{part.tail(25)}" for name, part in self.parts.items())

    def stop(self) -> None:
        """End everything and drop the database."""
        for name in ("beat", "worker", "web"):
            if name in self.parts:
                self.parts[name].stop(5)
        if hasattr(self, "x"):
            self.x.stop()
        line = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
        line.autocommit = True
        with contextlib.suppress(psycopg2.Error):
            line.cursor().execute(f"DROP DATABASE IF EXISTS {self.name}")
        line.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def get(url: str) -> bool:
    """Whether the address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_until(look, within: float, what: str, more=lambda: ""):
    """The first true answer of `look`; fails with what was awaited, and `more()`.

    However busy the machine is, it has some room.
    """
    within = max(within, ROOM)
    deadline = time.monotonic() + within
    last: object = None
    while time.monotonic() < deadline:
        try:
            last = look()
            if last:
                return last
        except (urllib.error.URLError, OSError, AssertionError) as not_yet:
            last = not_yet
        time.sleep(0.1)
    raise AssertionError(f"waited {within:.0f} s for: {what}; last: {last}\n{more()}")
