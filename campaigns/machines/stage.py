"""The desk on twelve hosts, as a company would run it, and how one of them dies.

All waiting times are a tenth of the real ones.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from campaigns.machines import faults
from campaigns.machines.network import Host, Network, eject, small_disk
from campaigns.machines.people import People, Phone
from campaigns.machines.servers import (
    Database,
    DistantX,
    Pooler,
    start_broker,
    start_proxy,
)
from campaigns.world import LAG, REAL
from servicedesk.launcher.running import ROOT
from servicedesk.launcher.supervisor import Part, alive
from tests.stack import get, wait_until

NAMES = [
    *("people", "proxy", "web1", "web2", "worker1", "worker2", "beat", "pooler"),
    *("db1", "db2", "valkey", "x"),
]
SCALE = 0.1
DIRECTORY = "paraph-machines-"
DISKS = ("db1", "db2", "valkey")
DATABASE_MEGABYTES = 420
VALKEY_MEGABYTES = 24
IDLE_LIMIT = "6s"  # a minute, times SCALE
PASSWORD = "a-long-password"
PEOPLE = ("aylin", "bastian", "rita", "tomasz", "nele", "farida", "lena")
WEB = [
    *(sys.executable, "-m", "uvicorn", "servicedesk.asgi:application", "--no-server-header"),
    *("--no-proxy-headers", "--no-access-log", "--timeout-graceful-shutdown", "1"),
    *("--port", "8000", "--host"),
]
CELERY = [sys.executable, "-m", "celery", "-A", "servicedesk", "--quiet"]
WORKER = [
    *(*CELERY, "worker", "--pool", "prefork", "--concurrency", "2"),
    *("--without-mingle", "--without-gossip", "-n"),
]


class Stage:
    """Every host with what runs on it. `primary` and `standby` say which database is which."""

    def __init__(self, network: Network) -> None:
        self.network = network
        remove_old_disks()
        self.directory = Path(tempfile.mkdtemp(prefix=f"{DIRECTORY}{os.getpid()}-", dir="/tmp"))
        self.directory.chmod(0o755)
        self.times = {name: round(value * SCALE, 3) for name, value in REAL.items()}
        self.lag = LAG * SCALE
        self.lease = self.times["DESK_LEASE_SECONDS"]
        self.url = f"http://{network.hosts['proxy'].address}:8000"
        self.disks: list[Path] = []

    def host(self, name: str) -> Host:
        """Return a host by what it does."""
        if name in {"primary", "standby"}:
            return getattr(self, name).host
        return self.network.hosts[name]

    def disk(self, name: str) -> Path | None:
        """Return what this host keeps its data on; None for one that keeps none."""
        if name in {"primary", "standby"}:
            return getattr(self, name).disk
        return self.directory / "valkey" if name == "valkey" else None

    def __enter__(self) -> "Stage":
        """Start every server and every part of the desk; the people are ready to come."""
        try:
            self.start_databases()
            self.start_servers()
            self.prepare_desk()
            self.start_desk()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *wrong: object) -> None:
        """End what runs on the hosts, send everybody home, and take the disks away.

        Whatever breaks meanwhile, the rest is done.
        """
        with contextlib.ExitStack() as closing:
            closing.callback(shutil.rmtree, self.directory, ignore_errors=True)
            for disk in self.disks:
                closing.callback(eject, disk)
            if hasattr(self, "people"):
                closing.callback(self.people.go)
            hosts = [host for host in self.network.hosts.values() if host.name != "people"]
            for host in sorted(hosts, key=lambda host: host.name not in DISKS):
                closing.callback(host.kill)
                closing.callback(host.end)

    def make_disk(self, name: str, megabytes: int) -> Path:
        """Make a small disk of its own."""
        disk = self.directory / name
        small_disk(disk, megabytes)
        self.disks.append(disk)
        return disk

    def start_databases(self) -> None:
        """Start the primary, with the desk's roles and database, and a standby of it."""
        both = []
        for name in DISKS[:2]:
            disk = self.make_disk(name, DATABASE_MEGABYTES)
            both.append(
                Database(self.network.hosts[name], disk, self.directory / f"{name}.sockets")
            )
        self.primary, self.standby = both
        self.primary.initialise()
        self.primary.serve()
        self.primary.prepare()
        limit = f"SET idle_in_transaction_session_timeout = '{IDLE_LIMIT}'"
        self.primary.ask(f"ALTER ROLE desk_app {limit}")
        self.standby.copy(self.primary)
        self.standby.serve()

    def start_servers(self) -> None:
        """Start pooler, broker, X and proxy."""
        hosts = self.network.hosts
        self.pooler = Pooler(hosts["pooler"], self.directory, self.primary.identity)
        self.pooler.point_to(self.primary.host)
        self.pooler.start()
        disk = self.make_disk("valkey", VALKEY_MEGABYTES)
        start_broker(hosts["valkey"], disk, self.directory / "valkey.log")
        self.x = DistantX(hosts["x"], self.directory)
        start_proxy(hosts["proxy"], [hosts["web1"], hosts["web2"]], self.directory)

    def prepare_desk(self) -> None:
        """Migrate, connect the accounts, invent the people, and give each a token."""
        hosts = self.network.hosts
        self.environment = {
            **os.environ,
            **{name: str(value) for name, value in self.times.items()},
            "DATABASE_URL": f"postgresql://desk_app@{hosts['pooler'].address}:6432/desk",
            "REDIS_URL": f"redis://{hosts['valkey'].address}:6379/0",
            "X_API_URL": self.x.url,
            "X_IS_SIMULATED": "1",
            "DESK_DEMO": "0",
            "DESK_URL": self.url,
            "DESK_HOSTS": ",".join(host.address for host in hosts.values()),
            "DESK_PROXIES": hosts["proxy"].address,
            "DESK_TICK_SECONDS": "0.5",
            "DESK_POLL_SECONDS": "2",
            "DESK_API_READS_PER_MINUTE": "0",
            "DESK_API_WRITES_PER_MINUTE": "0",
            "DESK_API_DECISIONS_PER_MINUTE": "0",
            "DESK_STATE": str(self.directory),
            "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
            "PYTHONUNBUFFERED": "1",
        }
        owner = f"postgresql://desk_owner@{self.primary.host.address}/desk"
        subprocess.run(
            [sys.executable, ROOT / "manage.py", "migrate", "--verbosity", "0"],
            env={**self.environment, "DATABASE_OWNER_URL": owner},
            cwd=ROOT,
            check=True,
        )
        self.x.control("limits", on=False)
        for handle, number in (("AmselnetzHilfe", 901), ("AmselnetzBiz", 902)):
            self.x.control("users", username=handle, name=handle, account=True, id=number)
        self.people = People(self.x, Phone(self.url, self.invent_people()), PASSWORD)

    def invent_people(self) -> dict[str, str]:
        """Return the API tokens of the cast, which stands in the database from here on."""
        os.environ.update(self.environment)
        import django

        django.setup()
        from django.db import connections

        from people.identity.tokens import issue
        from tests import factories

        desk = factories.make_desk()
        tokens = {name: issue(getattr(desk, name), name="campaign") for name in PEOPLE}
        connections.close_all()
        return tokens

    def run_on(self, name: str, command: list) -> None:
        """Start a part of the desk on its host."""
        host = self.network.hosts[name]
        part = Part(
            name,
            host.command(command),
            log=self.directory / f"{name}.log",
            env=self.environment,
            cwd=ROOT,
        )
        host.parts = [part]
        part.start()

    def start_desk(self) -> None:
        """Start two webs, two workers and beat, and wait until all have proved themselves."""
        for name in faults.TWINS["web"]:
            self.run_on(name, [*WEB, self.network.hosts[name].address])
        for name in faults.TWINS["worker"]:
            self.run_on(name, [*WORKER, f"{name}@here"])
        plan = ("-s", self.directory / "beat.db", "--pidfile", "")
        self.run_on("beat", [*CELERY, "beat", *plan])
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until every part has proved itself, through the proxy."""
        wait_until(
            lambda: get(f"{self.url}/readyz?all"), 120, "every part has proved itself", self.logs
        )

    def revive(self) -> None:
        """Start what ended by itself, as a supervisor does on each host."""
        for host in self.network.hosts.values():
            host.start()

    def logs(self) -> str:
        """Return the ends of all logs."""
        return "\n".join(
            f"--- {host.name}\n{part.tail(20)}"
            for host in self.network.hosts.values()
            for part in host.parts
        )


def remove_old_disks() -> None:
    """Unmount and remove what a campaign has left that was killed."""
    for directory in Path("/tmp").glob(f"{DIRECTORY}*"):
        maker = directory.name.removeprefix(DIRECTORY).partition("-")[0]
        if maker.isdigit() and not alive(int(maker)):
            for disk in DISKS:
                eject(directory / disk)
            shutil.rmtree(directory, ignore_errors=True)
