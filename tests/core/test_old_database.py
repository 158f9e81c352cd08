"""A database from before 0.1.0 is refused with one sentence.

By `migrate`, on health and by the launcher.
"""

import sys

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.loader import MigrationLoader

from core.database import superseded
from servicedesk.launcher import desk
from servicedesk.launcher.supervisor import PartFailed


@pytest.fixture(params=superseded.FIRST_MIGRATIONS)
def old_database(db, owner, request):
    """Record the first migration of those versions in the test database, as they did."""
    row = request.param
    owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", row)
    yield
    owner.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", row)


def test_migrate_refuses_a_database_from_before_and_says_what_to_do(old_database):
    with pytest.raises(CommandError, match=r"manage\.py desk --reset") as refused:
        call_command("migrate", verbosity=0)
    assert refused.value.returncode == superseded.EXIT_STATUS
    assert str(refused.value) == superseded.SENTENCE


def test_health_says_what_to_do_with_a_database_from_before(old_database, client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == superseded.SENTENCE


def test_a_database_of_this_version_is_not_taken_for_an_old_one():
    names = MigrationLoader(None).disk_migrations
    assert names
    assert not superseded.is_too_old(names)


def migrating(tmp_path, program: str) -> None:
    """Let the launcher run this program in the place of `manage.py`."""
    path = tmp_path / "manage.py"
    path.write_text(program)
    desk.migrate([sys.executable, path], {}, tmp_path / "migrate.log")


def test_the_launcher_says_that_one_sentence_alone(tmp_path):
    with pytest.raises(RuntimeError) as refused:
        migrating(tmp_path, f"raise SystemExit({superseded.EXIT_STATUS})")
    assert str(refused.value) == superseded.SENTENCE


def test_the_launcher_shows_the_log_of_any_other_failure(tmp_path):
    with pytest.raises(PartFailed, match="out of space"):
        migrating(tmp_path, "raise SystemExit('out of space')")
