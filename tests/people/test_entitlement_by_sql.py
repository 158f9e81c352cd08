"""What a person is entitled to in a department, and whose access was set by whom; by raw SQL."""

import pytest

from tests.people.by_sql import World

BEFORE = "2001-01-01"
AFTER = "2100-01-01"


@pytest.fixture
def places(whole):
    """Here and elsewhere, both below one above; each under team leads."""
    above = whole.department()
    return {
        "above": above,
        "here": whole.department(parent=above),
        "elsewhere": whole.department(parent=above),
    }


def entitled(world, person, place, *, owner=None, written_at=AFTER):
    """What the routine says."""
    return world.line.do(
        "SELECT people_entitlement(%s, %s, %s, %s)", person, place, written_at, owner or place
    )


def member(world, role, place):
    """A person with this role."""
    person = world.person()
    world.role(person, role, place)
    return person


@pytest.mark.parametrize(
    ("role", "at", "wanted"),
    [
        ("agent", "here", None),
        ("reviewer", "here", "reviewer"),
        ("deputy", "here", "lead"),
        ("lead", "here", "lead"),
        ("agent", "above", None),
        ("reviewer", "above", None),
        ("deputy", "above", "lead"),
        ("lead", "above", "lead"),
        ("agent", "elsewhere", None),
        ("reviewer", "elsewhere", None),
        ("deputy", "elsewhere", None),
        ("lead", "elsewhere", None),
        ("administrator", None, None),
    ],
)
def test_each_role_at_each_place(whole, places, role, at, wanted):
    person = member(whole, role, places.get(at))
    member(whole, "lead", places["here"])  # somebody else's right is nobody's own
    assert entitled(whole, person, places["here"]) == wanted


@pytest.mark.parametrize(
    ("here", "account", "wanted"),
    [
        ("colleagues", "colleagues", "colleague"),
        ("colleagues", "reviewers", None),
        ("reviewers", "colleagues", None),
        ("reviewers", "reviewers", None),
    ],
)
def test_any_colleague_endorses_only_where_both_departments_say_so(whole, here, account, wanted):
    whole.department(policy="reviewers")  # a third one's policy says nothing
    place, theirs = whole.department(policy=here), whole.department(policy=account)
    assert entitled(whole, member(whole, "agent", place), place, owner=theirs) == wanted
    assert entitled(whole, member(whole, "agent", theirs), place, owner=theirs) is None


def test_a_role_that_ended_or_waits_gives_nothing(whole, places):
    administrator, ghost = member(whole, "administrator", None), whole.person()
    member(whole, "lead", places["here"])
    given = whole.role(ghost, "reviewer", places["here"], by=administrator)
    assert whole.standing(given) == "waits"
    assert entitled(whole, ghost, places["here"]) is None
    former = whole.person()
    whole.end(whole.role(former, "reviewer", places["here"]))
    assert entitled(whole, former, places["here"]) is None


@pytest.mark.parametrize(
    ("giver", "later"),
    [(None, "reviewer"), ("other", "reviewer"), ("self", None), ("other row", None)],
)
def test_a_role_given_to_oneself_counts_for_what_was_written_later_alone(
    whole, places, giver, later
):
    selma, max_, row = (member(whole, "administrator", None) for _one in range(3))
    whole.link(row, max_)
    lead = member(whole, "lead", places["above"])
    givers = {None: None, "other": selma, "self": max_, "other row": row}
    given = whole.role(max_, "reviewer", places["here"], by=givers[giver])
    if giver:
        under = whole.line.do("SELECT id FROM people_membership WHERE person_id = %s", lead)
        whole.word(given, lead, under)
    assert entitled(whole, max_, places["here"], written_at=AFTER) == "reviewer"
    assert entitled(whole, max_, places["here"], written_at=BEFORE) == later


@pytest.fixture
def three(world):
    """Three persons; `other` has two rows."""
    one, other, third, row = (world.person() for _one in range(4))
    world.link(row, other)
    return {"one": one, "other": other, "third": third, "row": row}


