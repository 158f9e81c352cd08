"""Where the rows live: PostgreSQL itself says that a copy was promoted."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg2
import pytest

from core.database import lineage
from core.models import Lineage
from servicedesk.launcher.postgres import Postgres
from tests.stack import wait_until


@pytest.fixture
def servers():
    """A server with a copy that follows it: the two addresses, for the application's role."""
    directory = Path(tempfile.mkdtemp(prefix="paraph-copy-", dir="/tmp"))
    directory.chmod(0o755)
    sockets = [directory / "s1", directory / "s2"]
    for one in sockets:
        one.mkdir()
    clusters = [Postgres(directory / f"d{number}", at) for number, at in enumerate(sockets)]
    parts = [clusters[0].start(directory / "log0")]
    try:
        copy = clusters[1].directory
        copy.mkdir(mode=0o700)
        if clusters[1].identity:
            os.chown(copy, clusters[1].identity["user"], clusters[1].identity["group"])
        clusters[0].run("pg_basebackup", "-h", sockets[0], "-U", "postgres", "-D", copy, "-R")
        parts.append(clusters[1].start(directory / "log1"))
        yield [cluster.url("desk_app") for cluster in clusters]
    finally:
        for part in reversed(parts):
            part.stop()
        shutil.rmtree(directory, ignore_errors=True)


def place(url: str) -> lineage.Place:
    """What the server behind this address says, to the application's role."""
    line = psycopg2.connect(url)
    try:
        with line.cursor() as cursor:
            cursor.execute(lineage.QUESTION)
            return lineage.Place(*cursor.fetchone())
    finally:
        line.close()


def promoted(url: str) -> bool:
    """Ask a copy to take over, as a superuser; whether it has."""
    line = psycopg2.connect(url.replace("desk_app", "postgres"))
    try:
        with line.cursor() as cursor:
            cursor.execute("SELECT pg_promote(wait_seconds => 30)")
            return cursor.fetchone()[0]
    finally:
        line.close()


@pytest.mark.campaign
def test_a_promoted_copy_is_another_place_and_says_so_to_the_application(servers):
    first, copy = servers
    before = place(first)
    with pytest.raises(psycopg2.Error, match="recovery"):
        place(copy)
    assert promoted(copy)
    after = wait_until(lambda: place(copy), 30, "the copy is a server of its own")
    assert after == before._replace(timeline=before.timeline + 1)
    assert place(first) == before


@pytest.mark.django_db
def test_the_first_place_is_noted_and_is_no_other():
    assert lineage.known() is None
    assert not lineage.is_other()
    assert not lineage.note()
    assert lineage.known() == lineage.here()
    assert lineage.settled_at() is None
    assert not lineage.note()
    assert Lineage.objects.count() == 1
