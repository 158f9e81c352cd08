"""What is in a backup directory.

Each backup is a directory under `base/`: the copy (`data/`) and, beside it, what it is
(`about.json`). The WAL of all of them is under `wal/`.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from servicedesk.backups.faults import BackupFault
from servicedesk.database import wal_archive

FULL = "full"
INCREMENTAL = "incremental"
ABOUT = "about.json"
MANIFEST = "backup_manifest"
UNFINISHED = ".unfinished-"


@dataclass(frozen=True)
class Backup:
    """One backup and what was written beside it.

    Times are ISO 8601 in UTC; `lsn` is the position in the WAL where it begins, `end_lsn` where it
    is complete; `number` and `hash` are the head of the audit chain just before it began; `size` is
    in bytes.
    """

    name: str
    kind: str
    parent: str
    began_at: str
    ended_at: str
    lsn: str
    end_lsn: str
    timeline: int
    system: int
    version: int
    segment_bytes: int
    number: int
    hash: str
    desk: str
    commit: str
    size: int

    @property
    def end(self) -> datetime:
        """When it was complete: the first moment to which it can be restored."""
        return datetime.fromisoformat(self.ended_at)

    @property
    def is_full(self) -> bool:
        """Whether it stands for itself."""
        return self.kind == FULL


def directory() -> Path:
    """Return the configured directory, or raise `BackupFault` (`no_directory`)."""
    if not settings.BACKUP_DIRECTORY:
        raise BackupFault("no_directory")
    return Path(settings.BACKUP_DIRECTORY).absolute()


def base(directory: Path) -> Path:
    """Where the backups themselves are."""
    return directory / "base"


def data(directory: Path, backup: Backup) -> Path:
    """Where the copy is."""
    return base(directory) / backup.name / "data"


def manifest(directory: Path, backup: Backup) -> Path:
    """Return the manifest of a backup; raises `BackupFault` where it is missing."""
    path = data(directory, backup) / MANIFEST
    if not path.exists():
        raise BackupFault("manifest_missing", name=backup.name)
    return path


def backups(directory: Path) -> list[Backup]:
    """Return all of them, the oldest first."""
    found = []
    for about in base(directory).glob(f"*/{ABOUT}"):
        try:
            found.append(Backup(**json.loads(about.read_text())))
        except (ValueError, TypeError) as odd:
            raise BackupFault("damaged_backup", name=about.parent.name, said=ABOUT) from odd
    return sorted(found, key=lambda one: one.end)


def chain(known: list[Backup], newest: Backup) -> list[Backup]:
    """Return what is needed for a backup: the full one first, then each that builds on it.

    Raises `BackupFault` where one of them is gone.
    """
    by_name = {one.name: one for one in known}
    found = [newest]
    while not found[0].is_full:
        if found[0].parent not in by_name:
            raise BackupFault(
                "damaged_backup", name=found[0].name, said=f"{found[0].parent} is missing"
            )
        found.insert(0, by_name[found[0].parent])
    return found


def before(known: list[Backup], moment: datetime | None, directory: Path) -> Backup:
    """Return the newest backup that was complete at this moment; None stands for the newest of all.

    Raises `BackupFault`: there is none at all, or none so early.
    """
    if not known:
        raise BackupFault("no_backup", directory=str(directory))
    fitting = [one for one in known if moment is None or one.end <= moment]
    if not fitting:
        raise BackupFault("before_first", first=known[0].ended_at)
    return fitting[-1]


def write_about(place: Path, about: dict[str, Any]) -> Backup:
    """Write beside a copy what it is, through to the disk."""
    backup = Backup(**about)
    with (place / ABOUT).open("w") as file:
        json.dump(asdict(backup), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return backup


def prune(directory: Path, *, keep: int) -> list[str]:
    """Forget all but the newest `keep` full backups, with what builds on these.

    WAL goes that none of the kept needs. Returns the names of what went.
    """
    known = backups(directory)
    full = [one for one in known if one.is_full]
    newest = full[-keep:]
    kept = {one.name for one in newest}
    for one in known:
        if one.parent in kept:
            kept.add(one.name)
    gone = [one for one in known if one.name not in kept]
    for one in reversed(gone):
        # Without its description it is no backup any more, whatever happens on the way
        (base(directory) / one.name / ABOUT).unlink()
        shutil.rmtree(base(directory) / one.name)
    if newest:
        wal_archive.forget_before(
            directory,
            lsn=newest[0].lsn,
            timeline=newest[0].timeline,
            segment_bytes=newest[0].segment_bytes,
        )
    return [one.name for one in gone]


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Keep the directory for one backup or restore at a time; raises `BackupFault` (`busy`)."""
    with (directory / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise BackupFault("busy", directory=str(directory)) from taken
        yield


def sweep(directory: Path) -> None:
    """Delete what a backup or rehearsal left that was ended by force; call it under the lock."""
    for left in [*base(directory).glob(f"{UNFINISHED}*"), *directory.glob(f"{UNFINISHED}*")]:
        shutil.rmtree(left, ignore_errors=True)