@pytest.mark.parametrize(
    ("setter", "subject", "wanted"),
    [
        ("one", "other", True),
        ("other", "one", True),
        ("row", "one", True),
        ("one", "row", True),
        ("third", "other", False),
        ("one", "third", False),
        ("third", "one", False),
        ("other", "third", False),
    ],
)
def test_access_is_set_between_two_in_either_direction_for_seven_days(
    world, app, three, setter, subject, wanted
):
    asked = ("SELECT people_access_set(%s, %s)", three["one"], three["other"])
    assert app.do(*asked) is False
    world.change(three[setter], three[subject])
    assert app.do(*asked) is wanted
    app.ahead("6 days 23 hours")
    assert app.do(*asked) is wanted
    app.ahead("7 days 1 hour")
    assert app.do(*asked) is False


class Ghost:
    """Somebody whom an administrator brought, while a lead could confirm their role."""

    def __init__(self, world: World):
        self.world, place = world, world.department()
        self.max, self.selma = member(world, "administrator", None), world.person()
        self.lena = world.person()
        self.lena_role = world.role(self.lena, "lead", place)
        self.person = world.person()
        self.role = world.role(self.person, "reviewer", place, by=self.max)
        self.place = place

    def made_by(self, other, *, counting=True, person=None):
        """What the routine says."""
        return self.world.line.do(
            "SELECT people_made_by(%s, %s, %s)", person or self.person, other, counting
        )

    def steered(self, second):
        """Whether giver or receiver lately set this one's access."""
        return self.world.line.do("SELECT people_role_steered(%s, %s)", self.role, second)


@pytest.fixture
def ghost(world):
    """As the application writes and asks it."""
    return Ghost(world)


@pytest.mark.parametrize("counting", [True, False])
def test_a_ghost_is_made_by_its_giver_until_a_second_person_confirms(ghost, world, counting):
    assert ghost.made_by(ghost.max, counting=counting) is True
    for other in (ghost.lena, ghost.selma, ghost.person):
        assert ghost.made_by(other, counting=counting) is False
    assert ghost.made_by(ghost.max, counting=counting, person=ghost.lena) is False
    world.word(ghost.role, ghost.lena, ghost.lena_role)
    assert ghost.made_by(ghost.max, counting=counting) is False


def test_where_nobody_could_confirm_a_ghost_counts_and_is_still_not_firm(ghost, world):
    world.end(ghost.lena_role)
    assert ghost.made_by(ghost.max, counting=True) is False
    assert ghost.made_by(ghost.max, counting=False) is True


def test_whom_one_administrator_brought_is_not_made_by_another(ghost, world):
    selma = member(world, "administrator", None)
    other = world.person()
    world.role(other, "reviewer", ghost.place, by=selma)
    assert ghost.made_by(selma, person=other) is True
    assert ghost.made_by(ghost.max, person=other) is False


@pytest.mark.parametrize(
    ("setter", "subject", "wanted"),
    [
        ("max", "lena", True),
        ("max", "selma", False),
        ("selma", "lena", False),
        ("lena", "max", False),
    ],
)
def test_who_holds_anothers_access_makes_ghosts_in_their_place_for_seven_days(
    ghost, world, app, setter, subject, wanted
):
    world.change(getattr(ghost, setter), getattr(ghost, subject))
    assert ghost.made_by(ghost.lena) is wanted
    app.ahead("6 days 23 hours")
    assert ghost.made_by(ghost.lena) is wanted
    app.ahead("7 days 1 hour")
    assert ghost.made_by(ghost.lena) is False


@pytest.mark.parametrize(
    ("setter", "subject", "kind", "wanted"),
    [
        ("max", "lena", "password", True),
        ("person", "lena", "email", True),
        ("max", "lena", "role", False),
        ("max", "selma", "password", False),
        ("selma", "lena", "password", False),
        ("lena", "max", "password", False),
    ],
)
def test_who_gave_or_received_a_role_steers_whose_access_they_set_for_seven_days(
    ghost, world, app, setter, subject, kind, wanted
):
    world.change(getattr(ghost, setter), getattr(ghost, subject), kind)
    assert ghost.steered(ghost.lena) is wanted
    app.ahead("6 days 23 hours")
    assert ghost.steered(ghost.lena) is wanted
    app.ahead("7 days 1 hour")
    assert ghost.steered(ghost.lena) is False


def test_what_somebody_set_of_their_own_steers_nobody(ghost, world):
    world.change(ghost.max, ghost.max)
    assert ghost.steered(ghost.max) is False
