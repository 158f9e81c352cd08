"""The servers of the rehearsal: two databases, the pooler, the broker, the proxy, and X.

Each is a real one on a host of its own, with the settings that `docs/how-to/fail-over.md` asks for.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg2

from campaigns.machines.network import ADDRESSES, Host
from servicedesk.launcher import postgres, valkey
from servicedesk.launcher.running import ROOT
from servicedesk.launcher.supervisor import Part
from tests.stack import Simulator, wait_until

POSTGRES_SETTINGS = (
    *postgres.SETTINGS,
    *("max_wal_size=96MB", "min_wal_size=32MB", "wal_keep_size=32MB"),
    *("wal_receiver_timeout=5s", "wal_sender_timeout=5s", "hot_standby=on"),
)
POOLER = """
[databases]
desk = host={database} port=5432 dbname=desk
[pgbouncer]
listen_addr = {address}
listen_port = 6432
unix_socket_dir =
auth_type = trust
auth_file = {users}
admin_users = postgres
pool_mode = transaction
ignore_startup_parameters = extra_float_digits,options
max_client_conn = 300
default_pool_size = 30
server_connect_timeout = 3
server_login_retry = 1
query_wait_timeout = 5
server_check_delay = 1
tcp_keepidle = 3
tcp_keepintvl = 1
tcp_keepcnt = 3
tcp_user_timeout = 5000
"""
PROXY = """
global
  maxconn 500
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  retries 2
  option redispatch
  option forwardfor
frontend desk
  bind {address}:8000
  default_backend webs
backend webs
  option httpchk GET /healthz
  http-check send hdr Host {address}
  default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{webs}
"""


class Database(postgres.Postgres):
    """A PostgreSQL on a host of its own, reached over the network; its disk is `directory`."""

    def __init__(self, host: Host, disk: Path, sockets: Path) -> None:
        super().__init__(disk / "data", sockets)
        self.host, self.disk = host, disk
        self.log = disk.parent / f"{host.name}.log"

    def make_room(self) -> None:
        """Make the empty directory of the cluster, which the server's user owns."""
        for directory in (self.directory, self.sockets):
            directory.mkdir(exist_ok=True)
            os.chown(directory, self.identity["user"], self.identity["group"])
        self.directory.chmod(0o700)

    def initialise(self) -> None:
        """Make a new cluster that the other hosts may reach."""
        self.make_room()
        self.run("initdb", "-D", self.directory, *postgres.INITDB)
        with (self.directory / "pg_hba.conf").open("a") as file:
            file.write(f"host all all {ADDRESSES}.0/24 trust\n")
            file.write(f"host replication all {ADDRESSES}.0/24 trust\n")

    def copy(self, primary: "Database") -> None:
        """Become a standby of the primary, by `pg_basebackup`."""
        self.make_room()
        command = [
            *(self.programs / "pg_basebackup", "-h", primary.host.address, "-U", "postgres"),
            *("-D", self.directory, "-X", "stream", "-R", "--checkpoint=fast"),
        ]
        done = subprocess.run(
            [str(word) for word in self.host.command(command, self.identity)],
            capture_output=True,
            text=True,
            cwd="/",
        )
        if done.returncode:
            raise RuntimeError(f"pg_basebackup: {done.stderr.strip()}")

    def serve(self) -> None:
        """Start it as the part of its host, and wait until it answers."""
        command = [
            *(self.programs / "postgres", "-D", self.directory),
            *("-h", self.host.address, "-k", self.sockets),
            *(word for setting in POSTGRES_SETTINGS for word in ("-c", setting)),
        ]
        part = Part(
            "PostgreSQL",
            self.host.command(command, self.identity),
            log=self.log,
            stop_signal="SIGINT",
        )
        self.host.parts = [part]
        part.start()
        wait_until(self.answers, 60, f"{self.host.name} answers", part.tail)

    def answers(self) -> bool:
        """Whether the server takes connections on its own host."""
        return not self.run("pg_isready", "-h", self.sockets, "-q", check=False).returncode

    def ask(self, sql: str) -> str:
        """What `psql` says as superuser on the host itself, one value a line."""
        words = ("-h", self.sockets, "-U", "postgres", "-d", "desk", "-At", "-c", sql)
        return self.run("psql", *words).stdout.strip()


class Pooler:
    """PgBouncer in transaction mode."""

    def __init__(self, host: Host, directory: Path, identity: dict) -> None:
        self.host, self.file = host, directory / "pgbouncer.ini"
        self.users = directory / "users.txt"
        self.users.write_text('"desk_app" ""\n"desk_owner" ""\n"postgres" ""\n')
        self.part = Part(
            "PgBouncer",
            host.command(["pgbouncer", self.file], identity),
            log=directory / "pgbouncer.log",
        )

    def point_to(self, database: Host) -> None:
        """Write the address of the primary into its file."""
        text = POOLER.format(database=database.address, address=self.host.address, users=self.users)
        self.file.write_text(text)

    def start(self) -> None:
        """Start it."""
        self.host.parts = [self.part]
        self.part.start()
        wait_until(lambda: self.order("SHOW VERSION"), 30, "PgBouncer answers", self.part.tail)

    def order(self, command: str) -> bool:
        """Give an order on its console; whether it was taken."""
        try:
            line = psycopg2.connect(
                host=self.host.address, port=6432, user="postgres", dbname="pgbouncer"
            )
        except psycopg2.OperationalError:
            return False
        try:
            line.autocommit = True
            line.cursor().execute(command)
            return True
        finally:
            line.close()


def start_broker(host: Host, disk: Path, log: Path) -> None:
    """Start Valkey with an append-only file on a disk of its own."""
    command = [
        *(valkey.find_program(), "--bind", host.address, "--port", "6379"),
        *("--protected-mode", "no", "--save", "", "--appendonly", "yes", "--dir", disk),
    ]
    host.parts = [Part("Valkey", host.command(command), log=log)]
    host.start()


def start_proxy(host: Host, webs: list[Host], directory: Path) -> None:
    """Start haproxy in front of the web hosts."""
    lines = "\n".join(f"  server {web.name} {web.address}:8000" for web in webs)
    file = directory / "haproxy.cfg"
    file.write_text(PROXY.format(address=host.address, webs=lines))
    command = host.command(["haproxy", "-db", "-f", file])
    host.parts = [Part("haproxy", command, log=directory / "haproxy.log")]
    host.start()


class DistantX(Simulator):
    """The simulated X on a host of its own.

    Its history is read from its file: the witness speaks also while nobody reaches the host.
    """

    def __init__(self, host: Host, directory: Path) -> None:
        self.port, self.url = 80, f"http://{host.address}"
        self.directory = directory / "x"
        self.directory.mkdir()
        command = [
            *(sys.executable, "-m", "xapi.simulator", "--host", host.address, "--port", "80"),
            *("--history", self.directory / "history.jsonl"),
        ]
        self.part = Part("simulator", host.command(command), log=self.directory / "log", cwd=ROOT)
        host.parts = [self.part]
        self.start()

    def history(self) -> list[dict]:
        """Everything that ever happened; a line that is just being written is left out."""
        lines = (self.directory / "history.jsonl").read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines]
