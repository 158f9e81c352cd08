"""Every table of facts, every right, every constraint, one by one and by name.

A new one is tried without anybody writing a test for it.
"""

import itertools
import json
import re

import psycopg2
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.urls import get_resolver, reverse

from campaigns.permission_table import TABLE
from core.database import grants
from core.database.guards import Guard

OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in grants.OURS and not model._meta.proxy
]
FACTS = sorted(
    part.name.removesuffix("_append_only")
    for model in OURS
    for part in model._meta.constraints
    if isinstance(part, Guard) and part.name.endswith("_append_only")
)
_numbers = itertools.count(1)


def columns_of(table):
    """Return the columns of a table in the database.

    Each as (name, type, may be null, has a default or is worked out).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT column_name, udt_name, is_nullable = 'YES', column_default
                          IS NOT NULL
                          OR is_identity = 'YES'
                          OR is_generated = 'ALWAYS'
                          FROM information_schema.columns
                          WHERE table_schema = 'public'
                          AND table_name = %s ORDER BY ordinal_position""",
            [table],
        )
        return cursor.fetchall()


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize(
    "act",
    ["DELETE FROM {} WHERE false", "UPDATE {} SET {} = {} WHERE false", "TRUNCATE {} CASCADE"],
)
def test_facts_are_kept_from_their_owner_too(db, owner, table, act):
    column = next(name for name, _kind, _null, made in columns_of(table) if not made)
    with pytest.raises(psycopg2.Error) as refused:
        owner.execute(act.format(table, *[column] * (act.count("{}") - 1)))
    assert refused.value.diag.constraint_name.endswith("_append_only")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.db_table)
