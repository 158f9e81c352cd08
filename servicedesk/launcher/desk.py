"""`manage.py desk`: the whole desk in the foreground, servers included, until Ctrl-C."""

import argparse
import base64
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from core.database import superseded
from servicedesk.launcher import postgres, running, stopping, valkey
from servicedesk.launcher.supervisor import Part, PartFailed, Supervisor

ROOT = running.ROOT
MARK = "paraph-state"
NO_SERVERS = (
    "There are no embedded servers for this system: set DATABASE_URL and REDIS_URL to a "
    "PostgreSQL 18 and a "
    "Valkey 9, or use docker compose."
)


def run(arguments: list[str]) -> int:
    """Run the desk; returns 0 after Ctrl-C and 1 when a part has died or could not start."""
    options = parse(arguments)
    sockets = Path(tempfile.mkdtemp(prefix="paraph-", dir="/tmp"))
    supervisor = Supervisor()
    try:
        stopping.raise_once()
        state = prepare_state(options)
        start(options, state, sockets, supervisor)
        supervisor.watch(say=say)
    except KeyboardInterrupt:
        say("Stopping …")
        return 0
    except (PartFailed, RuntimeError) as failure:
        say(str(failure))
        return 1
    finally:
        stopping.handle(stopping.still_stopping)
        supervisor.stop()
        shutil.rmtree(sockets, ignore_errors=True)
        stopping.handle(signal.SIG_IGN)
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the command's options."""
    parser = argparse.ArgumentParser(prog="manage.py desk", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8000, help="of the desk (the next free one if taken)"
    )
    parser.add_argument("--simulator-port", type=int, default=8100, help="of the simulated X")
    parser.add_argument(
        "--state", type=Path, default=running.state_directory(), help="directory of the desk's data"
    )
    parser.add_argument("--reset", action="store_true", help="delete the state directory first")
    parser.add_argument("--quiet", action="store_true", help="no scripted customers")
    parser.add_argument(
        "--empty",
        action="store_true",
        help="no demo: an empty desk, and the link for its first administrator",
    )
    parser.add_argument(
        "--demo", action="store_true", help="demo people in a database of your own, if it is empty"
    )
    return parser.parse_args(arguments)


