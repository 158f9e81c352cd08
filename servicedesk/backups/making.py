"""Making a backup: copy, verify, describe, then show it under its name.

What is not complete and proved never stands among the backups.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings

from core import audit_chain
from servicedesk.backups import catalogue, programs, source
from servicedesk.backups.catalogue import FULL, INCREMENTAL, Backup
from servicedesk.backups.faults import BackupFault, files_told
from servicedesk.backups.programs import Programs
from servicedesk.backups.source import Source

RESERVE = 64 << 20  # bytes that stay free beside a full backup: the archive of WAL needs room too


@files_told()
def make(kind: str = FULL, *, keep: int) -> Backup:
    """Make a backup, and forget what is older than the newest `keep` full ones.

    An incremental one builds on the newest. Raises `BackupFault`; what was there then stands as it
    did.
    """
    directory = catalogue.directory()
    programs.refuse_unreachable(directory)
    found = source.look()
    tools = programs.of_version(found.major, room=directory)
    make_room(directory, tools)
    with catalogue.locked(directory):
        catalogue.sweep(directory)
        known = catalogue.backups(directory)
        refuse_another_life(directory, known, found)
        parent = parent_of(kind, known, found)
        if parent is None:
            refuse_little_room(directory, found.size)
        backup = copied(directory, tools, found, parent)
        catalogue.prune(directory, keep=keep)
    return backup


def make_room(directory: Path, tools: Programs) -> None:
    """Make the places for backups and WAL, where they are missing."""
    for place in (catalogue.base(directory), catalogue.wal_archive.folder(directory)):
        if not place.exists():
            tools.own(place)


def refuse_another_life(directory: Path, known: list[Backup], found: Source) -> None:
    """Refuse to mix the backups of two databases, or of one before and after a restore."""
    if any((one.system, one.timeline) != (found.system, found.timeline) for one in known):
        raise BackupFault("another_life", directory=str(directory))


def parent_of(kind: str, known: list[Backup], found: Source) -> Backup | None:
    """Return what an incremental backup builds on, None for a full one."""
    if kind == FULL:
        return None
    if not found.summarizes:
        raise BackupFault("not_summarizing")
    if not known:
        raise BackupFault("no_full")
    return known[-1]


def refuse_little_room(directory: Path, size: int) -> None:
    """Refuse before the disk is full: what archives WAL must go on."""
    if shutil.disk_usage(directory).free < size + RESERVE:
        raise BackupFault("disk_full", directory=str(directory))


def copied(directory: Path, tools: Programs, found: Source, parent: Backup | None) -> Backup:
    """Copy the database, verify the copy, and let it stand under its name."""
    began, head = source.now(), audit_chain.head()
    kind = INCREMENTAL if parent else FULL
    name = f"{began.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{kind}"
    with unfinished(directory, tools, name) as place:
        copy(directory, tools, place / "data", parent)
        ended = source.now()
        about = {
            "name": name,
            "kind": kind,
            "parent": parent.name if parent else "",
            "began_at": began.astimezone(UTC).isoformat(),
            "ended_at": ended.astimezone(UTC).isoformat(),
            **positions(place / "data"),
            "system": found.system,
            "version": found.version,
            "segment_bytes": found.segment_bytes,
            "number": head.number,
            "hash": head.hash,
            "desk": str(settings.SPECTACULAR_SETTINGS["VERSION"]),
            "commit": commit(),
            "size": size_of(place / "data"),
        }
        backup = catalogue.write_about(place, about)
        place.rename(catalogue.base(directory) / name)
    return backup


@contextmanager
def unfinished(directory: Path, tools: Programs, name: str) -> Iterator[Path]:
    """Make a place for a backup that is not complete yet; it goes again if nothing comes of it."""
    place = catalogue.base(directory) / f"{catalogue.UNFINISHED}{name}"
    tools.own(place)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def copy(directory: Path, tools: Programs, target: Path, parent: Backup | None) -> None:
    """Let PostgreSQL's own programs copy and verify."""
    address, secret = source.address()
    words: list[object] = ["-d", address, "-D", target, "-c", "fast", "-X", "stream", "-w"]
    if parent:
        words += ["-i", catalogue.manifest(directory, parent)]
    tools.run("pg_basebackup", *words, **secret)
    tools.run("pg_verifybackup", "-q", "-e", target)


def positions(data: Path) -> dict[str, Any]:
    """Return from where to where in the WAL a copy goes, as its manifest says."""
    ranges = json.loads((data / catalogue.MANIFEST).read_text())["WAL-Ranges"]
    return {
        "lsn": ranges[0]["Start-LSN"],
        "end_lsn": ranges[-1]["End-LSN"],
        "timeline": ranges[-1]["Timeline"],
    }


def size_of(folder: Path) -> int:
    """Return how many bytes all files of a folder have."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def commit() -> str:
    """Return the commit of the code that runs, where it lies in a repository; else nothing."""
    try:
        done = subprocess.run(
            ["git", "-C", str(settings.BASE_DIR), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