def test_the_application_may_do_to_a_table_what_its_model_says_and_nothing_else(db, model):
    table, granted = model._meta.db_table, grants.may(model)
    allowed = {
        name.strip() for name in granted.partition("UPDATE (")[2].partition(")")[0].split(",")
    }
    acts = (
        {}
        if "UPDATE," in f"{granted}," and "UPDATE (" not in granted
        else {
            f"UPDATE {name}": f'UPDATE "{table}" SET "{name}" = "{name}" WHERE false'
            for name, _kind, _null, _made in columns_of(table)
            if name not in allowed
        }
    )
    if "DELETE" not in granted:
        acts["DELETE"] = f'DELETE FROM "{table}" WHERE false'
    if "INSERT" not in granted:
        acts["INSERT"] = f'INSERT INTO "{table}" SELECT * FROM "{table}" WHERE false'
    acts["TRUNCATE"] = f'TRUNCATE "{table}"'
    for what, statement in acts.items():
        with (
            pytest.raises(DatabaseError) as refused,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        # No right; or a column that nobody may write
        assert refused.value.__cause__.pgcode in {"42501", "428C9"}, f"{table}: {what}"


# For each check constraint: values that it must refuse, and some that it takes.
MERGED = {"merged_into_id": 1, "before_merge": {}, "status": "resolved"}
CHECKS = {
    "person_initials_letters": (["x", "AN", "a1", ""], ["an", "abcd", None], "initials"),
    "department_policy_known": (["nobody", ""], ["reviewers", "colleagues"], "review_policy"),
    "department_not_own_parent": (
        [{"id": 3, "parent_id": 3}],
        [{"id": 3, "parent_id": 4}, {"id": 3}],
        None,
    ),
    "department_clock_positive": ([0, -1], [1], "clock_minutes"),
    "membership_role_known": (["owner", ""], ["agent", "administrator"], "role"),
    "membership_department_unless_administrator": (
        [{"role": "administrator", "department_id": 1}, {"role": "agent"}],
        [{"role": "administrator"}, {"role": "lead", "department_id": 1}],
        None,
    ),
    "absence_forwards": (
        [{"first_day": "2026-02-02", "last_day": "2026-02-01"}],
        [{"first_day": "2026-02-02", "last_day": "2026-02-02"}],
        None,
    ),
    "person_link_two": (
        [{"person_id": 1, "same_as_id": 1}],
        [{"person_id": 1, "same_as_id": 2}],
        None,
    ),
    "invitation_of_somebody": ([{"name": ""}], [{"name": "Ann"}, {"name": "", "user_id": 1}], None),
    "company_is_one": ([0, 2], [1], "id"),
    "pace_is_one": ([0, 2], [1], "id"),
    "pace_send_delay_seconds": ([61], [0, 60, None], "send_delay_seconds"),
    "pace_reading_seconds": ([4, 3601], [5, 3600, None], "reading_seconds"),
    "pace_session_hours": ([0, 169], [1, 168, None], "session_hours"),
    "pace_reopen_days": ([366], [0, 365, None], "reopen_days"),
    "account_state_known": (["gone", ""], ["active", "paused", "revoked"], "status"),
    "account_paused_when": (
        [{"status": "paused"}],
        [{"status": "paused", "paused_at": "2026-01-01"}, {"status": "active"}],
        None,
    ),
    "gap_status_known": (["open"], ["filling", "filled", "stays"], "status"),
    "mention_state_known": (["gone"], ["live", "edited", "deleted", "hidden"], "status"),
    "mention_intake_outcome_fits": (
        [{"intake_outcome": "ticket"}, {"intake_outcome": "repost", "ticket_id": 1}],
        [{"intake_outcome": "ticket", "ticket_id": 1}, {"intake_outcome": "repost"}],
        None,
    ),
    "mention_gone_since": (
        [{"status": "deleted"}, {"status": "hidden"}, {"status": "live", "gone_at": "2026-01-01"}],
        [{"status": "hidden", "gone_at": "2026-01-01"}, {"status": "edited"}],
        None,
    ),
    "mention_gone_twice": (
        [{"gone_at": "2026-01-01 10:00", "gone_confirmed_at": "2026-01-01 10:59"}],
        [
            {"gone_at": "2026-01-01 10:00", "gone_confirmed_at": "2026-01-01 11:00"},
            {"gone_at": "2026-01-01"},
        ],
        None,
    ),
    "trouble_asked_known": (["likes", ""], ["mentions", "comparison"], "asked"),
    "incident_named": ([""], ["Outage"], "name"),
    "routing_draft_only": ([False], [True], "only"),
    "saved_view_named": (
        [{"name": "", "query": "q"}, {"name": "n", "query": ""}],
        [{"name": "n", "query": "q"}],
        None,
    ),
    "ticket_status_known": (["closed"], ["new", "resolved"], "status"),
    "ticket_resolved_when": (
        [{"status": "resolved"}, {"status": "open", "resolved_at": "2026-01-01"}],
        [{"status": "resolved", "resolved_at": "2026-01-01"}, {"status": "open"}],
        None,
    ),
    "ticket_merged_rests": (
        [
            {"merged_into_id": 1, "status": "resolved"},
            {"before_merge": {}},
            {"merged_into_id": 1, "before_merge": {}, "status": "open"},
            {**MERGED, "unanswered_since": "2026-01-01"},
            {**MERGED, "snoozed_until": "2026-01-01"},
        ],
        [MERGED, {"status": "open", "unanswered_since": "2026-01-01"}],
        None,
    ),
    "outcome_is_shown_by_a_post": (
        [
            {"value": "content", "sampled": False},
            {"value": "delighted", "post_id": 1, "sampled": False},
            {"value": "", "sampled": False},
            {"value": "no_sign", "undoes_id": 1, "sampled": False},
            {"value": "", "undoes_id": 1, "sampled": True},
        ],
        [
            {"value": "not_content", "post_id": 1, "sampled": True},
            {"value": "no_sign", "sampled": False},
            {"value": "", "undoes_id": 1, "sampled": False},
        ],
        None,
    ),
    "outcome_check_value_known": (["", "delighted"], ["content", "no_sign"], "value"),
    "survey_rate_of_hundred": ([101], [0, 100], "rate"),
    "answer_of_five": ([0, 6], [1, 5], "value"),
    "escalation_has_reason": ([""], ["a lawyer"], "reason"),
    "draft_status_known": (["sent"], ["writing", "withdrawn"], "status"),
    "attachment_kind_known": (["image/gif", "video/mp4"], ["image/jpeg", "image/png"], "kind"),
    "call_about_one": (
        [{}, {"revision_id": 1, "escalation_id": 1}],
        [{"revision_id": 1}, {"escalation_id": 1}],
        None,
    ),
    "finding_severity_known": (["fatal"], ["hint", "blocks"], "severity"),
    "review_decision_known": (["maybe"], ["approve", "reject", "request_changes"], "decision"),
    "review_says_why": (
        [{"decision": "reject", "comment": "", "paragraph": ""}],
        [
            {"decision": "approve", "comment": "", "paragraph": ""},
            {"decision": "reject", "comment": "", "paragraph": "3"},
            {"decision": "reject", "comment": "why", "paragraph": ""},
        ],
        None,
    ),
    "void_reason_known": (["because"], ["expired", "revoked"], "reason"),
    "saved_reply_says_something": (
        [{"title": "", "text": "t"}, {"title": "t", "text": ""}],
        [{"title": "t", "text": "t"}],
        None,
    ),
    "delivery_way_known": (
        [{"network": "y", "surface": "public"}, {"network": "x", "surface": "private"}],
        [{"network": "x", "surface": "public"}],
        None,
    ),
    "delivery_status_known": (["sent"], ["due", "posted"], "status"),
    "delivery_posted_as": (
        [{"status": "posted"}],
        [{"status": "posted", "external_id": "1"}, {"status": "due"}],
        None,
    ),
    "delivery_leased": (
        [{"status": "in_flight"}],
        [{"status": "in_flight", "leased_until": "2026-01-01"}, {"status": "due"}],
        None,
    ),
    "result_outcome_known": (["sent"], ["posted", "unseen"], "outcome"),
    "result_names_its_post": (
        [{"outcome": "posted"}, {"outcome": "absent", "external_id": "1"}],
        [{"outcome": "found", "external_id": "1"}, {"outcome": "refused"}],
        None,
    ),
    "result_said_by": (
        [{"outcome": "seen"}],
        [{"outcome": "seen", "by_id": 1}, {"outcome": "found"}],
        None,
    ),
    "doubt_said_by": (
        [{"another_by_id": 1}, {"another_at": "2026-01-01"}],
        [{}, {"another_by_id": 1, "another_at": "2026-01-01"}],
        None,
    ),
    "role_confirmation_word_known": (["maybe", ""], ["confirmed", "refused"], "word"),
    "take_down_status_known": (["maybe"], ["ordered", "done", "failed"], "status"),
    "take_down_says_why": ([""], ["wrong number"], "reason"),
}
CHECKS |= {
    f"{what}_network_known": (["y", "X", ""], ["x"], "network")
    for what in ("account", "customer", "mention", "version", "own_post")
}
ONE_LINE = "_on_one_line"
BREAKS = ("a\nb", "a\rb", "a\tb", "\x01", "a\x7f", "a\x85b", "a\u2028b", "a\u2029b", "\n", "a\n")
LINES = {
    part.name: (model._meta.db_table, re.findall(r"(\w+)__regex", str(part.condition)))
    for model in OURS
    for part in model._meta.constraints
    if part.name.endswith(ONE_LINE)
}
CHECKS |= {
    name: (
        [{column: broken} for column in columns for broken in BREAKS],
        [dict.fromkeys(columns, "Zoë"), {}],
        None,
    )
    for name, (_table, columns) in LINES.items()
}
CHECKED = {
    part.name: model._meta.db_table
    for model in OURS
    for part in model._meta.constraints
    if isinstance(part, models.CheckConstraint)
}


def test_every_check_of_the_models_has_its_values():
    assert set(CHECKS) == set(CHECKED)


@pytest.mark.parametrize("name", sorted(CHECKED))
def test_a_check_of_the_database_refuses_what_it_must(db, name):
    wrong, right, column = CHECKS[name]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conname = %s "
            "AND conrelid = %s::regclass "
            "AND contype = 'c'",
            [name, CHECKED[name]],
        )
        found = cursor.fetchone()
        assert found, f"the database has no {name}"
        condition = found[0].removeprefix("CHECK ").removesuffix(" NOT VALID")
        for value, holds in [*((one, False) for one in wrong), *((one, True) for one in right)]:
            record = json.dumps(value if column is None else {column: value})
            cursor.execute(
                f"SELECT coalesce({condition}, true) "
                f"FROM jsonb_populate_record(NULL::{CHECKED[name]}, %s) AS {CHECKED[name]}".replace(
                    "%", "%%"
                ).replace("%%s", "%s"),
                [record],
            )
            assert cursor.fetchone()[0] is holds, f"{name}: {record}"


