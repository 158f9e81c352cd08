"""Why there is no backup or no restore, each reason in one sentence.

A fault travels as a code with a few values, so that a trail can keep it and any language say it.
"""

import errno
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.text import formatting


class BackupFault(Exception):
    """What stood in the way: a code of `SENTENCES`, and the values that its sentence names."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code, self.values = code, values
        super().__init__(code)

    def __str__(self) -> str:
        return sentence(self.code, self.values)

    def as_data(self) -> dict[str, Any]:
        """Return code and values as the audit trail keeps them."""
        return {"code": self.code, "values": self.values}


@contextmanager
def files_told() -> Iterator[None]:
    """Let what the file system refuses be a fault with a sentence of its own."""
    try:
        yield
    except OSError as error:
        place = str(error.filename or settings.BACKUP_DIRECTORY)
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise BackupFault("disk_full", directory=place) from error
        raise BackupFault("files", place=place, said=error.strerror or str(error)) from error


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """Say the fault in the reader's language; times are ISO 8601 in the values."""
    said = {
        name: formatting.exact(datetime.fromisoformat(value)) if name in TIMES else value
        for name, value in values.items()
    }
    return SENTENCES[code]().format(**said)


TIMES = {"first", "end", "since"}
# What PostgreSQL and its programs say of a disk that is full
NO_ROOM = re.compile(
    r"No space left on device|File too large|Disk quota exceeded|wrote (only )?[0-9]+ of [0-9]+"
)
NO_SUMMARIES = "WAL summaries are required"

SENTENCES: dict[str, Callable[[], str]] = {
    "no_directory": lambda: _(
        "There is no directory for backups: DESK_BACKUP_DIRECTORY is not set."
    ),
    "no_address": lambda: _(
        "DATABASE_BACKUP_URL is not set. A backup needs a connection of its own, with the right "
        "REPLICATION."
    ),
    "programs_missing": lambda: _(
        "The programs of PostgreSQL {version} are not on this machine. Install the package "
        "postgresql-{version}, or say by DESK_POSTGRES_PROGRAMS where they are."
    ),
    "not_reachable": lambda: _("The database does not answer for a backup: {said}"),
    "no_right": lambda: _(
        "{role} may not copy the database. A superuser gives the right: "
        "ALTER ROLE {role} REPLICATION"
    ),
    "not_archiving": lambda: _(
        "PostgreSQL does not archive its WAL, so nothing between two backups could be restored. "
        "“manage.py backup --server-settings” prints what to set."
    ),
    "not_summarizing": lambda: _(
        "An incremental backup needs summarize_wal, which is off. "
        "“manage.py backup --server-settings” prints what to set."
    ),
    "summaries_missing": lambda: _(
        "PostgreSQL no longer knows what changed since the last backup. Make a full one."
    ),
    "no_full": lambda: _("There is no backup to build on. Make a full one first."),
    "manifest_missing": lambda: _(
        "The backup {name} has lost its manifest, so nothing can be built on it or proved by it."
    ),
    "disk_full": lambda: _("There is not enough room in {directory}. Nothing was changed there."),
    "files": lambda: _("{place}: {said}. See whose it is, and who may write there."),
    "busy": lambda: _("Another backup or restore is at work in {directory}."),
    "damaged_backup": lambda: _("The backup {name} is damaged: {said}"),
    "damaged_wal": lambda: _(
        "The WAL file {file} is damaged. What came before it can be restored with “--to”."
    ),
    "missing_wal": lambda: _(
        "The WAL file {file} is missing. What came before it can be restored with “--to”."
    ),
    "no_wal": lambda: _("The archive has no WAL that goes with the backup {name}."),
    "not_empty": lambda: _(
        "{directory} holds something. Name a directory that is empty or not there yet."
    ),
    "not_enterable": lambda: _(
        "PostgreSQL does not run as root but as nobody, who may not enter {directory}. Choose "
        "another directory, or work as another user."
    ),
    "no_backup": lambda: _("There is no backup in {directory}."),
    "before_first": lambda: _(
        "That is before the first backup was complete ({first}); no earlier moment can be restored."
    ),
    "after_end": lambda: _(
        "The archive ends before that moment: its last change is of {end}. Name that moment or an "
        "earlier one, or leave “--to” out."
    ),
    "another_life": lambda: _(
        "{directory} holds backups of another database, or of this one before it was restored. "
        "Keep it, and choose a new directory."
    ),
    "bad_moment": lambda: _(
        "{text} is not a point in time. Write it like 2026-11-28T01:02:03+01:00."
    ),
    "twice_moment": lambda: _(
        "{text} happens twice or never in {zone}, where the clocks change then. Add the zone, like "
        "+01:00."
    ),
    "program": lambda: _("{program} failed: {said}"),
    "not_examined": lambda: _("The restored database cannot be examined: {said}"),
    "evidence": lambda: _(
        "The restored database holds {n} faults in its evidence, the first: {said}"
    ),
    "another_chain": lambda: _(
        "The restored audit trail is not the one that the desk has: they part at link {n}."
    ),
}
