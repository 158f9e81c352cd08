"""How backups stand: when the last one was made, and when one was last proved by restoring it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from core.models import Event
from core.text.formatting import ago, until, when
from servicedesk.backups import events, faults, journal
from servicedesk.operations.sign import Sign

BACKUP_EVERY = timedelta(hours=30)
PROOF_EVERY = timedelta(days=8)
NOT_ARCHIVED_SINCE = """
SELECT last_failed_time FROM pg_stat_archiver
WHERE last_failed_time > coalesce(last_archived_time, '-infinity')
"""


def signs(now: datetime) -> Iterator[Sign]:
    """Yield the lines; only one where the desk makes no backups."""
    if not settings.BACKUP_DIRECTORY:
        says = _(
            "The desk makes none: DESK_BACKUP_DIRECTORY is not set. Back the database up by other "
            "means, or set it."
        )
        yield Sign(_("Backups"), not settings.PRODUCTION, says)
        return
    yield Sign(_("Backups"), *made(now))
    yield Sign(_("Proven restore"), *proven(now))


def made(now: datetime) -> tuple[bool, str]:
    """Whether the last backup is there and young, and what to say of it."""
    last = journal.last(events.BACKUP_MADE)
    if failed := journal.failed_since(events.BACKUP_MADE, events.BACKUP_FAILED):
        return False, _("It failed {time}: {reason}").format(
            time=when(failed.at), reason=reason_of(failed)
        )
    if since := not_archived_since():
        sentence = _("PostgreSQL has not been able to archive its WAL since {time}. See its log.")
        return False, sentence.format(time=until(since))
    if last is None:
        return False, _("None yet. Worker and beat make the first one within minutes.")
    if now - last.at > BACKUP_EVERY:
        sentence = _("The last one was made {time}. Look at the worker’s and beat’s logs.")
        return False, sentence.format(time=when(last.at))
    return True, _("The last one was made and verified {time}.").format(time=when(last.at))


def proven(now: datetime) -> tuple[bool, str]:
    """Whether a restore was proved lately, and what to say of it."""
    last = journal.last(events.RESTORE_REHEARSED)
    says = (
        _("Last proven restore: {ago}.").format(ago=ago(last.at))
        if last
        else _("No restore has been proved yet.")
    )
    if failed := journal.failed_since(events.RESTORE_REHEARSED, events.RESTORE_NOT_REHEARSED):
        sentence = _("The last rehearsal failed {time}: {reason}")
        return False, f"{sentence.format(time=when(failed.at), reason=reason_of(failed))} {says}"
    if last is None or now - last.at > PROOF_EVERY:
        return False, says + " " + _("“manage.py rehearse_restore” proves it now.")
    return True, says


def reason_of(event: Event) -> str:
    """Say why something failed, by what its event keeps."""
    return faults.sentence(event.data["code"], event.data["values"])


def not_archived_since() -> datetime | None:
    """Return when PostgreSQL last failed to archive, if it has not succeeded since."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_ARCHIVED_SINCE)
        row = cursor.fetchone()
    return row[0] if row else None


def seconds_since(name: str, now: datetime) -> float:
    """Return how many seconds ago this last happened; -1 if it never did."""
    age = journal.age(name, now)
    return age.total_seconds() if age is not None else -1.0


GAUGES: tuple[tuple[str, str, Callable[[datetime], float]], ...] = (
    (
        "backup_age_seconds",
        "Since the last backup was made and verified; -1 if never",
        lambda now: seconds_since(events.BACKUP_MADE, now),
    ),
    (
        "backup_failed",
        "1 if the last backup failed",
        lambda now: bool(journal.failed_since(events.BACKUP_MADE, events.BACKUP_FAILED)),
    ),
    (
        "restore_proven_age_seconds",
        "Since a restore was last proved by rehearsing it; -1 if never",
        lambda now: seconds_since(events.RESTORE_REHEARSED, now),
    ),
    (
        "restore_rehearsal_failed",
        "1 if the last rehearsal of a restore failed",
        lambda now: bool(
            journal.failed_since(events.RESTORE_REHEARSED, events.RESTORE_NOT_REHEARSED)
        ),
    ),
)