# For each unique constraint over some rows only: what makes a row count, and what makes it not
# count.
COUNTS = {
    "user_email_once": ({"email": "ann@example.com"}, {"email": ""}),
    "membership_once": (
        {"role": "agent", "department_id": 1, "ended_at": None},
        {"role": "agent", "department_id": 1, "ended_at": "2026-01-01"},
    ),
    "ticket_once_per_conversation": (
        {"status": "open"},
        {"status": "resolved", "resolved_at": "2026-01-01"},
    ),
    "escalation_open_once": ({"ended_at": None}, {"ended_at": "2026-01-01"}),
    "draft_open_once": ({"status": "approved"}, {"status": "posted"}),
    "delivery_one_in_flight": (
        {"status": "in_flight", "leased_until": "2026-01-01"},
        {"status": "due"},
    ),
    "result_once_at_once": ({"outcome": "uncertain"}, {"outcome": "absent"}),
}
FILL = {
    "account_once": {"status": "active"},
    "account_handle_once": {"status": "active"},
    "attachment_once": {"kind": "image/png", "image": "\\x00"},
    "call_once": {"escalation_id": None},
    "delivery_post_once": {"status": "due"},
    "gap_once": {"status": "filling"},
    "mention_once": {"status": "live", "intake_outcome": "repost"},
    "survey_version_once": {"rate": 5},
    "trouble_once": {"asked": "mentions"},
}
UNIQUE = {
    part.name: (model, part)
    for model in OURS
    for part in model._meta.constraints
    if isinstance(part, models.UniqueConstraint)
}


