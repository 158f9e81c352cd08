"""What became of backups and rehearsals: an event of the audit trail for each.

Health and figures read it from there, so that they need neither the directory nor its machine.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from core.audit import record
from core.database.db_time import desk_now
from core.models import Event
from people.models import Company
from servicedesk.backups import events, making, rehearsal
from servicedesk.backups.catalogue import Backup
from servicedesk.backups.faults import BackupFault
from servicedesk.backups.rehearsal import Rehearsed

COMPANY = Company(pk=1)


def make(kind: str, *, keep: int) -> Backup:
    """Make a backup, and write down that it was made or why not; raises `BackupFault`."""
    with failure_noted(events.BACKUP_FAILED):
        backup = making.make(kind, keep=keep)
    record(events.BACKUP_MADE, COMPANY, kind=backup.kind, backup=backup.name, bytes=backup.size)
    return backup


def rehearse(*, back: timedelta = rehearsal.BACK) -> Rehearsed:
    """Rehearse a restore, and write down what it proved or why it failed; raises `BackupFault`."""
    began = time.monotonic()
    with failure_noted(events.RESTORE_NOT_REHEARSED):
        done = rehearsal.rehearse(back=back)
    record(
        events.RESTORE_REHEARSED,
        COMPANY,
        backup=done.plan.newest.name,
        moment=done.plan.moment.isoformat() if done.plan.moment else "",
        links=done.findings.head.number,
        hash=done.findings.head.hash,
        anchors=done.findings.anchors,
        tickets=done.findings.tickets,
        seconds=round(time.monotonic() - began, 1),
    )
    return done


@contextmanager
def failure_noted(name: str) -> Iterator[None]:
    """Write a fault down as this event; that another one is at work is none."""
    try:
        yield
    except BackupFault as fault:
        if fault.code != "busy":
            record(name, COMPANY, **fault.as_data())
        raise


def last(*names: str) -> Event | None:
    """Return the newest event of these names."""
    topic = COMPANY._meta.label_lower
    return (
        Event.objects.filter(topic_kind=topic, topic_id=COMPANY.pk, name__in=names)
        .order_by("-id")
        .first()
    )


def failed_since(success: str, failure: str) -> Event | None:
    """Return the newest failure, where nothing has succeeded since."""
    event = last(success, failure)
    return event if event and event.name == failure else None


def age(name: str, now: datetime) -> timedelta | None:
    """Return how long ago this last happened; None if it never did."""
    event = last(name)
    return now - event.at if event else None


def happened_within(span: timedelta, *names: str) -> bool:
    """Whether one of these happened that lately."""
    event = last(*names)
    return event is not None and desk_now() - event.at < span
