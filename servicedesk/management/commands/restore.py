"""`manage.py restore DIRECTORY`: bring the database back, into a directory of its own."""

import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from servicedesk.backups import catalogue, keys, moments, restoring
from servicedesk.backups.faults import BackupFault
from servicedesk.backups.inspection import Findings
from servicedesk.backups.restoring import Restored


class Command(BaseCommand):
    """It needs no running desk and no running database, and never writes over anything."""

    help = "Restore the database from DESK_BACKUP_DIRECTORY into a new data directory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, whence, and to which moment."""
        parser.add_argument("target", type=Path, help="the new data directory of PostgreSQL")
        parser.add_argument(
            "--to",
            metavar="MOMENT",
            help="the moment to go back to, like 2026-11-28T01:02:03+01:00; without a zone the "
            "desk's own is meant (default: the last change that the archive has)",
        )
        parser.add_argument(
            "--from",
            type=Path,
            dest="source",
            metavar="DIRECTORY",
            help="the directory with the backups (default: DESK_BACKUP_DIRECTORY)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say what was found and what to do next."""
        try:
            moment = self.moment(options["to"])
            source = options["source"]
            directory = source.absolute() if source else catalogue.directory()
            with without_a_broker():
                restored = restoring.restore(options["target"], directory=directory, moment=moment)
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault
        for line in [*said(restored, moment), "", *next_steps(options["target"], restored)]:
            self.stdout.write(line)
        if restored.findings.faults:
            raise CommandError(
                f"{len(restored.findings.faults)} faults in the evidence; the directory stays."
            )

    def moment(self, text: str | None) -> datetime | None:
        """Read the moment, and say which zone was taken where none was typed."""
        if not text:
            return None
        moment, by_desk = moments.read(text)
        if by_desk:
            self.stdout.write(f"Read as {moment.isoformat()}, in {settings.TIME_ZONE}.")
        return moment


@contextmanager
def without_a_broker() -> Iterator[None]:
    """Say nothing of pages that a pause would wake: there are none."""
    logger = logging.getLogger("core.broker")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def said(restored: Restored, moment: datetime | None) -> Iterator[str]:
    """Say what was restored and what it holds."""
    names = ", then ".join(one.name for one in restored.plan.backups)
    until = moment.isoformat() if moment else "the last change in the archive"
    yield f"Restored from {names}, up to {until}."
    if restored.findings.is_older:
        yield "It is older than this code: migrate it first, then run verify_audit on it."
        return
    yield from held(restored.findings)


def held(found: Findings) -> Iterator[str]:
    """Say how evidence, anchors, tickets and accounts stand."""
    if found.faults:
        yield f"The evidence does not hold: {found.faults[0]}"
    else:
        yield (
            f"The evidence holds: {found.head.number} links, {found.anchors} anchors, every fact "
            "has its event."
        )
    if found.beyond:
        yield (
            f"The anchors know of link {found.beyond}: what came after link {found.head.number} "
            "is not in this database."
        )
    newest = found.newest.isoformat() if found.newest else "never"
    yield f"{found.tickets} tickets; the last event is of {newest}."
    if found.closed:
        yield (
            f"The access of {', '.join(found.closed)} does not open with the keys that are set: "
            "set the former DESK_CREDENTIALS_KEYS, or connect these accounts again."
        )


def next_steps(target: Path, restored: Restored) -> Iterator[str]:
    """Say what to do, in its order."""
    yield "Next:"
    yield f"1. Start PostgreSQL on {target.absolute()}, and let DATABASE_URL name it."
    yield (
        "2. Set the former keys. Fingerprints of those that are set now: "
        + "; ".join(f"{name} {', '.join(of) or 'none'}" for name, of in keys.fingerprints().items())
    )
    yield (
        "3. Set DESK_BACKUP_DIRECTORY and DESK_ANCHOR_FILE to new places, and keep the old ones: "
        "a restored database begins a life of its own."
    )
    if restored.findings.is_older:
        yield "4. Pause every account once the desk runs: X may know more than this database."
    else:
        paused = ", ".join(restored.paused) or "none, since none is connected"
        yield (
            f"4. Accounts that send nothing until somebody resumes them: {paused}. X may know "
            "more than this database; read the outbox and the accounts' own posts first."
        )
