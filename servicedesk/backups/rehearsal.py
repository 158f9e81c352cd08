"""Rehearsing a restore: the whole of it in a directory that is thrown away.

A backup that was never restored is a hope. What is proved is that the copies hold, that the WAL
between them holds, and that the database which comes of it is the desk's own and whole.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import audit_chain
from servicedesk.backups import catalogue, inspection, programs, recovery
from servicedesk.backups.faults import BackupFault, files_told
from servicedesk.backups.inspection import Findings
from servicedesk.backups.programs import Programs
from servicedesk.backups.recovery import Plan
from servicedesk.database import wal_archive

BACK = timedelta(minutes=15)


@dataclass(frozen=True)
class Rehearsed:
    """What was rehearsed, and what the result holds."""

    plan: Plan
    findings: Findings


@files_told()
def rehearse(*, back: timedelta = BACK) -> Rehearsed:
    """Restore to `back` before the newest WAL, examine the result, and throw it away.

    Where no backup is so old the archive is played to its end. Raises `BackupFault`, also for
    evidence that does not hold.
    """
    directory = catalogue.directory()
    programs.refuse_unreachable(directory)
    made = plan(directory, back)
    tools = programs.of_version(made.newest.version // 10_000, room=directory)
    with catalogue.locked(directory):
        catalogue.sweep(directory)
        recovery.check_archive(made)
        with thrown_away(directory, tools) as target:
            recovery.combine(made, tools, target)
            with recovery.server(made, tools, target) as recovered:
                findings = inspection.inspect(recovered, made.newest, made.moment)
    refuse_faults(findings)
    return Rehearsed(made, findings)


def plan(directory: Path, back: timedelta) -> Plan:
    """Choose backups and moment: so long before the newest WAL that the archive surely has it."""
    newest = recovery.plan(directory, None)
    there = wal_archive.segments(directory, newest.newest.timeline, newest.newest.segment_bytes)
    if not there:
        raise BackupFault("no_wal", name=newest.newest.name)
    moment = datetime.fromtimestamp(there[-1].path.stat().st_mtime, UTC) - back
    if moment < catalogue.backups(directory)[0].end:
        return newest
    return recovery.plan(directory, moment)


def refuse_faults(findings: Findings) -> None:
    """Refuse evidence that does not hold, and a trail that is not the one of the living desk."""
    if findings.faults:
        said = str(findings.faults[0])
        raise BackupFault("evidence", n=len(findings.faults), said=said)
    head = findings.head
    if head.number and audit_chain.hash_of_link(head.number) != head.hash:
        raise BackupFault("another_chain", n=head.number)


@contextmanager
def thrown_away(directory: Path, tools: Programs) -> Iterator[Path]:
    """Make a directory for a while, beside the backups: there is the room for it."""
    place = directory / f"{catalogue.UNFINISHED}rehearsal"
    tools.own(place)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