def prepare_state(options: argparse.Namespace) -> Path:
    """Make (or with `--reset` remake) the state directory and lock it against a second desk."""
    state = options.state.resolve()
    if state.exists() and any(state.iterdir()) and not (state / MARK).exists():
        raise RuntimeError(
            f"{state} holds something that is not a desk's. Choose another directory with --state."
        )
    state.mkdir(parents=True, exist_ok=True)
    (state / MARK).touch()
    lock = (state / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as busy:
        raise RuntimeError(
            f"A desk is already running on {state}. Stop it first, or choose another with --state."
        ) from busy
    options.lock = lock
    if options.reset:
        data = (
            postgres.Postgres(state / "postgres", state).directory
            if not os.environ.get("DATABASE_URL")
            else state / "postgres"
        )
        for entry in [data, *state.iterdir()]:
            if entry.name in {MARK, "lock"}:
                continue
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink(missing_ok=True)
    (state / "logs").mkdir(exist_ok=True)
    return state


@dataclass(frozen=True)
class Desk:
    """A desk that is being started: what was asked for, who keeps its parts, what they are told."""

    options: argparse.Namespace
    state: Path
    supervisor: Supervisor
    environment: dict[str, str]
    everything: dict[str, str]

    @property
    def logs(self) -> Path:
        """Where each part writes."""
        return self.state / "logs"

    @property
    def url(self) -> str:
        """The address to open."""
        return self.environment["DESK_URL"]

    def start(self, name: str, command: list) -> None:
        """Start one part, with a log of its own."""
        part(self.supervisor, name, command, self.everything, self.logs)

    def run_once(self, command: list, log: str) -> None:
        """Run one command to its end."""
        once(command, self.everything, self.logs / log)

    def wait_for(self, url: str, name: str) -> None:
        """Wait until this address answers."""
        wait_for(url, self.supervisor, name)


MANAGE = [sys.executable, ROOT / "manage.py"]


def start(options: argparse.Namespace, state: Path, sockets: Path, supervisor: Supervisor) -> None:
    """Start every part in its order and say a line as each becomes ready.

    Then the address to open.
    """
    began = time.monotonic()
    for log in (state / "logs").glob("*.log"):
        log.unlink()
    environment = environment_of(options, state, sockets, supervisor)
    everything = {
        **os.environ,
        **environment,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
    }
    owner = {"DATABASE_OWNER_URL": everything.pop("DATABASE_OWNER_URL", everything["DATABASE_URL"])}
    desk = Desk(options, state, supervisor, environment, everything)
    say("Migrating the database …")
    migrate(MANAGE, {**everything, **owner}, desk.logs / "migrate.log")
    if has_own_simulator():
        start_simulator(desk)
    if environment["DESK_DEMO"] == "1":
        seed(desk)
    running.note(state, running.noted(everything, environment))
    start_web_worker_and_beat(desk)
    if options.empty:
        say_where_to_begin(desk)
    say(f"Ready after {time.monotonic() - began:.0f} s. Logs: {desk.logs}")
    if has_own_simulator():
        say(f"The public's view (simulated X):  {environment['X_API_URL']}/")
    say(f"Open the desk:  {desk.url}/   (Ctrl-C stops everything)")


def has_own_simulator() -> bool:
    """Whether the desk brings a simulated X, since the environment names no X."""
    return not os.environ.get("X_API_URL")


def is_foreign() -> bool:
    """Whether database or X are somebody else's, by the environment."""
    return bool(os.environ.get("DATABASE_URL") or os.environ.get("X_API_URL"))


def environment_of(
    options: argparse.Namespace, state: Path, sockets: Path, supervisor: Supervisor
) -> dict[str, str]:
    """Start database and broker, choose the ports, and say where everything is."""
    environment = addresses(state, sockets, supervisor, state / "logs")
    port = free_port(options.port, "desk")
    simulator_port = free_port(options.simulator_port, "simulated X")
    is_demo = options.demo or not (is_foreign() or options.empty)
    environment |= {
        "DESK_STATE": str(state),
        "DESK_URL": f"http://127.0.0.1:{port}",
        "DESK_DEMO": "1" if is_demo else "0",
    }
    if has_own_simulator():
        environment |= {"X_API_URL": f"http://127.0.0.1:{simulator_port}", "X_IS_SIMULATED": "1"}
    return environment


def start_simulator(desk: Desk) -> None:
    """Start the simulated X, which remembers its posts, and wait until it answers."""
    address = desk.environment["X_API_URL"]
    command = [
        *(sys.executable, "-m", "xapi.simulator"),
        *("--port", address.rpartition(":")[2]),
        *("--history", desk.state / "simulator.jsonl"),
        *("--world", ROOT / "servicedesk" / "demo" / "demo_world.json"),
        *("--desk-url", desk.url),
        *("--zone", os.environ.get("DESK_TIME_ZONE") or "Europe/Berlin"),
    ]
    desk.start("Simulated X", command)
    desk.wait_for(f"{address}/_control/clock", "Simulated X")


def seed(desk: Desk) -> None:
    """Put the invented company into the database, and let the invented customers begin."""
    say("Seeding the demo …")
    careful = ["--only-if-empty-or-demo"] if is_foreign() else []
    desk.run_once([*MANAGE, "seed_demo", *careful], "seed.log")
    if has_own_simulator() and not desk.options.quiet:
        tell(f"{desk.environment['X_API_URL']}/_control/scripted", b'{"running": true}')


def start_web_worker_and_beat(desk: Desk) -> None:
    """Start what serves people and what works by itself, and wait until all have proved it."""
    web = [
        *(sys.executable, "-m", "uvicorn", "servicedesk.asgi:application"),
        *("--no-server-header", "--no-proxy-headers", "--no-access-log"),
        *("--host", "127.0.0.1", "--port", desk.url.rpartition(":")[2]),
        *("--timeout-graceful-shutdown", "2"),
    ]
    celery = [sys.executable, "-m", "celery", "-A", "servicedesk", "--quiet"]
    worker = [
        *(*celery, "worker", "--pool", "threads", "--concurrency", "4", "--loglevel", "INFO"),
        *("--without-mingle", "--without-gossip"),
    ]
    plan = ("-s", desk.state / "beat.db", "--pidfile", "")
    desk.start("Web", web)
    desk.start("Worker", worker)
    desk.start("Beat", [*celery, "beat", *plan, "--loglevel", "WARNING"])
    desk.wait_for(f"{desk.url}/readyz?all", "Web, worker, beat and feed")


def say_where_to_begin(desk: Desk) -> None:
    """Print the link of the first administrator, or why there is none."""
    made = subprocess.run(
        [*map(str, MANAGE), "first_administrator"],
        env=desk.everything,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if made.returncode == 0:
        say(f"The first administrator begins here, once:  {made.stdout.strip()}")
    else:
        say(made.stderr.strip())


def addresses(state: Path, sockets: Path, supervisor: Supervisor, logs: Path) -> dict[str, str]:
    """Database and broker: the environment's where it names them, else embedded ones."""
    found: dict[str, str] = {}
    try:
        if not os.environ.get("DATABASE_URL"):
            server = postgres.Postgres(state / "postgres", sockets, backups=backup_directory())
            supervisor.add(server.start(logs / "postgres.log"))
            say("PostgreSQL is ready.")
            found |= {
                "DATABASE_URL": server.url("desk_app"),
                "DATABASE_OWNER_URL": server.url("desk_owner"),
                "DATABASE_BACKUP_URL": server.url("desk_backup"),
            }
        if not os.environ.get("REDIS_URL"):
            supervisor.add(valkey.start(sockets, logs / "valkey.log"))
            say("Valkey is ready.")
            found["REDIS_URL"] = f"unix://{sockets}/valkey.sock"
    except LookupError as missing:
        raise RuntimeError(NO_SERVERS) from missing
    make_keys(state)
    found |= running.kept(state)
    if directory := backup_directory():
        found["DESK_BACKUP_DIRECTORY"] = str(directory)
    return found


def backup_directory() -> Path | None:
    """Where the environment wants backups; None where it wants none."""
    directory = os.environ.get("DESK_BACKUP_DIRECTORY")
    return Path(directory).absolute() if directory else None


def make_keys(state: Path) -> None:
    """Make the keys that the environment does not name, once."""
    for name, make in (
        ("DESK_SECRET_KEY", lambda: secrets.token_urlsafe(48)),
        ("DESK_ANCHOR_KEY", lambda: base64.b64encode(os.urandom(32)).decode()),
    ):
        key = state / running.KEYS[name]
        if not os.environ.get(name) and not key.exists():
            key.write_text(make())
            key.chmod(0o600)


def part(supervisor: Supervisor, name: str, command: list, environment: dict, logs: Path) -> None:
    """Start one of our own processes under the supervisor."""
    new = Part(
        name, command, log=logs / f"{name.lower().replace(' ', '-')}.log", env=environment, cwd=ROOT
    )
    new.start()
    supervisor.add(new)


def once(command: list, environment: dict, log: Path) -> None:
    """Run a command to its end; raises `PartFailed` when it fails."""
    step = Part(str(command[2]), command, log=log, env=environment, cwd=ROOT)
    step.start()
    assert step.process
    if step.process.wait():
        raise PartFailed(step)


def migrate(manage: list, environment: dict, log: Path) -> None:
    """Bring the database up to date.

    Raises `RuntimeError` with one sentence where it is too old for that.
    """
    try:
        once([*manage, "migrate", "--verbosity", "0"], environment, log)
    except PartFailed as failure:
        if failure.part.code() == superseded.EXIT_STATUS:
            raise RuntimeError(superseded.SENTENCE) from failure
        raise


def wait_for(url: str, supervisor: Supervisor, name: str, within: float = 120) -> None:
    """Wait until this address answers 200.

    A part that dies meanwhile ends the wait with its log.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        for one in supervisor.parts:
            if not one.running():
                raise PartFailed(one)
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return say(f"{name}: ready.")
        except (urllib.error.URLError, OSError) as not_yet:
            last = not_yet
        time.sleep(0.2)
    detail = last.read().decode() if isinstance(last, urllib.error.HTTPError) else last
    raise RuntimeError(f"{name} did not become ready within {within:.0f} s: {detail}")


def tell(url: str, body: bytes) -> None:
    """One JSON message to the simulator's control interface."""
    request = urllib.request.Request(
        url, data=body, headers={"content-type": "application/json"}, method="POST"
    )
    urllib.request.urlopen(request, timeout=10).close()


def free_port(wanted: int, whose: str) -> int:
    """Return the wanted port on 127.0.0.1 or the next free one, said aloud."""
    for port in range(wanted, wanted + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port != wanted:
            say(f"Port {wanted} is taken; the {whose} uses {port}.")
        return port
    raise RuntimeError(f"No free port from {wanted} on.")


def say(sentence: str) -> None:
    """One line for the person at the terminal."""
    print(sentence, flush=True)
