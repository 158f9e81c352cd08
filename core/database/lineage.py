"""Which server these rows live on, and whether it is still the one that the desk knows.

After a failover without the last transactions, and after a restored dump, the rows look whole.
But PostgreSQL counts a timeline up at every promotion, and another cluster or another database
bears another number. Sources: PostgreSQL documentation, "Timelines" and "System Information
Functions".
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from core.database.db_time import desk_now
from core.models import Lineage

QUESTION = """
SELECT
  (SELECT system_identifier::text FROM pg_control_system()),
  ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int,
  (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
"""


class Place(NamedTuple):
    """A server, its timeline, and the database on it."""

    system: str
    timeline: int
    database: int


def here() -> Place:
    """Ask the server where this connection is.

    Raises `DatabaseError` on a standby, which has no position to write at.
    """
    with connection.cursor() as cursor:
        cursor.execute(QUESTION)
        return Place(*cursor.fetchone())


def known() -> Place | None:
    """Return the place where the desk knows its rows to be; None where it never noted one."""
    last = Lineage.objects.order_by("-id").values_list("system", "timeline", "database").first()
    return Place(*last) if last else None


def is_other() -> bool:
    """Whether the rows are at another place than the desk knows, and nobody has noted it yet."""
    last = known()
    return last is not None and last != here()


@transaction.atomic
def note() -> bool:
    """Note where the rows are; returns whether that is another place than before.

    The first place is noted and is no other. Of several workers one notes it.
    """
    if known() == here():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('core_lineage'))")
    before, now = known(), here()
    if before == now:
        return False
    Lineage.objects.create(**now._asdict())
    return before is not None


def changed_at() -> datetime | None:
    """Return when the desk noticed that its rows are at another place; None where it never did."""
    noted = list(Lineage.objects.order_by("id").values_list("at", flat=True))
    return noted[-1] if len(noted) > 1 else None


def settled_at() -> datetime | None:
    """Return until when what was under way may still appear in public; None where that is over.

    A process that had claimed a reply on the former server may send it until its lease is over, and
    a network may show it as late as the settle time after that.
    """
    changed = changed_at()
    if changed is None:
        return None
    ends = changed + timedelta(seconds=settings.LEASE_SECONDS + settings.SETTLE_SECONDS)
    return ends if ends > desk_now() else None
