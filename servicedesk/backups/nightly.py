"""Which backup is due, and whether a rehearsal is: asked by the worker every few minutes.

A full backup once a week and an incremental one every night; each week a rehearsal. What failed is
tried again after a while, not at once: a full disk does not empty itself.
"""

from datetime import datetime, time, timedelta

from django.utils import timezone

from core.database.db_time import desk_now
from servicedesk.backups import catalogue, events, journal
from servicedesk.backups.catalogue import FULL, INCREMENTAL, Backup
from servicedesk.backups.faults import BackupFault

NIGHT = time(2, 0)
WEEK = timedelta(days=7)
AGAIN_AFTER = timedelta(hours=1)
REHEARSE_AGAIN_AFTER = timedelta(hours=12)


def back_up_if_due(*, keep: int) -> bool:
    """Make the backup that this night wants; whether one was made.

    Where PostgreSQL no longer knows what changed, a full one is made in its place.
    """
    if journal.happened_within(AGAIN_AFTER, events.BACKUP_FAILED):
        return False
    kind = due(catalogue.backups(catalogue.directory()), desk_now())
    if not kind:
        return False
    try:
        journal.make(kind, keep=keep)
    except BackupFault as fault:
        if fault.code == "busy":
            return False
        if kind == FULL or fault.code not in {"summaries_missing", "manifest_missing"}:
            raise
        journal.make(FULL, keep=keep)
    return True


def due(known: list[Backup], now: datetime) -> str:
    """Return the kind of backup that is due; empty for none."""
    night = last_night(now)
    if known and known[-1].end >= night:
        return ""
    full = [one for one in known if one.is_full]
    if not full or last_night(full[-1].end) <= night - WEEK:
        return FULL
    return INCREMENTAL


def last_night(now: datetime) -> datetime:
    """Return when the last night was, by the desk's clock."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    night = datetime.combine(local.date(), NIGHT, tzinfo=local.tzinfo)
    return night if night <= local else night - timedelta(days=1)


def rehearse_if_due() -> bool:
    """Rehearse a restore once a week; whether it was done."""
    if journal.happened_within(WEEK, events.RESTORE_REHEARSED):
        return False
    if journal.happened_within(REHEARSE_AGAIN_AFTER, events.RESTORE_NOT_REHEARSED):
        return False
    if not catalogue.backups(catalogue.directory()):
        return False
    try:
        journal.rehearse()
    except BackupFault as fault:
        if fault.code == "busy":
            return False
        raise
    return True
