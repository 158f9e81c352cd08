"""A desk is backed up, loses rows, and is brought back to the second before.

Whatever stands in the way is refused in one sentence, and what was there stays as it was.
"""

import base64
import functools
import gzip
import io
import json
import os
import re
import resource
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from core import audit_chain
from core.channel import acting_through
from core.database.db_time import desk_now
from core.models import Event
from people.identity.tokens import issue
from posting.models import Delivery
from posting.sending import delivery
from servicedesk import tasks
from servicedesk.backups import catalogue, events, journal, making, nightly, rehearsal
from servicedesk.backups.catalogue import FULL, INCREMENTAL
from servicedesk.backups.faults import BackupFault
from servicedesk.database import wal_archive
from servicedesk.evidence import anchors, audit_check
from servicedesk.operations import backup_signs, monitoring
from tests import factories
from tests.conftest import with_our_accounts
from tests.stack import Simulator
from tests.support.installations import (
    Installation,
    copied,
    count,
    enterable,
    now,
    replaced,
)
from tickets.ingestion import polling
from tickets.models import Feed, Ticket

pytestmark = [pytest.mark.stack, pytest.mark.django_db]

KEY = base64.b64encode(bytes(range(32))).decode()
LOST = ("approvals_revision", "approvals_draft", "tickets_ticket", "tickets_mention", "core_event")


def a_desk(x):
    """People with tokens, and a reply that two of them stand behind and X shows."""
    desk = factories.make_desk()
    for name in ("aylin", "rita"):
        issue(getattr(desk, name), name="test")
    x.says("grace_adeyemi", "@AmselnetzHilfe the router blinks orange")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    with acting_through(f"token:{desk.aylin.tokens.get().pk}"):
        revision = factories.submitted(desk, Ticket.objects.get())
    with acting_through(f"token:{desk.rita.tokens.get().pk}"):
        factories.approved(desk, revision)
    delivery.send_due()
    assert Delivery.objects.get().status == "posted"
    return desk


def works_on(desk):
    """One more ticket, with a draft."""
    with acting_through(f"token:{desk.aylin.tokens.get().pk}"):
        factories.submitted(desk, text="Hi Grace, and now?")
    return {table: count(table) for table in LOST}


def the_story(installation, x):
    """Work, a full backup, work, an incremental one, work, a moment, and then the loss."""
    story = SimpleNamespace(installation=installation)
    desk = installation.work(lambda: a_desk(x))
    installation.work(anchors.write)
    story.first = installation.work(lambda: journal.make(FULL, keep=4))
    installation.work(lambda: works_on(desk))
    story.second = installation.work(lambda: journal.make(INCREMENTAL, keep=4))
    story.rows = installation.work(lambda: works_on(desk))
    installation.work(anchors.write)
    story.head = installation.work(audit_chain.head)
    story.moment = now()
    for table in LOST:
        installation.as_superuser(f"DELETE FROM {table}")
    story.lost = installation.archive()
    return story


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    """The whole story, told once for all tests of this file."""
    with django_db_blocker.unblock():
        installation, simulator = Installation(), Simulator()
        with override_settings(
            ANCHOR_KEY=KEY,
            ANCHOR_FILE=str(installation.folder / "anchors.jsonl"),
            BACKUP_DIRECTORY=str(installation.backups),
            DATABASE_BACKUP_URL=installation.url("desk_backup"),
            SEND_DELAY_SECONDS=0,
            X_API_URL=simulator.url,
        ):
            with_our_accounts(simulator, SimpleNamespace())
            yield the_story(installation, simulator)
        simulator.stop()
        installation.stop()


@pytest.fixture
def folder():
    """A place for what is restored, and for copies to damage."""
    place = enterable()
    yield place
    shutil.rmtree(place)


def restored(target, **options):
    """What the command says, and why it refused if it did."""
    said = io.StringIO()
    try:
        call_command("restore", str(target), stdout=said, **options)
    except CommandError as refused:
        return said.getvalue(), str(refused)
    return said.getvalue(), ""


@contextmanager
def served(data):
    """A server on what was restored, started as the launcher starts any."""
    other = Installation(data)
    try:
        yield other
    finally:
        other.stop()


