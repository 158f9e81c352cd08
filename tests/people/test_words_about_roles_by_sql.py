"""A second person's word about a role: whose the database takes, line by line of the guard."""

from datetime import timedelta

import pytest

from core.database.db_time import desk_now
from tests.people.by_sql import Line, World

RULE = "people_roleconfirmation_rule: "
NO_ROLE = RULE + "no open role that somebody gave"
NO_POWER = RULE + "not an active person whose own role counts"
NO_SECOND = RULE + "nobody confirms what they gave or received, nor elsewhere"
STEERED = RULE + "their access was set by who gave or received the role"
LAST = RULE + "the last administrator stays"


class Cast:
    """An administrator and a lead by command, and a role that waits."""

    def __init__(self, world: World):
        self.world, self.line, self.place = world, world.line, world.department()
        self.max, self.lena, self.ghost = (world.person() for _one in range(3))
        self.max_role = world.role(self.max, "administrator")
        self.lena_role = world.role(self.lena, "lead", self.place)
        self.given = world.role(self.ghost, "reviewer", self.place, by=self.max)

    def refuses(self, who=None, under=None, word="confirmed", *, about=None, **fields):
        """What refuses this word; the lead's about the waiting role, if nothing else is said."""
        return self.line.refuses(
            *self.world.saying(
                about or self.given, who or self.lena, under or self.lena_role, word, **fields
            )
        )


@pytest.fixture
def cast(world):
    """As the application writes it."""
    return Cast(world)


def test_a_word_is_about_an_open_role_that_somebody_gave(cast, world):
    assert cast.refuses() == ""
    assert cast.refuses(about=world.role(world.person(), "reviewer", cast.place)) == NO_ROLE
    world.end(cast.given)
    assert cast.refuses() == NO_ROLE


def test_a_word_is_said_under_a_counting_power_of_ones_own(cast, world):
    rita, former, waits = (world.person() for _one in range(3))
    ritas = world.role(rita, "reviewer", cast.place)
    ended = world.role(former, "lead", cast.place)
    world.end(ended)
    assert cast.refuses(rita, ritas) == NO_POWER
    assert cast.refuses(rita, cast.lena_role) == NO_POWER
    assert cast.refuses(former, ended) == NO_POWER
    assert cast.refuses(waits, world.role(waits, "lead", cast.place, by=cast.max)) == NO_POWER


def test_a_sign_in_that_is_switched_off_says_nothing_though_its_person_is_here(cast, world, app):
    first = world.users[cast.lena]
    second = world.sign_in(cast.lena, added_by_id=first)
    app.do("UPDATE people_user SET is_active = false WHERE id = %s", first)
    assert cast.refuses(user_id=first) == NO_POWER
    assert cast.refuses(user_id=first, under_id=10**9) == NO_POWER
    assert cast.refuses(user_id=second) == ""


def test_a_word_is_said_by_a_second_person_with_a_right_there(cast, world):
    henrik = world.person()
    elsewhere = world.role(henrik, "lead", world.department())
    own = world.role(cast.ghost, "lead", cast.place)
    assert cast.refuses(henrik, elsewhere) == NO_SECOND
    assert cast.refuses(cast.max, cast.max_role) == NO_SECOND
    assert cast.refuses(cast.ghost, own) == NO_SECOND


def test_whose_access_the_giver_set_says_nothing_for_seven_days(cast, world, app):
    world.change(cast.max, cast.lena)
    assert cast.refuses() == STEERED
    app.ahead("7 days 1 hour")
    assert cast.refuses() == ""


def test_who_says_it_and_when_the_database_knows(cast, world, app):
    app.do(
        *world.saying(cast.given, cast.lena, cast.lena_role, person_id=cast.max, at="2001-01-01")
    )
    assert app.do("SELECT person_id FROM people_roleconfirmation") == cast.lena
    assert desk_now() - app.do("SELECT at FROM people_roleconfirmation") < timedelta(minutes=5)


def test_the_last_administrator_is_not_refused(cast, world):
    zoe = world.person()
    given = world.role(zoe, "administrator", by=cast.max)
    also_reviewer = world.role(zoe, "reviewer", cast.place, by=cast.max)
    assert cast.refuses(word="refused", about=given) == "", "another one is there"
    world.word(given, cast.lena, cast.lena_role)
    world.end(cast.max_role)
    assert cast.refuses(word="refused", about=given) == LAST
    assert cast.refuses(word="confirmed", about=given) == ""
    assert cast.refuses(word="refused", about=also_reviewer) == ""
    assert cast.refuses(word="refused") == ""


def test_a_word_is_not_said_out_of_an_old_snapshot(db, owner):
    owner.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    try:
        assert Cast(World(Line(owner))).refuses() == RULE + "only under read committed"
    finally:
        owner.execute("ROLLBACK")
