"""Whose role counts: every line of the routines that say so, asked by their owner."""

import pytest

from tests.people.by_sql import World


class Cast:
    """An administrator and a lead by command, a place, and a place of its own above nobody."""

    def __init__(self, world: World):
        self.world, self.line = world, world.line
        self.above = world.department()
        self.here, self.elsewhere = world.department(parent=self.above), world.department()
        self.max, self.lena = world.person(), world.person()
        self.max_role = world.role(self.max, "administrator")
        self.lena_role = world.role(self.lena, "lead", self.here)

    def given(self, role="reviewer", place=None, *, by=None, to=None):
        """A role that the administrator, or somebody else, gave; (person, its id)."""
        person = to or self.world.person()
        return person, self.world.role(
            person, role, None if role == "administrator" else place or self.here, by=by or self.max
        )

    def confirmed(self, role="administrator", **where):
        """The same, confirmed by the lead."""
        person, given = self.given(role, **where)
        self.world.word(given, self.lena, self.lena_role)
        return person, given

    def firm(self, role):
        """Whether a role is firm."""
        return self.line.do("SELECT people_role_firm(%s)", role)

    def givers(self, role):
        """Who stands behind it."""
        return sorted(self.line.do("SELECT people_role_givers(%s)", role), key=str)

    def second(self, role, *among):
        """Whether one of these roles is a second one."""
        return self.line.do("SELECT people_role_second(%s, %s)", role, list(among))

    def powers(self):
        """The roles of leads and administrators that count, in their order."""
        return sorted(self.line.do("SELECT people_role_powers()"))


@pytest.fixture
def cast(whole):
    """As the owner writes it."""
    return Cast(whole)


def test_a_word_is_about_its_own_role_and_the_newest_holds(cast, whole):
    (_first, one), (_second, other) = cast.given(), cast.given()
    whole.word(one, cast.lena, cast.lena_role)
    assert (whole.standing(one), whole.standing(other)) == ("confirmed", "waits")
    whole.word(one, cast.lena, cast.lena_role, "refused")
    assert (whole.standing(one), whole.standing(other)) == ("refused", "waits")
    whole.word(one, cast.lena, cast.lena_role)
    assert (whole.standing(one), whole.standing(other)) == ("confirmed", "waits")


def test_a_role_is_firm_by_command_or_confirmed_by_a_chain_from_one(cast, whole):
    (_ghost, waits), (_other, refused) = cast.given(), cast.given()
    assert (cast.firm(cast.lena_role), cast.firm(waits)) == (True, False)
    whole.word(waits, cast.lena, cast.lena_role)
    whole.word(refused, cast.lena, cast.lena_role, "refused")
    assert (cast.firm(waits), cast.firm(refused)) == (True, False), (
        "a later refusal of another role changes nothing"
    )
    whole.word(waits, cast.lena, cast.lena_role, "refused")
    assert cast.firm(waits) is False
    whole.word(waits, cast.lena, cast.lena_role)
    assert cast.firm(waits) is True, "an earlier refusal changes nothing"


def test_a_later_confirmation_by_somebody_who_is_not_firm_takes_nothing_away(cast, whole):
    eva, evas = cast.given("lead", cast.above)
    assert (whole.standing(evas), cast.firm(evas)) == ("by_one", False)
    _zoe, given = cast.confirmed("reviewer")
    whole.word(given, eva, evas)
    assert cast.firm(given) is True
    _yann, other = cast.given()
    whole.word(other, eva, evas)
    assert (cast.firm(other), whole.standing(other)) == (False, "by_one")


def test_behind_a_role_stands_its_own_giver_alone_where_that_one_is_firm(cast, whole):
    selma = whole.person()
    whole.role(selma, "administrator")
    zoe, _zoes = cast.confirmed()
    _one, by_selma = cast.given(by=selma)
    _two, by_zoe = cast.given(by=zoe)
    assert (cast.givers(by_selma), cast.givers(by_zoe), cast.givers(cast.lena_role)) == (
        [selma],
        [zoe],
        [],
    )