def test_a_desk_comes_back_as_it_was_the_second_before_its_rows_were_deleted(story, folder):
    counted = [story.installation.as_superuser(f"SELECT count(*) FROM {one}") for one in LOST]
    assert counted == [[(0,)]] * len(LOST)
    said, refused = restored(folder / "data", to=story.moment)
    assert refused == ""
    assert f"Restored from {story.first.name}, then {story.second.name}" in said
    assert f"The evidence holds: {story.head.number} links, 2 anchors" in said
    assert f"{story.rows['tickets_ticket']} tickets" in said
    assert "does not open" not in said
    assert "@AmselnetzHilfe" in said.partition("until somebody resumes them")[2]
    with served(folder / "data") as other:
        rows = other.work(lambda: {table: count(table) for table in LOST})
        paused = other.work(lambda: Event.objects.filter(name="account.paused").count())
        report = other.work(audit_check.examine)
        assert other.work(lambda: audit_chain.hash_of_link(story.head.number)) == story.head.hash
        assert other.work(lambda: Delivery.objects.get().status) == "posted"
    assert paused == 2
    assert rows == {**story.rows, "core_event": story.rows["core_event"] + paused}
    assert (report.faults, report.anchors) == ([], 2)
    assert report.links == story.head.number + paused


def test_a_moment_without_a_zone_is_the_desks_and_said(story, folder):
    local = datetime.fromisoformat(story.moment).astimezone(timezone.get_default_timezone())
    said, refused = restored(folder / "data", to=local.replace(tzinfo=None).isoformat())
    assert refused == ""
    assert f"Read as {local.isoformat()}, in Europe/Berlin." in said


