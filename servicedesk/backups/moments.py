"""The moment to which somebody wants to go back, read from what they typed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from servicedesk.backups.faults import BackupFault


def read(text: str) -> tuple[datetime, bool]:
    """Return the moment, and whether it was read in the desk's zone since none was typed.

    Raises `BackupFault` for what is no moment, and for one without a zone that the desk's clocks
    show twice or not at all.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as odd:
        raise BackupFault("bad_moment", text=text) from odd
    if moment.tzinfo:
        return moment, False
    here = moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    if here.utcoffset() != here.replace(fold=1).utcoffset():
        raise BackupFault("twice_moment", text=text, zone=settings.TIME_ZONE)
    return here, True
