"""What is due when, what health and the trail say of backups, and how WAL is archived.

Nothing here needs a cluster; that backups can be restored is told in `test_backups.py`.
"""

import gzip
import re
import subprocess
from datetime import datetime
from string import Formatter
from types import SimpleNamespace

import pytest
from django.utils import translation

from core.audit import record
from servicedesk.backups import events, faults, journal, nightly
from servicedesk.backups.catalogue import FULL, INCREMENTAL
from servicedesk.backups.faults import BackupFault
from servicedesk.celery import app, timetable
from servicedesk.database import wal_archive
from servicedesk.launcher.running import ROOT


def test_the_archive_takes_a_file_once_and_never_another_of_that_name(tmp_path):
    (tmp_path / "wal's").mkdir()
    (tmp_path / "wal's" / "wal").mkdir()
    for content, code in ((b"one", 0), (b"one", 0), (b"two", 1)):
        (tmp_path / "segment").write_bytes(content)
        command = wal_archive.archive_command(tmp_path / "wal's")
        filled = command.replace("%p", str(tmp_path / "segment")).replace("%f", "0001")
        assert subprocess.run(filled, shell=True, capture_output=True).returncode == code
    [kept] = (tmp_path / "wal's" / "wal").iterdir()
    assert (kept.name, gzip.decompress(kept.read_bytes())) == ("0001.gz", b"one")


def at(text, kind=FULL):
    """A backup that was complete then."""
    return SimpleNamespace(end=datetime.fromisoformat(text), is_full=kind == FULL)


@pytest.mark.parametrize(
    ("known", "now_is", "kind"),
    [
        ([], "2026-11-28T12:00+01:00", FULL),
        ([at("2026-11-28T02:01+01:00")], "2026-11-28T12:00+01:00", ""),
        ([at("2026-11-27T12:00+01:00")], "2026-11-28T01:59+01:00", ""),
        ([at("2026-11-27T12:00+01:00")], "2026-11-28T02:00+01:00", INCREMENTAL),
        ([at("2026-11-21T02:01+01:00"), at("2026-11-27T02:01+01:00", INCREMENTAL)],
         "2026-11-28T02:01+01:00", FULL),
        ([at("2026-11-22T02:01+01:00"), at("2026-11-27T02:01+01:00", INCREMENTAL)],
         "2026-11-28T02:01+01:00", INCREMENTAL),
        ([at("2026-10-25T02:30+02:00")], "2026-10-25T12:00+01:00", ""),
    ],
)  # fmt: skip
def test_each_night_has_its_backup_and_each_week_a_full_one(known, now_is, kind):
    assert nightly.due(known, datetime.fromisoformat(now_is)) == kind


def test_every_fault_has_a_sentence_in_both_languages_and_is_raised_somewhere():
    sources = "".join(
        path.read_text()
        for folder in ("backups", "database")
        for path in (ROOT / "servicedesk" / folder).glob("*.py")
    )
    for code, make in faults.SENTENCES.items():
        assert re.search(rf"""(BackupFault|Fault)\(\s*"{code}\"""", sources), code
        said = {}
        for language in ("en", "de"):
            with translation.override(language):
                names = {name for _text, name, *_rest in Formatter().parse(make()) if name}
                values = {
                    name: "2026-11-28T01:02:03+00:00" if name in faults.TIMES else "x1"
                    for name in names
                }
                said[language] = faults.sentence(code, values)
        assert said["en"] != said["de"], code


def test_beat_asks_for_backups_where_a_directory_is_set(settings):
    asked = {"servicedesk.tasks.back_up", "servicedesk.tasks.rehearse_restore"}
    assert not asked & set(timetable())
    settings.BACKUP_DIRECTORY = "/srv/backups"
    assert asked <= set(timetable())
    assert asked <= set(app.tasks)


def test_health_says_that_no_backups_are_made(desk, client, settings):
    client.force_login(desk.max)
    page = client.get("/health/").content.decode()
    assert "The desk makes none: DESK_BACKUP_DIRECTORY is not set." in page
    assert "Proven restore" not in page
    settings.BACKUP_DIRECTORY = "/srv/backups"
    page = client.get("/health/").content.decode()
    assert "None yet. Worker and beat make the first one within minutes." in page
    assert "No restore has been proved yet." in page


def test_the_trail_tells_of_backups_and_of_what_failed(desk, client):
    record(events.BACKUP_MADE, journal.COMPANY, kind=INCREMENTAL, backup="b", bytes=1)
    record(events.RESTORE_REHEARSED, journal.COMPANY, links=1200, tickets=34)
    fault = BackupFault("damaged_wal", file="000000010000000000000006")
    record(events.RESTORE_NOT_REHEARSED, journal.COMPANY, **fault.as_data())
    record(events.BACKUP_FAILED, journal.COMPANY, **BackupFault("no_full").as_data())
    client.force_login(desk.max)
    page = client.get("/audit/?everything=on").content.decode()
    for words in (
        "An incremental backup was made and verified.",
        "1,200 links of the audit trail hold, 34 tickets are there.",
        "The rehearsal of a restore failed: The WAL file 000000010000000000000006 is damaged.",
        "A backup failed: There is no backup to build on.",
    ):
        assert words in page