def test_what_is_written_beside_a_backup_says_what_it_is(story):
    about = json.loads(
        (catalogue.base(story.installation.backups) / story.first.name / "about.json").read_text()
    )
    assert about["kind"] == "full"
    assert (
        about["number"]
        == story.installation.as_superuser(
            f"SELECT number FROM core_link WHERE hash = '{about['hash']}'"
        )[0][0]
    )
    assert about["began_at"] < about["ended_at"] < story.second.ended_at
    assert (about["desk"], about["version"] // 10_000) == ("0.1.0", 18)
    assert about["size"] > 10_000_000
    assert story.second.parent == story.first.name
    assert story.second.size < story.first.size


def test_the_keys_that_are_not_the_ones_name_the_accounts_to_connect_again(story, folder, settings):
    settings.CREDENTIALS_KEYS = base64.urlsafe_b64encode(os.urandom(32)).decode()
    said, refused = restored(folder / "data", to=story.moment)
    assert refused == ""
    assert "The access of @AmselnetzHilfe, @AmselnetzBiz does not open" in said


def test_evidence_that_was_tampered_with_is_named_and_the_directory_stays(story, folder):
    """To the last change there is: the rows are gone, and the evidence says so."""
    said, refused = restored(folder / "data")
    assert "The evidence does not hold: " in said
    assert "faults in the evidence; the directory stays." in refused
    assert (folder / "data" / "PG_VERSION").exists()


def cut(path):
    """Half of the file is gone."""
    replaced(path, path.read_bytes()[: path.stat().st_size // 2])


def other_bytes(path):
    """Unpacks, but not to a whole file of WAL."""
    replaced(path, gzip.compress(b"nothing"))


@pytest.mark.parametrize("damage", [cut, other_bytes])
def test_damaged_wal_is_refused_by_name(story, folder, damage):
    backups = copied(story.installation.backups, folder)
    damage(backups / "wal" / story.lost)
    name = story.lost.removesuffix(".gz")
    for options in ({}, {"to": story.moment}):
        _said, refused = restored(folder / "data", source=backups, **options)
        assert refused.startswith(f"The WAL file {name} is damaged.")
        assert not (folder / "data").exists()


def test_missing_wal_is_refused_by_name(story, folder):
    backups = copied(story.installation.backups, folder)
    gone = wal_archive.segments(backups, 1, story.second.segment_bytes)
    place = next(
        one
        for one in gone
        if one.number == wal_archive.number_of(story.second.lsn, story.second.segment_bytes)
    )
    place.path.unlink()
    _said, refused = restored(folder / "data", source=backups)
    assert refused.startswith(f"The WAL file {place.name} is missing.")


def test_a_backup_without_its_manifest_is_refused(story, folder):
    backups = copied(story.installation.backups, folder)
    catalogue.manifest(backups, story.first).unlink()
    _said, refused = restored(folder / "data", source=backups, to=story.moment)
    assert refused.startswith(f"The backup {story.first.name} has lost its manifest")


def test_a_damaged_backup_is_refused_by_name(story, folder):
    backups = copied(story.installation.backups, folder)
    largest = max(
        (catalogue.data(backups, story.first) / "base").rglob("*"),
        key=lambda one: one.stat().st_size,
    )
    replaced(largest, largest.read_bytes()[:-1] + b"x")
    _said, refused = restored(folder / "data", source=backups, to=story.moment)
    assert refused.startswith(f"The backup {story.first.name} is damaged: ")
    assert not (folder / "data").exists()


def test_nothing_is_restored_over_anything(story, folder):
    (folder / "data").mkdir()
    (folder / "data" / "precious").write_text("x")
    _said, refused = restored(folder / "data", to=story.moment)
    assert "holds something" in refused
    assert [one.name for one in (folder / "data").iterdir()] == ["precious"]


def test_a_moment_before_the_first_backup_and_one_after_the_end_are_refused(story, folder):
    before = (story.first.end - timedelta(seconds=1)).isoformat()
    _said, refused = restored(folder / "data", to=before)
    assert refused.startswith("That is before the first backup was complete (")
    after = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    _said, refused = restored(folder / "data", to=after)
    assert refused.startswith("The archive ends before that moment: its last change is of ")
    assert list(folder.glob("data")) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yesterday", "is not a point in time"),
        ("2026-10-25T02:30", "happens twice or never in Europe/Berlin"),
    ],
)
def test_what_is_no_single_moment_is_refused(folder, text, says):
    _said, refused = restored(folder / "data", to=text)
    assert says in refused


def test_a_directory_without_backups_is_refused(folder):
    _said, refused = restored(folder / "data", source=folder)
    assert refused == f"There is no backup in {folder}."


@contextmanager
def files_no_larger_than(size):
    """As on a disk that is full: no file of a child grows beyond."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


@contextmanager
def tiny_disk(place):
    """A disk of a megabyte, where one may be mounted; else a limit for each file."""
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", place]).returncode:
        with files_no_larger_than(1 << 20):
            yield
        return
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_backup_that_does_not_fit_is_refused_and_leaves_nothing(story, folder, settings):
    settings.BACKUP_DIRECTORY = str(folder)
    with tiny_disk(folder), pytest.raises(BackupFault, match="There is not enough room in"):
        story.installation.work(lambda: making.make(FULL, keep=4))
    assert catalogue.backups(folder) == []


def test_a_disk_that_is_full_on_the_way_leaves_what_was_there(story, folder):
    known = catalogue.backups(story.installation.backups)
    for kind in (FULL, INCREMENTAL):
        with files_no_larger_than(1 << 20), pytest.raises(BackupFault) as refused:
            story.installation.work(lambda kind=kind: making.make(kind, keep=4))
        assert refused.value.code == "disk_full"
    assert catalogue.backups(story.installation.backups) == known
    left = {one.name for one in catalogue.base(story.installation.backups).iterdir()}
    assert left == {one.name for one in known}
    with files_no_larger_than(1 << 20):
        _said, refused = restored(folder / "data", to=story.moment)
    assert refused.startswith("There is not enough room in ")
    assert not (folder / "data").exists()


def test_a_role_without_the_right_or_no_programs_or_no_archive_are_named(story, settings):
    make = functools.partial(making.make, FULL, keep=4)
    settings.DATABASE_BACKUP_URL = story.installation.url("desk_app")
    with pytest.raises(BackupFault, match="desk_app may not copy the database"):
        story.installation.work(make)
    settings.DATABASE_BACKUP_URL = story.installation.url("desk_backup")
    settings.POSTGRES_PROGRAMS = "/nowhere"
    with pytest.raises(BackupFault, match="programs of PostgreSQL 18 are not on this machine"):
        story.installation.work(make)
    settings.DATABASE_BACKUP_URL = os.environ["DATABASE_OWNER_URL"].replace(
        "desk_owner@", "desk_backup@"
    )
    with pytest.raises(BackupFault, match="does not archive its WAL"):
        make()
    settings.DATABASE_BACKUP_URL = "postgresql://desk_backup@/desk?host=/nowhere"
    with pytest.raises(BackupFault, match="does not answer for a backup"):
        make()
    settings.DATABASE_BACKUP_URL = ""
    with pytest.raises(BackupFault, match="DATABASE_BACKUP_URL is not set"):
        make()


def test_two_at_once_and_backups_of_another_database_are_refused(story, folder, settings):
    with catalogue.locked(story.installation.backups), pytest.raises(BackupFault) as busy:
        story.installation.work(lambda: journal.make(FULL, keep=4))
    assert busy.value.code == "busy"
    settings.BACKUP_DIRECTORY = str(copied(story.installation.backups, folder))
    about = catalogue.base(folder / "backups") / story.first.name / catalogue.ABOUT
    replaced(about, about.read_text().replace('"timeline": 1', '"timeline": 2').encode())
    with pytest.raises(BackupFault, match="or of this one before it was restored"):
        story.installation.work(lambda: making.make(FULL, keep=4))


def test_pruning_keeps_the_newest_full_backups_with_what_builds_on_them(story, folder):
    backups = copied(story.installation.backups, folder)
    for name, kind, parent in (("later", FULL, ""), ("last", INCREMENTAL, "later")):
        place = catalogue.base(backups) / name
        (place / "data").mkdir(parents=True)
        ended = f"2100-01-0{len(name) - 3}T00:00:00+00:00"
        written = replace(story.second, name=name, kind=kind, parent=parent, ended_at=ended)
        catalogue.write_about(place, asdict(written))
    before = len(wal_archive.segments(backups, 1, story.first.segment_bytes))
    assert catalogue.prune(backups, keep=2) == []
    assert catalogue.prune(backups, keep=1) == [story.first.name, story.second.name]
    assert [one.name for one in catalogue.backups(backups)] == ["last", "later"]
    left = wal_archive.segments(backups, 1, story.first.segment_bytes)
    assert 0 < len(left) < before
    assert left[0].number == wal_archive.number_of(story.second.lsn, story.second.segment_bytes)


@pytest.fixture
def before_the_loss(story, folder, settings):
    """A backup directory of one's own, as it was before rows were lost."""
    backups = copied(story.installation.backups, folder)
    for path in wal_from(backups, story.lost):
        path.unlink()
    settings.BACKUP_DIRECTORY = str(backups)
    return backups


def wal_from(backups, name):
    """The archived files from this one on."""
    return sorted(path for path in (backups / "wal").iterdir() if path.name >= name)


def health(story, *, later=timedelta()):
    """What health says of backups and their proof, and the figures; `later` from now."""

    def look():
        at = desk_now() + later
        return {one.name: one for one in backup_signs.signs(at)} | {
            name: value(at) for name, _says, value in backup_signs.GAUGES
        }

    return story.installation.work(look)


def test_a_rehearsal_proves_the_backups_and_health_says_so(story, before_the_loss):
    said = io.StringIO()
    story.installation.work(lambda: call_command("rehearse_restore", stdout=said))
    assert f"ok: {story.second.name} restored to the end of the archive" in said.getvalue()
    event = story.installation.work(lambda: journal.last(events.RESTORE_REHEARSED))
    assert event.data["tickets"] == story.rows["tickets_ticket"] - 1
    assert (
        event.data["hash"]
        == story.installation.as_superuser(
            f"SELECT hash FROM core_link WHERE number = {event.data['links']}"
        )[0][0]
    )
    shown = health(story)
    assert (shown["Proven restore"].well, shown["restore_rehearsal_failed"]) == (True, 0)
    assert shown["Proven restore"].says == "Last proven restore: just now."
    assert 0 <= shown["restore_proven_age_seconds"] < 600
    assert not health(story, later=timedelta(days=9))["Proven restore"].well
    assert not list(before_the_loss.glob(f"{catalogue.UNFINISHED}*"))


def test_a_rehearsal_goes_back_before_the_newest_wal_where_a_backup_is_so_old(
    story, before_the_loss
):
    newest = wal_from(before_the_loss, "0")[-1]
    late = story.second.end.timestamp() + 3600
    os.utime(newest, (late, late))
    plan = rehearsal.plan(before_the_loss, timedelta(minutes=15))
    assert plan.moment == datetime.fromtimestamp(late - 900, UTC)
    assert plan.newest == story.second


def damaged(story, backups):
    """A file of WAL."""
    place = wal_archive.number_of(story.second.lsn, story.second.segment_bytes)
    segments = wal_archive.segments(backups, 1, story.second.segment_bytes)
    [first] = [one for one in segments if one.number == place]
    cut(first.path)
    return f"The WAL file {first.name} is damaged."


def without_manifest(story, backups):
    """The newest backup's."""
    catalogue.manifest(backups, story.second).unlink()
    return f"The backup {story.second.name} has lost its manifest"


def with_lost_rows(story, backups):
    """The WAL in which the rows were lost is there again."""
    lost = wal_from(story.installation.backups, story.lost)
    subprocess.run(["cp", "-a", *lost, backups / "wal"], check=True)
    return "The restored database holds "


@pytest.mark.parametrize("damage", [damaged, without_manifest, with_lost_rows])
def test_a_rehearsal_that_fails_is_told_in_one_sentence_and_the_desk_goes_on(
    story, before_the_loss, damage
):
    says = damage(story, before_the_loss)
    (before_the_loss / "lock").touch()
    files = sorted(before_the_loss.rglob("*"))
    with pytest.raises(CommandError, match=re.escape(says)):
        story.installation.work(lambda: call_command("rehearse_restore"))
    shown = health(story)
    assert (shown["Proven restore"].well, shown["restore_rehearsal_failed"]) == (False, 1)
    assert shown["Proven restore"].says.startswith("The last rehearsal failed today at ")
    assert says in shown["Proven restore"].says
    assert sorted(before_the_loss.rglob("*")) == files
    assert story.installation.work(monitoring.signs)


def test_a_rehearsal_on_a_full_disk_is_told_in_one_sentence(story, before_the_loss):
    with files_no_larger_than(1 << 20), pytest.raises(BackupFault, match="not enough room"):
        story.installation.work(journal.rehearse)
    assert "not enough room" in health(story)["Proven restore"].says


def test_the_worker_backs_up_and_rehearses_when_it_is_time(story, folder, settings, monkeypatch):
    settings.BACKUP_DIRECTORY = str(folder)
    monkeypatch.setattr(nightly, "WEEK", timedelta(0))
    monkeypatch.setattr(nightly, "REHEARSE_AGAIN_AFTER", timedelta(0))
    monkeypatch.setattr(nightly, "AGAIN_AFTER", timedelta(0))
    assert story.installation.work(nightly.rehearse_if_due) is False, "there is nothing yet"
    story.installation.work(tasks.back_up)
    [made] = catalogue.backups(folder)
    assert made.is_full
    story.installation.work(tasks.back_up)
    assert catalogue.backups(folder) == [made], "one is enough for a night"
    shown = health(story)
    assert (shown["Backups"].well, shown["backup_failed"]) == (True, 0)
    assert not health(story, later=timedelta(hours=31))["Backups"].well


def test_what_failed_is_told_and_not_tried_again_at_once(story, folder, settings):
    settings.BACKUP_DIRECTORY, settings.POSTGRES_PROGRAMS = str(folder), "/nowhere"
    story.installation.as_superuser("DELETE FROM core_event WHERE name = 'backup.failed'")
    with pytest.raises(BackupFault, match="programs of PostgreSQL 18"):
        story.installation.work(tasks.back_up)
    shown = health(story)
    assert (shown["Backups"].well, shown["backup_failed"]) == (False, 1)
    assert "programs of PostgreSQL 18 are not on this machine" in shown["Backups"].says
    assert story.installation.work(lambda: nightly.back_up_if_due(keep=4)) is False
