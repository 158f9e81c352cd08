"""What is kept by a process is as true as if it were asked again, and asked again only then."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals import applicable_guidelines
from core.database import editions
from core.models import DeskMark
from people import access, demo
from people.memberships import memberships
from people.models import Department, Membership, Person
from people.roles import Role
from satisfaction import surveys
from servicedesk.screens import inbox
from tests import factories
from tickets import incidents
from tickets.inbox import filters, rows_at_hand, saved_views
from tickets.models import Incident, SavedView
from tickets.views import verbs


def edition() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {editions.expression()}")
        return cursor.fetchone()[0]


def asked_of(desk) -> dict:
    """What is kept, each with arguments to ask it by."""
    ids = tuple(access.department_ids(desk.lena))
    departments = tuple(access.departments_of(desk.lena))
    return {
        access.all_departments: (),
        access.departments_by_key: (),
        access.entitled_people: (desk.service,),
        access.nameable_people: (desk.service,),
        access.all_rows_of: (desk.lena.person_id,),
        access.memberships_of: (desk.lena.person_id,),
        access.people_by_key: (),
        applicable_guidelines.applying_to: (desk.service,),
        applicable_guidelines.confirmed_by: (desk.lena.person_id, (1,)),
        demo.is_marked: (),
        filters.fields_of_none: (departments, desk.lena.person_id),
        filters.offered: (departments, desk.lena.person_id),
        incidents.all_in: (ids,),
        incidents.newest_in: (ids,),
        inbox.drawn_verbs: (ids, ("bill",)),
        rows_at_hand.accounts_by_key: (),
        rows_at_hand.incidents_by_key: (),
        surveys.asking_departments: (),
        saved_views.of_keys: (desk.lena.pk, ids),
        verbs.of_rows_in: (ids,),
    }


def test_everything_that_is_kept_is_tried_here(desk):
    assert {one.__wrapped__ for one in asked_of(desk)} == set(editions.KEPT)


# Read by functions of the database, whose statements are not seen here: the ways of one person's
# rows, and which roles count.
INSIDE = {access.all_rows_of}


def test_what_is_kept_is_read_from_no_other_table_than_it_says(desk):
    factories.a_ticket(desk)
    incidents.open_incident(name="A cable", department=desk.service, by=desk.lena)
    for function, given in asked_of(desk).items():
        with CaptureQueriesContext(connection) as asked:
            function(*given)
        read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', " ".join(one["sql"] for one in asked)))
        said = {one._meta.db_table for one in editions.KEPT[function.__wrapped__]}
        assert read or function in INSIDE, function
        assert read <= said, function


def changes(desk) -> dict:
    person = desk.rita.person
    membership = Membership.objects.filter(person=person, ended_at=None).first()
    return {
        "a name": lambda: Person.objects.filter(pk=person.pk).update(name="Rita Winter"),
        "a department": lambda: Department.objects.filter(pk=desk.service.pk).update(name_en="S"),
        "another department": lambda: Department.objects.create(name_en="Night", name_de="Nacht"),
        "a role that ends": lambda: memberships.end_role(membership, by=desk.max),
        "a role": lambda: memberships.give_role(
            person, role=Role.AGENT, department=desk.business, by=desk.max
        ),
        "an incident": lambda: Incident.objects.create(
            name="A cable", department=desk.service, by=desk.lena
        ),
        "a view": lambda: SavedView.objects.create(user=desk.lena, name="a", query="tab=mine"),
        "a mark": lambda: DeskMark.objects.create(kind="scratch"),
    }


def test_every_change_is_another_edition_also_within_one_transaction(desk):
    seen = [edition()]
    assert edition() == seen[0]
    for what, change in changes(desk).items():
        change()
        assert edition() not in seen, what
        seen.append(edition())
    for number in range(5):  # the same row again and again
        Department.objects.filter(pk=desk.service.pk).update(clock_minutes=20 + number)
        assert edition() not in seen
        seen.append(edition())


def test_another_server_is_another_edition(desk, owner):
    owner.execute("CREATE SCHEMA elsewhere")
    try:
        owner.execute(
            "CREATE FUNCTION elsewhere.pg_postmaster_start_time() RETURNS timestamptz "
            "LANGUAGE sql AS $$ SELECT pg_catalog.pg_postmaster_start_time() + interval '1 s' $$"
        )
        owner.execute("GRANT USAGE ON SCHEMA elsewhere TO PUBLIC")
        here = edition()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path = elsewhere, public, pg_catalog")
        assert edition() == here + 1_000_000
    finally:
        owner.execute("DROP SCHEMA elsewhere CASCADE")


def test_it_is_asked_once_an_edition(desk, django_assert_num_queries):
    with editions.reading(edition()):
        before = access.all_departments()
        with django_assert_num_queries(0):
            assert access.all_departments() is before
    Department.objects.create(name_en="Night", name_de="Nacht")
    with editions.reading(edition()):
        assert len(access.all_departments()) == len(before) + 1


def test_outside_a_page_nothing_is_kept(desk, django_assert_num_queries):
    with editions.reading(edition()):
        access.all_departments()
    with django_assert_num_queries(2):
        access.all_departments()
        access.all_departments()


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_changes_something_sees_it_at_once(desk, client, method):
    client.force_login(desk.max)
    client.get("/people/")
    name = {"name_en": "Night Shift", "name_de": "Nacht", "clock_minutes": 5, "reply_minutes": 5}
    made = client.post(
        "/departments/new/",
        name | {"time_zone": "Europe/Berlin", "review_policy": "reviewers"},
        follow=method == "get",
    )
    page = made if method == "get" else client.get("/people/")
    assert "Night Shift" in page.content.decode()


def test_a_statement_that_asks_something_first_is_not_kept(desk):
    def asking():
        return Department.objects.filter(
            pk__in=list(Department.objects.values_list("pk", flat=True))
        )

    with editions.reading(edition()), pytest.raises(RuntimeError, match="without asking"):
        editions.rows_of(("asking",), lambda: asking().values_list("pk"))
    assert editions.rows_of(("asking",), lambda: asking().values_list("pk"))