def test_behind_a_ghosts_gift_stands_who_made_the_ghost_an_administrator(cast, whole):
    ghost = whole.person()
    selma = whole.person()
    selmas = whole.role(selma, "administrator")
    # No administrator's role: who gave it is not behind what the ghost gives
    whole.role(ghost, "agent", cast.here, by=selma)
    whole.role(ghost, "reviewer", cast.here)  # firm, but no right to give
    whole.end(selmas)
    whole.end(cast.lena_role)  # nobody could confirm: the ghost's role counts by one
    whole.role(ghost, "administrator", by=cast.max)
    _person, given = cast.given(by=ghost)
    assert cast.givers(given) == sorted([ghost, cast.max], key=str)


def test_a_second_person_is_neither_giver_nor_receiver_and_has_a_right_there(cast, whole):
    selma, deputy, lead_above = whole.person(), whole.person(), whole.person()
    selmas, there = whole.role(selma, "administrator"), whole.role(deputy, "lead", cast.elsewhere)
    above = whole.role(lead_above, "lead", cast.above)
    receiver, given = cast.given()
    own = whole.role(receiver, "lead", cast.here)
    assert [cast.second(given, one) for one in (cast.lena_role, above, selmas)] == [True] * 3
    assert [cast.second(given, one) for one in (cast.max_role, own, there)] == [False] * 3
    assert cast.second(given) is False
    assert cast.second(given, there, cast.max_role, own, above) is True
    _person, administrators = cast.given("administrator")
    assert [cast.second(administrators, one) for one in (cast.lena_role, there, selmas)] == [
        True
    ] * 3
    assert cast.second(administrators, cast.max_role) is False


def test_powers_by_command_or_by_confirmation_are_open_and_of_somebody_active(cast, whole):
    zoe = cast.confirmed()[1]
    for role in ("agent", "reviewer", "deputy"):
        whole.role(whole.person(), role, cast.here)
    cast.confirmed("reviewer")
    whole.end(whole.role(whole.person(), "lead", cast.here))
    whole.role(whole.person(is_active=False), "lead", cast.here)
    cast.given("administrator")
    _refused_person, refused = cast.confirmed()
    whole.word(refused, cast.lena, cast.lena_role, "refused")
    assert cast.powers() == sorted([cast.max_role, cast.lena_role, zoe])


def test_powers_by_one_are_open_of_somebody_active_and_not_refused(cast, whole):
    for role in ("deputy", "agent"):
        cast.given(role, whole.department())  # where no lead could confirm, nor in the next two
    whole.end(cast.given("lead", whole.department())[1])
    off = cast.given("lead", whole.department())[0]
    whole.switch(off, on=False)
    eva = cast.given("lead", cast.elsewhere)[1]
    _refused_person, refused = cast.given("lead")
    whole.word(refused, cast.lena, cast.lena_role, "refused")
    whole.end(cast.lena_role)
    assert cast.second(refused, *cast.powers()) is False, (
        "there is nobody any more who could confirm it"
    )
    assert cast.powers() == sorted([cast.max_role, eva])


def test_of_two_by_one_the_elder_counts_and_the_younger_waits(cast, whole):
    whole.end(cast.lena_role)
    elder, younger = cast.given("lead")[1], cast.given("lead")[1]
    assert (whole.standing(elder), whole.standing(younger)) == ("by_one", "waits")
    assert cast.powers() == sorted([cast.max_role, elder])


def test_the_elder_counts_also_where_only_the_younger_could_confirm(cast, whole):
    whole.end(cast.lena_role)
    elder, younger = cast.given("lead", cast.here)[1], cast.given("lead", cast.above)[1]
    assert cast.second(elder, younger) is True
    assert (whole.standing(elder), whole.standing(younger)) == ("by_one", "by_one")


def test_each_standing(cast, whole):
    waits, refused, firm = cast.given()[1], cast.given()[1], cast.confirmed("reviewer")[1]
    whole.word(refused, cast.lena, cast.lena_role, "refused")
    standings = {
        name: whole.standing(role)
        for name, role in {
            "command": cast.lena_role,
            "waits": waits,
            "refused": refused,
            "confirmed": firm,
            "nothing": 10**9,
        }.items()
    }
    assert standings == {
        "command": "command",
        "waits": "waits",
        "refused": "refused",
        "confirmed": "confirmed",
        "nothing": None,
    }
    whole.end(cast.lena_role)
    assert [whole.standing(role) for role in (waits, refused, firm)] == [
        "by_one",
        "refused",
        "confirmed",
    ]
    assert [
        whole.line.do("SELECT people_role_counts(%s)", role)
        for role in (waits, refused, firm, 10**9)
    ] == [True, False, True, False]
