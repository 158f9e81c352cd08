"""The running database that is backed up, seen through the connection that backups have.

`DATABASE_BACKUP_URL` names a role that may copy everything (REPLICATION) and change nothing.
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import psycopg2
from django.conf import settings
from psycopg2.extensions import make_dsn, parse_dsn

from servicedesk.backups.faults import BackupFault
from servicedesk.backups.programs import last_line

LOOK = """
SELECT current_user, role.rolreplication OR role.rolsuper,
  current_setting('server_version_num')::int, current_setting('archive_mode') <> 'off'
    AND current_setting('archive_command') NOT IN ('', '(disabled)'),
  current_setting('summarize_wal')::bool,
  (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'),
  (SELECT system_identifier FROM pg_control_system()),
  (SELECT timeline_id FROM pg_control_checkpoint()),
  (SELECT sum(pg_database_size(oid)) FROM pg_database
    WHERE has_database_privilege(oid, 'CONNECT'))::bigint
FROM pg_roles role WHERE role.rolname = current_user
"""


@dataclass(frozen=True)
class Source:
    """What a backup must know of the server; `size` in bytes."""

    role: str
    may_copy: bool
    version: int
    archives: bool
    summarizes: bool
    segment_bytes: int
    system: int
    timeline: int
    size: int

    @property
    def major(self) -> int:
        """The version that programs must have."""
        return self.version // 10_000


def look() -> Source:
    """Ask the server.

    Raises `BackupFault`: no address, not reachable, no right to copy, no archive of WAL.
    """
    with closing(connect()) as line, line.cursor() as cursor:
        cursor.execute(LOOK)
        row = cursor.fetchone()
    assert row
    source = Source(*row)
    if not source.may_copy:
        raise BackupFault("no_right", role=source.role)
    if not source.archives:
        raise BackupFault("not_archiving")
    return source


def now() -> datetime:
    """Return the server's time."""
    with closing(connect()) as line, line.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    assert row
    return row[0]


def connect() -> psycopg2.extensions.connection:
    """Open a connection as the role of backups."""
    if not settings.DATABASE_BACKUP_URL:
        raise BackupFault("no_address")
    try:
        return psycopg2.connect(settings.DATABASE_BACKUP_URL, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise BackupFault("not_reachable", said=last_line(str(error))) from error


def address() -> tuple[str, dict[str, str]]:
    """Return the address without its password, and the environment with it.

    Arguments of a program can be read by everybody on the machine.
    """
    parts = parse_dsn(settings.DATABASE_BACKUP_URL)
    password = parts.pop("password", "")
    return make_dsn(**parts), {"PGPASSWORD": password} if password else {}
