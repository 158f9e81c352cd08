"""A statement that a connection has prepared answers as the statement itself does."""

import datetime

import pytest
from django.db import NotSupportedError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.database import planned

pytestmark = pytest.mark.django_db
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**63), max_value=2**63 - 1),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.datetimes(datetime.datetime(1970, 1, 2)).map(lambda at: at.replace(tzinfo=datetime.UTC)),
    st.dates(),
    st.timedeltas(datetime.timedelta(days=-400), datetime.timedelta(days=400)),
)


@pytest.fixture(autouse=True)
def nothing_prepared():
    connection.ensure_connection()
    planned.forget(connection.connection)
    yield
    connection.connection.rollback()
    planned.forget(connection.connection)


def plainly(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_values_of_every_kind_come_through_as_they_are(values):
    sql = "SELECT " + ", ".join(["%s"] * len(values)) + ", 'a 100 %% match', '$1'"
    for _again in range(2):
        assert planned.all_rows("default", sql, tuple(values)) == plainly(sql, values)


def test_a_later_value_of_another_type_is_another_statement():
    for value in (1, 2**40, True, "1", None, 2**31, -(2**31), 3):
        assert planned.all_rows("default", "SELECT %s", (value,)) == [(value,)]
    assert len(connection.connection.prepared) == 4


def test_lists_and_nothing_at_all():
    sql = "SELECT n FROM generate_series(1, 5) n WHERE n = ANY(%s) ORDER BY n"
    for wanted in ([1, 3], [], [5], [2**40, 2]):
        found = planned.all_rows("default", sql, (wanted,))
        assert found == plainly(sql, [wanted])
    assert planned.all_rows("default", "SELECT 1", ()) == [(1,)]


def test_the_second_time_only_its_name_is_sent(django_assert_num_queries):
    sql = "SELECT max(number) FROM core_link WHERE number < %s"
    for _again in range(3):
        with django_assert_num_queries(1) as sent:
            planned.all_rows("default", sql, (7,))
        assert sent[0]["sql"].startswith("EXECUTE desk_")
    assert len(connection.connection.prepared) == 1


def test_a_connection_prepares_no_more_than_it_may(monkeypatch):
    monkeypatch.setattr(planned, "MOST", 2)
    for number in range(5):
        assert planned.all_rows("default", f"SELECT %s + {number}", (1,)) == [(number + 1,)]
    assert len(connection.connection.prepared) == 2
    monkeypatch.setattr(planned, "MOST_NAMES", 0)
    assert planned.all_rows("default", "SELECT %s + 99", (1,)) == [(100,)]


def test_a_new_connection_begins_anew(transactional_db):
    assert planned.all_rows("default", "SELECT %s + 1", (1,)) == [(2,)]
    connection.close()
    assert planned.all_rows("default", "SELECT %s + 1", (1,)) == [(2,)]


@pytest.fixture
def a_table(transactional_db, owner):
    owner.execute("CREATE TABLE planned_try (value integer)")
    owner.execute("INSERT INTO planned_try VALUES (1)")
    owner.execute("GRANT SELECT ON planned_try TO desk_app")
    yield
    owner.execute("DROP TABLE planned_try")


def test_a_table_that_changed_under_the_plan_is_asked_anew(a_table, owner):
    sql = "SELECT value FROM planned_try WHERE value > %s"
    assert planned.all_rows("default", sql, (0,)) == [(1,)]
    owner.execute("ALTER TABLE planned_try ALTER value TYPE bigint")
    with transaction.atomic(), pytest.raises(NotSupportedError, match="must not change"):
        planned.all_rows("default", sql, (0,))
    assert planned.all_rows("default", sql, (0,)) == [(1,)]
    assert planned.all_rows("default", sql, (0,)) == [(1,)]
