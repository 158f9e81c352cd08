"""What raw SQL may do with persons and sign-ins, line by line of the guards.

Their names, whose they are, initials, absences, and links between persons.
"""

from datetime import timedelta

import pytest

from core.database.db_time import desk_now
from tests.people.by_sql import inserting, signing_in

ODD = "people_user_names: a user name has letters of one script, digits and . _ + - only"
TAKEN = "people_user_names: somebody else signs in with this name or address"
BORNE = "people_person_initials: somebody else bore these initials"
LONG_AGO = "2001-01-01"


def names_of(app, user):
    """What this sign-in is found by, with the numbers of the rows."""
    app.cursor.execute(
        "SELECT folded, id FROM people_loginname WHERE user_id = %s ORDER BY folded", [user]
    )
    return app.cursor.fetchall()


@pytest.fixture
def rita(world):
    """A sign-in with a name and an address."""
    return world.users[world.person(username="rita", email="rita@example.com")]


ODD_NAMES = ["two words", "zo\u200be", "ra@example.com", "", "ｚｏｅ", "аylin"]


@pytest.mark.parametrize("odd", ODD_NAMES)
def test_an_odd_user_name_is_not_written_and_nobody_is_renamed_to_one(world, app, rita, odd):
    person = app.insert("people_person", name="Zoe", is_listed_by_name=False)
    assert app.refuses_row("people_user", **signing_in(person, username=odd)) == ODD
    assert app.refuses("UPDATE people_user SET username = %s WHERE id = %s", odd, rita) == ODD


@pytest.mark.parametrize("good", ["zoe", "Zoe.Quill_1+2-3", "софия", "佐藤", "1234"])
def test_a_user_name_of_one_script_is_written(app, rita, good):
    assert app.refuses("UPDATE people_user SET username = %s WHERE id = %s", good, rita) == ""


def test_names_and_addresses_are_one_space(world, app, rita):
    other = world.users[world.person()]
    for change in ("username = 'RITA'", "email = 'Rita@Example.com'", "email = 'rita'"):
        assert app.refuses(f"UPDATE people_user SET {change} WHERE id = %s", other) == TAKEN, change
    assert (
        app.refuses("UPDATE people_user SET email = 'other@example.com' WHERE id = %s", other) == ""
    )


def test_a_sign_in_is_found_by_its_present_name_and_address_and_nobodys_else_change(
    world, app, rita
):
    before = names_of(app, rita)
    world.person()
    world.person()  # two without an address are in nobody's way
    assert [name for name, _row in before] == ["rita", "rita@example.com"]
    assert names_of(app, rita) == before
    app.do("UPDATE people_user SET theme = 'dark'")
    assert names_of(app, rita) == before, "another change of a sign-in leaves its names alone"
    app.do("UPDATE people_user SET email = 'sommer@example.com' WHERE id = %s", rita)
    assert [name for name, _row in names_of(app, rita)] == ["rita", "sommer@example.com"]


def test_initials_are_never_somebody_elses_again(app):
    first = app.insert("people_person", name="A", initials="zq", is_listed_by_name=False)
    second = app.insert("people_person", name="B", initials="zr", is_listed_by_name=False)
    app.do("UPDATE people_person SET initials = 'zs' WHERE id = %s", first)
    assert app.refuses("UPDATE people_person SET initials = 'zq' WHERE id = %s", second) == BORNE
    assert (
        app.refuses_row("people_person", name="C", initials="zq", is_listed_by_name=False) == BORNE
    )
    assert app.refuses("UPDATE people_person SET initials = 'zq' WHERE id = %s", first) == ""
    assert app.refuses("UPDATE people_person SET initials = 'zt' WHERE id = %s", second) == ""
    assert app.refuses_row("people_person", name="D", is_listed_by_name=False) == ""


def test_a_person_and_a_sign_in_stay_also_from_their_owner(over, whole):
    person, other = whole.person(), whole.person()
    assert (
        over.refuses("DELETE FROM people_person WHERE id = %s", person)
        == "people_person_kept: persons are never deleted"
    )
    assert (
        over.refuses("DELETE FROM people_user WHERE person_id = %s", person)
        == "people_user_person: sign-ins are never deleted"
    )
    moved = over.refuses(
        "UPDATE people_user SET person_id = %s WHERE person_id = %s", other, person
    )
    assert moved == "people_user_person: a sign-in stays with its person"


def test_an_absence_ends_once(world, app):
    app.do(
        "INSERT INTO people_absence (person_id, first_day, last_day) VALUES (%s, now(), now())",
        world.person(),
    )
    assert app.refuses("UPDATE people_absence SET ended_at = now()") == ""
    app.do("UPDATE people_absence SET ended_at = now()")
    for value in ("NULL", "now() + interval '1 day'"):
        assert (
            app.refuses(f"UPDATE people_absence SET ended_at = {value}")
            == "people_absence_once: what is set once stays"
        ), value
    assert app.refuses("UPDATE people_absence SET ended_at = ended_at") == ""


def natural(app, person):
    """Who this person really is."""
    return app.do("SELECT people_natural(%s)", person)


def test_two_persons_are_linked_once_and_the_end_of_the_chain_is_who_they_are(world, app):
    first, second, third, other, alone = (world.person() for _one in range(5))
    world.link(first, second)
    assert (natural(app, first), natural(app, second), natural(app, alone)) == (
        second,
        second,
        alone,
    )
    world.link(second, third)
    assert {natural(app, one) for one in (first, second, third)} == {third}
    for one, same in ((third, first), (third, second)):
        refused = app.refuses_row("people_personlink", person_id=one, same_as_id=same)
        assert refused == "people_link_root: these two are one person already"
    assert app.refuses_row("people_personlink", person_id=third, same_as_id=other) == ""


def test_when_two_were_linked_the_database_says(world, app):
    app.do(
        *inserting(
            "people_personlink", person_id=world.person(), same_as_id=world.person(), at=LONG_AGO
        )
    )
    assert desk_now() - app.do("SELECT at FROM people_personlink") < timedelta(minutes=5)
