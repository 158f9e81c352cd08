"""The audit chain as the database writes it, and the keys that name a text with its hash.

Both hold where every guard fails.
"""

import psycopg2
import pytest
from django.apps import apps
from django.utils import timezone

from core.database import grants
from core.database.guards import CompositeForeignKey
from tests.by_sql import Story, answer

EVENT = (
    "INSERT INTO core_event (name, channel, topic_kind, subject_kind, data, at) "
    "VALUES ('{}', '', '', '', '{{}}', '2001-01-01')"
)
KEYS = sorted(
    (model._meta.db_table, part.name)
    for model in apps.get_models()
    if model._meta.app_label in grants.OURS
    for part in model._meta.constraints
    if isinstance(part, CompositeForeignKey)
)


def test_the_first_event_begins_the_chain_and_each_further_one_adds_a_link(db, owner):
    owner.execute(
        "BEGIN; "
        "SET LOCAL session_replication_role = replica; "
        "DELETE FROM core_link; "
        "DELETE FROM core_chainhead; "
        "INSERT INTO core_chainhead (id, number, hash) "
        "VALUES (2, 77, repeat('f', 64)); "
        "SET LOCAL session_replication_role = origin"
    )
    try:
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in ("one", "two"):
            owner.execute(EVENT.format(name))
        owner.execute("SELECT number, hash FROM core_link ORDER BY number")
        links = owner.fetchall()
        owner.execute("SELECT id, number, hash FROM core_chainhead ORDER BY id")
        assert owner.fetchall() == [(1, *links[-1]), (2, 77, "f" * 64)]
        assert [number for number, _hash in links] == [1, 2]
        owner.execute(
            "SELECT number FROM core_link link "
            "JOIN core_event event ON event.id = link.event_id "
            "ORDER BY event.id DESC LIMIT 2"
        )
        assert owner.fetchall() == [(2,), (1,)]
    finally:
        owner.execute("ROLLBACK")


def test_the_time_of_an_event_is_the_databases_own(db, owner):
    at = Story(owner).gives(EVENT.format("one").replace("'{}'", "'{{}}'") + " RETURNING at")
    assert abs((timezone.now() - at).total_seconds()) < 600


@pytest.mark.parametrize(("table", "name"), KEYS)
def test_a_row_names_a_text_and_its_hash_together_even_without_its_guards(db, owner, table, name):
    required = (
        {
            "decision": "'approve'",
            "comment": "''",
            "paragraph": "''",
            "channel": "''",
            "context_version": "1",
            "user_id": "1",
            "person_id": "1",
            "membership_id": "1",
        }
        if table == "approvals_review"
        else {
            "account_id": "1",
            "target_id": "1",
            "status": "'due'",
            "tries": "0",
            "code": "''",
            "said": "''",
        }
    )
    owner.execute(f"BEGIN; ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        with pytest.raises(psycopg2.errors.ForeignKeyViolation) as refused:
            owner.execute(
                f"INSERT INTO {table} (revision_id, sha256, {', '.join(required)}) "
                f"VALUES (1, repeat('0', 64), {', '.join(required.values())})"
            )
        assert answer(refused.value) == name
    finally:
        owner.execute("ROLLBACK")
