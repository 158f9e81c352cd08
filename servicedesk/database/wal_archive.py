"""The archive of write-ahead log (WAL): every change of the database, file after file.

PostgreSQL fills it by itself with a command of the shell, which needs nothing of the desk on the
database's machine. Standard library only: the launcher asks before Django is set up. Source:
PostgreSQL documentation, "Continuous Archiving and Point-in-Time Recovery (PITR)".
"""

import gzip
import re
import shlex
import zlib
from dataclasses import dataclass
from pathlib import Path

SEGMENT = re.compile(r"[0-9A-F]{24}")
BYTES_READ = 1 << 20
# How long a change may wait, at most, before it is in the archive
TIMEOUT_SECONDS = 300


@dataclass(frozen=True)
class Segment:
    """One file of the archive: its timeline, its place in the order, and where it is."""

    timeline: int
    number: int
    path: Path

    @property
    def name(self) -> str:
        """What PostgreSQL calls it."""
        return self.path.name.removesuffix(".gz")


@dataclass(frozen=True)
class Fault:
    """The first file that is not as it should be: `damaged_wal` or `missing_wal`, and its name."""

    code: str
    file: str


def folder(directory: Path) -> Path:
    """Where in a backup directory the archive is."""
    return directory / "wal"


def archive_command(directory: Path) -> str:
    """Return the command by which PostgreSQL archives one file.

    It copies to a temporary name, writes that through to the disk and renames it. A file that is
    there already is left as it is: with the same content all is well, with another it fails.
    Files can be read by the group.
    """
    target = shlex.quote(str(folder(directory))).replace("%", "%%")
    return (
        f"umask 027; if [ -e {target}/%f.gz ]; then gzip -dc {target}/%f.gz | cmp -s - %p; "
        f"else gzip -1 -n -c %p > {target}/.%f.part && sync {target}/.%f.part && "
        f"mv {target}/.%f.part {target}/%f.gz && sync {target}; fi"
    )


def restore_command(directory: Path) -> str:
    """Return the command by which PostgreSQL fetches one file back."""
    source = shlex.quote(str(folder(directory))).replace("%", "%%")
    return f"gzip -dc {source}/%f.gz > %p"


def server_settings(directory: Path) -> dict[str, str]:
    """Return what a PostgreSQL must be told, so that backups into this directory are possible."""
    return {
        "archive_mode": "on",
        "archive_command": archive_command(directory),
        "archive_timeout": str(TIMEOUT_SECONDS),
        "summarize_wal": "on",
    }


def segments(directory: Path, timeline: int, segment_bytes: int) -> list[Segment]:
    """Return the archived files of a timeline in their order.

    A file of WAL has `segment_bytes` bytes.
    """
    of_a_log = (1 << 32) // segment_bytes
    found = [
        Segment(
            int(path.name[:8], 16),
            int(path.name[8:16], 16) * of_a_log + int(path.name[16:24], 16),
            path,
        )
        for path in folder(directory).glob("*.gz")
        if SEGMENT.fullmatch(path.name.removesuffix(".gz"))
    ]
    return sorted((one for one in found if one.timeline == timeline), key=lambda one: one.number)


def number_of(lsn: str, segment_bytes: int) -> int:
    """Return the place in the order of the file with this position (`0/3000028`)."""
    high, low = lsn.split("/")
    return ((int(high, 16) << 32) + int(low, 16)) // segment_bytes


def first_fault(
    directory: Path, timeline: int, segment_bytes: int, *, lsn: str
) -> tuple[Fault | None, Segment | None]:
    """Read every file from this position on.

    Returns the first fault (None where all hold), and the last file before it.
    """
    start, last = number_of(lsn, segment_bytes), None
    for one in segments(directory, timeline, segment_bytes):
        if one.number < start:
            continue
        if one.number != (last.number + 1 if last else start):
            return Fault("missing_wal", name_before(one, segment_bytes)), last
        if not is_whole(one.path, segment_bytes):
            return Fault("damaged_wal", one.name), last
        last = one
    return None, last


def name_before(segment: Segment, segment_bytes: int) -> str:
    """Return the name of the file before this one."""
    log, place = divmod(segment.number - 1, (1 << 32) // segment_bytes)
    return f"{segment.timeline:08X}{log:08X}{place:08X}"


def is_whole(path: Path, segment_bytes: int) -> bool:
    """Whether the file unpacks to what was packed (by its checksum), and to its full length."""
    length = 0
    try:
        with gzip.open(path) as file:
            while part := file.read(BYTES_READ):
                length += len(part)
    except (OSError, EOFError, zlib.error):
        return False
    return length == segment_bytes


def forget_before(directory: Path, *, lsn: str, timeline: int, segment_bytes: int) -> int:
    """Delete the files that no backup from this position on needs; returns how many."""
    start = number_of(lsn, segment_bytes)
    old = [one for one in segments(directory, timeline, segment_bytes) if one.number < start]
    for one in old:
        one.path.unlink(missing_ok=True)
    return len(old)