def values_for(kind):
    """Some value of this type that no other row has."""
    number = next(_numbers)
    plain = {
        "bool": True,
        "jsonb": {},
        "timestamptz": "2026-01-01",
        "date": "2026-01-01",
        "bytea": "\\x00",
        "float8": 1.0,
    }
    if kind.startswith("_"):
        return []
    return plain.get(kind, number if kind.startswith("int") else f"v{number}")


def insert(owner, table, row):
    """A row with these values and made-up ones, whatever else would refuse it."""
    known = {
        name: row[name] if name in row else values_for(kind)
        for name, kind, null, made in columns_of(table)
        if name in row or not (null or made)
    }
    owner.execute(
        f"""INSERT INTO {table} ({", ".join(known)})
            SELECT {", ".join(known)}
            FROM jsonb_populate_record(NULL::{table}, %s)""",
        [json.dumps(known)],
    )


@pytest.mark.parametrize("name", sorted(UNIQUE))
def test_what_is_once_is_not_written_twice(db, owner, name):
    model, part = UNIQUE[name]
    assert (part.condition is None) or name in COUNTS, f"say what makes a row count for {name}"
    table = model._meta.db_table
    fields = [model._meta.get_field(field).column for field in part.fields]
    same = {
        column: values_for(kind)
        for column, kind, _null, made in columns_of(table)
        if column in fields and not made
    } | FILL.get(name, {})
    counting, other = COUNTS.get(name, ({}, None))
    owner.execute("BEGIN; SET LOCAL session_replication_role = replica")
    try:
        if other is not None:
            insert(owner, table, {**same, **other})
            insert(owner, table, {**same, **other})
        # It is there for the key that names both; the number alone is unique already
        if name == "revision_with_hash":
            return
        insert(owner, table, {**same, **counting})
        with pytest.raises(psycopg2.errors.UniqueViolation) as refused:
            insert(owner, table, {**same, **counting})
        assert refused.value.diag.constraint_name == name
    finally:
        owner.execute("ROLLBACK")


POSTED_ALONE = sorted(
    name
    for name, methods in TABLE.items()
    if set(methods) == {"POST"} and not name.startswith("api-")
)


@pytest.mark.parametrize("name", POSTED_ALONE)
def test_what_changes_something_is_not_done_by_following_a_link(desk, client, name):
    client.force_login(desk.max)
    name, _space, verb = name.partition(" ")
    ways, *_rest = get_resolver().reverse_dict.getlist(name)[0]
    words = [word for _form, words in ways for word in words]
    made = {word: verb if word in {"verb", "what", "decision"} else 1 for word in words}
    address = reverse(name, kwargs=made)
    assert client.get(address).status_code == 405
