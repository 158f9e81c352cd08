"""Nothing binds the desk to one session of the database.

So a pooler may hand out connections transaction by transaction (PgBouncer's `pool_mode =
transaction`). What does not work then: https://www.pgbouncer.org/features.html
"""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from core.database import planned
from servicedesk import env
from servicedesk.database.base import DatabaseWrapper
from servicedesk.launcher.running import ROOT
from servicedesk.operations import db_hardening

PACKAGES = (
    *(
        "core",
        "people",
        "networks",
        "tickets",
        "satisfaction",
        "approvals",
        "posting",
        "notices",
        "xapi",
    ),
    "servicedesk",
)
SOURCES = [
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.*")
    if path.suffix in {".py", ".sql"} and "migrations" not in path.parts  # the owner's own line
]
OWN_LINES = {
    "servicedesk/demo/copying.py",  # its own line as the owner, closed at its end
    "core/database/planned.py",  # prepares nothing behind a pooler, a test below
}
OF_A_SESSION = re.compile(
    r"""
    \b(?:UN)?LISTEN\ +[\w"*]                       # wake-ups go through the broker
    | \bNOTIFY\ +\w | \bpg_notify\s*\(
    | \bpg_(?:try_)?advisory_(?:un)?lock(?:_shared|_all)?\s*\(   # only the ones of a transaction
    | ["'(;]\s*SET\ +(?!LOCAL\b|CONSTRAINTS\b|search_path\b)[a-zA-Z_.]+\ *(?:=|\bTO\b|\bAUTH|desk)
    | \bSET\ +(?:SESSION|ROLE|TIME\ ZONE)\b
    | \bset_config\s*\([^)]*,\s*false\s*\)
    | \bPREPARE\ +\w+\ *(?:\(|AS\b) | \bDEALLOCATE\b | \bWITH\ HOLD\b
    | \bCREATE\ +(?:LOCAL\ +)?TEMP(?:ORARY)?\b
    | \.cursor\(\s*(?:name\s*=|["']) | \bset_session\( | \bset_isolation_level\(
    """,
    re.VERBOSE,
)


def test_nothing_binds_the_desk_to_a_session():
    found = {
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in SOURCES
        if path.relative_to(ROOT).as_posix() not in OWN_LINES
        for hit in OF_A_SESSION.finditer(path.read_text())
    }
    assert found == set()
    assert len(SOURCES) > 200


@pytest.mark.parametrize(
    "statement",
    [
        '"LISTEN desk"',
        "SELECT pg_notify('desk', '1')",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock(1)",
        '"SET statement_timeout = 5"',
        "x.execute('SET search.path TO y')",
        "SET ROLE desk_owner",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SELECT set_config('a.b', 'c', false)",
        "PREPARE asked AS SELECT 1",
        "DECLARE a CURSOR WITH HOLD FOR SELECT 1",
        "CREATE TEMP TABLE a (b int)",
        "line.cursor(name='a')",
        "line.cursor('a')",
        "line.set_session(readonly=True)",
    ],
)
def test_the_rule_sees_each_of_them(statement):
    assert OF_A_SESSION.search(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT pg_try_advisory_xact_lock(1)",
        '"SET LOCAL statement_timeout = 5"',
        "SELECT set_config('a.b', 'c', true)",
        '"SET search_path = pg_catalog, public, pg_temp"',  # of a function, not of a session
        "UPDATE a\nSET b = 1",
        "connection.cursor()",
        "async for message in pubsub.listen():",
    ],
)
def test_the_rule_leaves_alone_what_ends_with_its_transaction(statement):
    assert not OF_A_SESSION.search(statement)


def test_behind_a_pooler_a_connection_brings_nothing_that_the_next_one_would_inherit(settings):
    own = env.database("postgresql://desk_app:x@pooler/desk", pooled=True)
    assert own["DISABLE_SERVER_SIDE_CURSORS"] is True
    line = DatabaseWrapper({**connection.settings_dict, **own, "TIME_ZONE": None})
    assert "statement_timeout" in line.get_connection_params()["options"]
    settings.POOLED = True
    assert "options" not in line.get_connection_params()
    assert not env.database("postgresql://desk_app@db/desk")["DISABLE_SERVER_SIDE_CURSORS"]


def test_behind_a_pooler_no_statement_is_prepared(settings, db):
    asked = "SELECT %s + 1", (1,)
    connection.ensure_connection()
    connection.connection.prepared.clear()
    settings.POOLED = True
    assert planned.prepared("default", *asked) == asked
    assert planned.all_rows("default", *asked) == [(2,)]
    assert connection.connection.prepared == set()
    settings.POOLED = False
    assert planned.prepared("default", *asked)[0].startswith("EXECUTE ")
    planned.forget(connection.connection)


def test_options_in_the_address_are_refused_behind_a_pooler():
    address = "postgresql://desk_app@pooler/desk?options=-csearch_path%3Dother"
    with pytest.raises(ImproperlyConfigured, match="the pooler sets them"):
        env.database(address, pooled=True)
    assert env.database(address)["OPTIONS"] == {"options": "-csearch_path=other"}


@pytest.mark.parametrize(
    "limit", ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
)
def test_the_desk_says_so_where_limits_did_not_come_through(db, limit):
    assert db_hardening.state() == "ok"
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {limit} = 0")
    assert db_hardening.state() == "degraded: a wait in the database has no end"
