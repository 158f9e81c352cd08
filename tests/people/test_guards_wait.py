"""Where a guard judges by what stands in other rows it waits for whoever is changing them."""

import pytest
from django.db import connection, transaction

from people.models import Membership
from tests.people.by_sql import Line, inserting, signing_in


def row_of(person):
    """The statement's row of a role of this person."""
    return Membership.objects.get(person=person.person_id).pk


@pytest.fixture
def held(owner):
    """Hold something in the owner's transaction."""

    def hold(statement, *values):
        owner.execute("BEGIN")
        owner.execute(statement, values)

    yield hold
    owner.execute("ROLLBACK")


def waits(statement):
    """Whether the application's statement waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        return Line(cursor).waits(*statement)


def rows_of_lena(desk):
    """Return statements that insert a token and a session."""
    lena = row_of(desk.lena)
    token = inserting("people_apitoken", user_id=desk.rita.pk, name="t", sha256="0")
    session = inserting(
        "people_browsersession",
        session_key="k",
        session_data="",
        expire_date="2100-01-01",
        user_id=desk.rita.pk,
        address="",
        agent="",
    )
    return lena, token, session


@pytest.mark.campaign
def test_facts_about_a_sign_in_a_person_or_a_role_wait_for_whoever_holds_it(committed, owner, held):
    """Somebody else has locked the row: nothing is judged by what stood there before."""
    desk = committed
    given = Membership.objects.create(
        person=desk.nele.person, role="reviewer", department=desk.service, given_by=desk.max.person
    ).pk
    lena, token, session = rows_of_lena(desk)
    sign_in = inserting("people_user", **signing_in(desk.rita.person_id, added_by_id=desk.rita.pk))
    said = {
        "membership_id": given,
        "word": "confirmed",
        "user_id": desk.lena.pk,
        "person_id": desk.lena.person_id,
        "under_id": lena,
        "channel": "",
    }
    word = inserting("people_roleconfirmation", **said)
    cases = [
        ("people_user", desk.rita.pk, token),
        ("people_user", desk.rita.pk, session),
        ("people_person", desk.rita.person_id, sign_in),
        ("people_membership", given, word),
        ("people_membership", lena, word),
    ]
    assert not any(waits(statement) for _table, _held, statement in cases), (
        "nobody holds anything yet"
    )
    for table, number, statement in cases:
        held(f"SELECT FROM {table} WHERE id = %s FOR NO KEY UPDATE", number)
        assert waits(statement), statement
        owner.execute("ROLLBACK")


@pytest.mark.parametrize(
    "lock", ["people_last_administrator", "people_link_root", "people_roleconfirmation_rule"]
)
def test_what_could_be_done_twice_at_once_is_done_one_after_the_other(app, world, held, lock):
    place, max_, selma, lena = world.department(), world.person(), world.person(), world.person()
    role, lead = world.role(max_, "administrator"), world.role(lena, "lead", place)
    world.role(selma, "administrator")
    given = world.role(world.person(), "reviewer", place, by=max_)
    statements = {
        "people_last_administrator": [
            ("UPDATE people_membership SET ended_at = now() WHERE id = %s", role),
            ("UPDATE people_user SET is_active = false WHERE id = %s", world.users[max_]),
        ],
        "people_link_root": [inserting("people_personlink", person_id=lena, same_as_id=selma)],
        "people_roleconfirmation_rule": [world.saying(given, lena, lead)],
    }[lock]
    assert not any(app.waits(*statement) for statement in statements)
    held("SELECT pg_advisory_xact_lock(hashtext(%s))", lock)
    for statement in statements:
        assert app.waits(*statement), statement
