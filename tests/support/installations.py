"""A desk whose PostgreSQL archives its WAL, for what is about backups.

A cluster of its own, with the database of the tests in it; what is done there is done in a thread
of its own, whose database it is.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connection
from psycopg2.extensions import make_dsn, parse_dsn

from servicedesk.backups import inspection, source
from servicedesk.backups.recovery import Recovered
from servicedesk.launcher import postgres
from servicedesk.launcher.supervisor import Part
from tests.stack import wait_until


class Installation:
    """The cluster, its backup directory, and how work is done on it.

    With `data`, a restored directory, it serves that, and has no backups of its own.
    """

    def __init__(self, data: Path | None = None) -> None:
        self.folder = enterable()
        self.sockets = enterable()
        self.backups = self.folder / "backups"
        self.server = postgres.Postgres(
            data or self.folder / "postgres",
            self.sockets,
            for_tests=True,
            backups=None if data else self.backups,
        )
        self.part: Part = self.server.start(self.folder / "log")
        self.name = settings.DATABASES["default"]["NAME"]
        if data is None:
            self.copy_the_tests_database()

    def copy_the_tests_database(self) -> None:
        """Take over schema, guards and rights as the tests have them; migrating takes longer."""
        parts = parse_dsn(os.environ["DATABASE_OWNER_URL"]) | {"dbname": self.name}
        dump = self.server.run("pg_dump", "-d", make_dsn(**parts)).stdout
        self.as_superuser(f'CREATE DATABASE "{self.name}" OWNER desk_owner', name="postgres")
        (self.folder / "dump.sql").write_text(dump)
        (self.folder / "dump.sql").chmod(0o644)
        words = ["-h", self.sockets, "-U", "postgres", "-d", self.name, "-v", "ON_ERROR_STOP=1"]
        self.server.run("psql", *words, "-q", "-f", self.folder / "dump.sql")

    def url(self, role: str) -> str:
        """The address of the database, for settings."""
        return make_dsn(host=str(self.sockets), dbname=self.name, user=role)

    def work(self, function):
        """Call this as the desk whose database it is."""
        return inspection.on_database(Recovered(self.sockets, self.folder / "log"), function)

    def as_superuser(self, sql: str, *, name: str = "") -> list[tuple]:
        """What only the owner of the cluster can do, with the guards silenced."""
        line = psycopg2.connect(host=str(self.sockets), dbname=name or self.name, user="postgres")
        line.autocommit = True
        cursor = line.cursor()
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
        line.close()
        return rows

    def archive(self) -> str:
        """Close the present file of WAL, and wait until it is in the archive; its name there."""
        [(name,)] = self.as_superuser("SELECT pg_walfile_name(pg_switch_wal())")
        wait_until(
            lambda: (self.backups / "wal" / f"{name}.gz").exists(), 60, f"{name} is archived"
        )
        return f"{name}.gz"

    def stop(self) -> None:
        """Stop it and leave nothing behind."""
        self.part.stop()
        for folder in (self.folder, self.sockets, self.server.directory):
            shutil.rmtree(folder, ignore_errors=True)


def enterable() -> Path:
    """A new directory that PostgreSQL's user may enter, whoever that is."""
    folder = Path(tempfile.mkdtemp(prefix="paraph-backups-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


def copied(backups: Path, folder: Path) -> Path:
    """A backup directory of one's own to damage; files are shared, so replace and never change."""
    target = folder / "backups"
    subprocess.run(["cp", "-al", backups, target], check=True)
    return target


def replaced(path: Path, content: bytes) -> None:
    """Put another file in the place of this one, with the same owner."""
    was = path.stat()
    path.unlink()
    path.write_bytes(content)
    os.chown(path, was.st_uid, was.st_gid)


def now() -> str:
    """The time of the database, as it is typed."""
    return source.now().isoformat()


def count(table: str) -> int:
    """How many rows the database of this thread has there."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]
