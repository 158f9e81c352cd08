"""Restoring into a new directory, for good: what `manage.py restore` does.

The order is the rule: the evidence is examined as it was found, and what a restored database must
do before it serves anybody comes after.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from servicedesk.backups import catalogue, inspection, programs, recovery
from servicedesk.backups.faults import BackupFault, files_told
from servicedesk.backups.inspection import Findings
from servicedesk.backups.programs import Programs
from servicedesk.backups.recovery import Plan


@dataclass(frozen=True)
class Restored:
    """What was restored, what it holds, and the accounts that do not send for now."""

    plan: Plan
    findings: Findings
    paused: list[str]


@files_told()
def restore(target: Path, *, directory: Path, moment: datetime | None) -> Restored:
    """Restore to this moment, or to the last change there is, into a new or empty directory.

    Raises `BackupFault`; the target is then as it was.
    """
    target = target.absolute()
    refuse_full(target)
    programs.refuse_unreachable(target.parent)
    made = recovery.plan(directory, moment)
    if moment is None:
        recovery.check_archive(made)
    tools = programs.of_version(made.newest.version // 10_000, room=target.parent)
    with catalogue.locked(directory), new(target, tools):
        recovery.combine(made, tools, target)
        with recovery.server(made, tools, target) as recovered:
            findings = inspection.inspect(recovered, made.newest, moment)
            paused = [] if findings.is_older else inspection.pause_all(recovered)
    return Restored(made, findings, paused)


def refuse_full(target: Path) -> None:
    """Refuse to restore over anything."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupFault("not_empty", directory=str(target))


@contextmanager
def new(target: Path, tools: Programs) -> Iterator[None]:
    """Make the directory; what was begun in it goes again if it is not finished."""
    was_there = target.exists()
    if was_there:
        target.rmdir()
    tools.own(target)
    try:
        yield
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        if was_there:
            target.mkdir()
        raise
