"""What raw SQL may do with roles, line by line of the guards.

How a role begins and ends, who gives it, and that the last administrator stays.
"""

from datetime import timedelta

import pytest

from core.database.db_time import desk_now
from tests.people.by_sql import inserting

RULE = "people_membership_period: "
BEGINS_OPEN = RULE + "a membership begins open"
CLOSED_ONCE = RULE + "a membership is only ever closed, once"
GIVER = RULE + "only an administrator whose own role counts gives roles"
LAST_ROLE = RULE + "the last administrator stays"
LAST_SIGN_IN = "people_user_person: the last administrator stays"
LONG_AGO = "2001-01-01"
END = "UPDATE people_membership SET ended_at = now() WHERE id = %s"
OFF = "UPDATE people_user SET is_active = false WHERE id = %s"


class Cast:
    """One administrator, a lead and an agent of one department, all by command."""

    def __init__(self, world):
        self.world, self.line = world, world.line
        self.place = world.department()
        self.max, self.lena, self.nele = (world.person() for _one in range(3))
        self.max_role = world.role(self.max, "administrator")
        self.lena_role = world.role(self.lena, "lead", self.place)
        self.nele_role = world.role(self.nele, "agent", self.place)
        self.max_user = world.users[self.max]

    def refuses_role(self, **fields):
        """What refuses a role of team lead for the agent."""
        return self.line.refuses_row(
            "people_membership",
            **{"person_id": self.nele, "role": "reviewer", "department_id": self.place} | fields,
        )


@pytest.fixture
def cast(world):
    """As the application writes it."""
    return Cast(world)


def test_a_role_begins_open_and_now(cast, app):
    assert cast.refuses_role(ended_at="2100-01-01") == BEGINS_OPEN
    made = app.do(
        *inserting(
            "people_membership",
            person_id=cast.nele,
            role="reviewer",
            department_id=cast.place,
            started_at=LONG_AGO,
            returning="id",
        )
    )
    app.do("UPDATE people_membership SET ended_at = %s WHERE id = %s", LONG_AGO, made)
    for column in ("started_at", "ended_at"):
        assert desk_now() - app.do(
            f"SELECT {column} FROM people_membership WHERE id = %s", made
        ) < timedelta(minutes=5), column


def test_only_an_administrator_whose_own_role_counts_gives_roles(cast, world):
    waits = world.person()
    world.role(waits, "administrator", by=cast.max)
    assert cast.refuses_role() == ""
    assert cast.refuses_role(given_by_id=cast.max) == ""
    for giver in (cast.lena, cast.nele, waits):
        assert cast.refuses_role(given_by_id=giver) == GIVER
    former = world.person()
    ended = world.role(former, "administrator")
    assert cast.refuses_role(given_by_id=former) == ""
    world.end(ended)
    assert cast.refuses_role(given_by_id=former) == GIVER


def test_a_role_is_closed_once(cast, app):
    assert (
        app.refuses("UPDATE people_membership SET ended_at = NULL WHERE id = %s", cast.nele_role)
        == CLOSED_ONCE
    )
    assert app.refuses(END, cast.nele_role) == ""
    app.do(END, cast.nele_role)
    for value in ("now()", "NULL", "ended_at"):
        assert (
            app.refuses(
                f"UPDATE people_membership SET ended_at = {value} WHERE id = %s", cast.nele_role
            )
            == CLOSED_ONCE
        )


def test_the_owner_too_leaves_a_role_what_it_was_given_as(over, whole):
    cast = Cast(whole)
    changes = {
        "person_id": cast.lena,
        "role": "reviewer",
        "started_at": LONG_AGO,
        "department_id": whole.department(),
        "given_by_id": cast.max,
    }
    assert over.refuses(END, cast.nele_role) == ""
    for column, value in changes.items():
        refused = over.refuses(
            f"UPDATE people_membership SET ended_at = now(), {column} = %s WHERE id = %s",
            value,
            cast.nele_role,
        )
        assert refused == CLOSED_ONCE, column
    assert (
        over.refuses("DELETE FROM people_membership WHERE id = %s", cast.nele_role)
        == RULE + "memberships are closed, not deleted"
    )


def nobody_else(cast, world):
    """There is no other administrator."""


def waiting(cast, world):
    """The other one's role waits for a second person."""
    world.role(world.person(), "administrator", by=cast.max)


def ended(cast, world):
    """The other one's role has ended."""
    world.end(world.role(world.person(), "administrator"))


def switched_off(cast, world):
    """The other one is switched off."""
    world.role(other := world.person(), "administrator")
    world.switch(other, on=False)


def same_human(cast, world):
    """The other one is another row of the same human being."""
    world.role(other := world.person(), "administrator")
    world.link(other, cast.max)


@pytest.mark.parametrize(
    "others",
    [nobody_else, waiting, ended, switched_off, same_human],
    ids=lambda others: others.__name__,
)
def test_the_last_administrator_stays(cast, world, app, others):
    others(cast, world)
    assert app.refuses(END, cast.max_role) == LAST_ROLE
    assert app.refuses(OFF, cast.max_user) == LAST_SIGN_IN
    assert app.refuses(END, cast.lena_role) == ""
    assert app.refuses(OFF, world.users[cast.lena]) == ""
    assert app.refuses("UPDATE people_user SET theme = 'dark' WHERE id = %s", cast.max_user) == ""


def test_an_administrator_goes_where_another_one_counts(cast, world, app):
    world.role(world.person(), "administrator")
    assert app.refuses(END, cast.max_role) == ""
    assert app.refuses(OFF, cast.max_user) == ""


def test_the_last_administrators_second_sign_in_may_go_but_not_both(cast, world, app):
    second = world.sign_in(cast.max, added_by_id=cast.max_user)
    for one, other in ((second, cast.max_user), (cast.max_user, second)):
        assert app.refuses(OFF, one) == ""
        app.do(OFF, one)
        assert app.refuses(OFF, other) == LAST_SIGN_IN
        app.do("UPDATE people_user SET is_active = true WHERE id = %s", one)


def test_the_last_administrators_other_row_may_go_if_it_is_no_administrator(cast, world, app):
    plain, agent, former = (world.person() for _one in range(3))
    world.role(agent, "agent", cast.place)
    world.end(world.role(former, "administrator"))
    for row in (plain, agent, former):
        world.link(row, cast.max)
    for row in (plain, agent, former):
        assert app.refuses(OFF, world.users[row]) == ""


def test_a_row_that_is_switched_off_already_may_change(cast, world, app):
    other = world.person(is_active=False)
    world.role(other, "administrator")
    world.link(other, cast.max)
    assert (
        app.refuses("UPDATE people_user SET theme = 'dark' WHERE id = %s", world.users[other]) == ""
    )
