"""A database brought back: backups combined, WAL played up to a moment, a server on the result.

The server has a configuration of its own and a socket that nobody else may enter, archives
nothing, and is gone at the end.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg2.extensions import make_dsn

from servicedesk.backups import catalogue
from servicedesk.backups.catalogue import Backup
from servicedesk.backups.faults import NO_ROOM, BackupFault
from servicedesk.backups.programs import Programs, last_line
from servicedesk.database import wal_archive
from servicedesk.launcher.supervisor import Part

CONFIGURATION = (
    "listen_addresses = ''\nhba_file = '{folder}/pg_hba.conf'\nident_file = '{folder}/ident'\n"
)
# Command line goes before files, also before what ALTER SYSTEM left in the copied ones.
QUIET = {
    "archive_mode": "off",
    "hot_standby": "off",
    "ssl": "off",
    "shared_preload_libraries": "",
    "recovery_target_action": "promote",
    "summarize_wal": "off",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "external_pid_file": "",
}
NOT_REACHED = "recovery ended before configured recovery target was reached"
LAST_CHANGE = re.compile(r"last completed transaction was at log time (\S+ \S+?)(?:\+00| UTC|$)")


@dataclass(frozen=True)
class Plan:
    """What is brought back: which backups of which directory, and until when (None: to the end)."""

    directory: Path
    backups: list[Backup]
    moment: datetime | None

    @property
    def newest(self) -> Backup:
        """The backup from which WAL is played on."""
        return self.backups[-1]


@dataclass(frozen=True)
class Recovered:
    """A server on the result: how to connect, and the log that it wrote."""

    socket: Path
    log: Path

    def address(self, *, name: str, user: str) -> str:
        """Return the address of a database there."""
        return make_dsn(host=str(self.socket), dbname=name, user=user)


def plan(directory: Path, moment: datetime | None) -> Plan:
    """Choose the backups. Raises `BackupFault` where none fits or one has lost its manifest."""
    known = catalogue.backups(directory)
    needed = catalogue.chain(known, catalogue.before(known, moment, directory))
    for one in needed:
        catalogue.manifest(directory, one)
    return Plan(directory, needed, moment)


def combine(made: Plan, tools: Programs, target: Path) -> None:
    """Verify every backup, combine them into an empty directory, and verify the result.

    Raises `BackupFault` and names the backup that does not hold.
    """
    for one in made.backups:
        try:
            tools.run("pg_verifybackup", "-q", "-e", catalogue.data(made.directory, one))
        except BackupFault as fault:
            if fault.code != "program":
                raise
            said = fault.values["said"]
            raise BackupFault("damaged_backup", name=one.name, said=said) from fault
    sources = [catalogue.data(made.directory, one) for one in made.backups]
    tools.run("pg_combinebackup", *sources, "-o", target)
    tools.run("pg_verifybackup", "-q", "-e", target)
    (target / "recovery.signal").touch()


def check_archive(made: Plan) -> None:
    """Read all WAL from the newest backup on.

    Raises `BackupFault`: PostgreSQL would take a file that does not hold for the end.
    """
    newest = made.newest
    fault, last = wal_archive.first_fault(
        made.directory, newest.timeline, newest.segment_bytes, lsn=newest.lsn
    )
    if fault:
        raise BackupFault(fault.code, file=fault.file)
    if last is None:
        raise BackupFault("no_wal", name=newest.name)


@contextmanager
def server(made: Plan, tools: Programs, target: Path) -> Iterator[Recovered]:
    """Play the WAL into the combined directory and serve the result.

    Raises `BackupFault`: WAL damaged or missing, the moment after its end, no room.
    """
    folder = Path(tempfile.mkdtemp(prefix="paraph-restore-", dir="/tmp"))
    try:
        recovered = prepared(folder, tools)
        part = Part(
            "PostgreSQL",
            [
                tools.directory / "postgres",
                *("-D", target, "-k", folder / "socket"),
                *(
                    word
                    for name, value in settings_of(made, folder).items()
                    for word in ("-c", f"{name}={value}")
                ),
            ],
            log=recovered.log,
            stop_signal="SIGINT",
            identity=tools.identity,
        )
        part.start()
        try:
            wait_for(part, made, tools, recovered)
            yield recovered
        finally:
            part.stop(within=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepared(folder: Path, tools: Programs) -> Recovered:
    """Write the server's configuration; only its own user reaches the socket."""
    folder.chmod(0o755)
    (folder / "postgresql.conf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "pg_hba.conf").write_text("local all all trust\n")
    (folder / "ident").write_text("")
    tools.own(folder / "socket")
    return Recovered(folder / "socket", folder / "log")


def settings_of(made: Plan, folder: Path) -> dict[str, str]:
    """Return what the server is told."""
    told = QUIET | {
        "config_file": str(folder / "postgresql.conf"),
        "restore_command": wal_archive.restore_command(made.directory),
        "recovery_target_timeline": str(made.newest.timeline),
    }
    return told | ({"recovery_target_time": made.moment.isoformat()} if made.moment else {})


def wait_for(part: Part, made: Plan, tools: Programs, recovered: Recovered) -> None:
    """Wait until all WAL is played and the server takes connections, however long that is."""
    while True:
        try:
            tools.run("pg_isready", "-q", "-h", recovered.socket)
            return
        except BackupFault:
            if not part.running():
                raise why_not(made, tools, part.log.read_text(errors="replace")) from None
        time.sleep(0.1)


def why_not(made: Plan, tools: Programs, log: str) -> BackupFault:
    """Say why a server did not come up, by its log and by the archive."""
    if NO_ROOM.search(log):
        return BackupFault("disk_full", directory=str(tools.room))
    try:
        check_archive(made)
    except BackupFault as fault:
        return fault
    if NOT_REACHED in log:
        return BackupFault("after_end", end=last_change(log) or made.newest.ended_at)
    fatal = [line for line in log.splitlines() if "FATAL" in line or "PANIC" in line]
    return BackupFault("program", program="postgres", said=last_line("\n".join(fatal) or log))


def last_change(log: str) -> str:
    """Return when the last change was that a log tells of, ISO 8601 in UTC; empty for none."""
    found = LAST_CHANGE.findall(log)
    return f"{found[-1].replace(' ', 'T')}+00:00" if found else ""
