"""Who may do what where, row by row: rules over roles, and the lists of people."""

import pytest

from people import access, access_changes
from people.identity import persons, provisioning
from people.models import AccessChange, Department, Membership, Person, User
from people.roles import Role, Standing

ABOVE = Department(pk=1, review_policy="reviewers")
HERE = Department(pk=2, parent=ABOVE, review_policy="reviewers")
ELSEWHERE = Department(pk=3, review_policy="reviewers")
FREE = Department(pk=4, review_policy="colleagues")
PLACES = {"here": HERE, "above": ABOVE, "elsewhere": ELSEWHERE, "free": FREE}


def user(role, place, *, standing=Standing.COMMAND, is_active=True):
    """A sign-in with this one role."""
    made = User(is_active=is_active)
    membership = Membership(role=role, department=place)
    membership.standing = standing
    made.memberships = [membership]
    return made


@pytest.mark.parametrize("place", ["here", "above", "elsewhere"])
@pytest.mark.parametrize("role", Role.values)
def test_who_writes_leads_and_endorses_by_role_and_place(role, place):
    somebody = user(role, PLACES[place])
    leads = role in {"deputy", "lead"} and place != "elsewhere"
    own = place == "here" and role != "administrator"
    assert access.may_write(somebody, HERE) is (leads or own)
    assert access.decides_escalations(somebody, HERE) is leads
    assert access.may_endorse(somebody, HERE) is (leads or (own and role == "reviewer"))


@pytest.mark.parametrize("role", ["agent", "reviewer", "lead"])
def test_who_is_switched_off_may_nothing(role):
    gone = user(role, FREE, is_active=False)
    assert not access.may_write(gone, FREE)
    assert not access.decides_escalations(gone, FREE)
    assert not access.may_endorse(gone, FREE)


@pytest.mark.parametrize("standing", Standing.values)
@pytest.mark.parametrize("role", ["agent", "reviewer", "lead"])
def test_only_a_role_that_counts_endorses_and_leads(role, standing):
    somebody = user(role, FREE, standing=standing)
    counts = standing in {"command", "confirmed", "by_one"}
    assert access.may_write(somebody, FREE)
    assert access.decides_escalations(somebody, FREE) is (counts and role == "lead")
    assert access.may_endorse(somebody, FREE) is counts


def names(people):
    """Their first names."""
    return {one.name.split()[0] for one in people}


@pytest.fixture
def changed(desk):
    """Bastian's role has ended, Tomasz and Samuel are switched off past the verbs."""
    Membership.objects.filter(person=desk.bastian.person).update(ended_at="2026-01-01T00:00Z")
    User.objects.filter(username__in=["tomasz", "samuel"]).update(is_active=False)
    return desk


def test_lists_of_people_have_who_is_here_active_and_a_member(changed):
    desk = changed
    assert names(access.entitled(desk.service)) == {"Rita", "Lena"}
    assert names(access.entitled(desk.business)) == {"Nele", "Minh", "Farida", "Henrik", "Lena"}
    assert names(access.entitled(desk.business, lead_side=True)) == {"Henrik", "Lena"}
    assert names(access.members(desk.service)) == {"Aylin", "Chiara", "Rita", "Lena"}
    assert names(access.colleagues(desk.aylin)) == {"Chiara", "Rita", "Lena"}
    assert names(access.who_may_be_named(desk.service)) == {"Aylin", "Chiara", "Rita", "Lena"}
    assert names(access.who_may_be_named(desk.business)) == {
        "Nele",
        "Minh",
        "Farida",
        "Henrik",
        "Aylin",
        "Chiara",
        "Rita",
        "Lena",
    }


def test_nobody_is_the_same_person_as_nobody(desk):
    aylin, rita = desk.aylin.person_id, desk.rita.person_id
    assert not access.same_person(None, None)
    assert not access.same_person(aylin, None)
    assert not access.same_person(None, aylin)
    assert not access.same_person(aylin, rita)
    persons.link(desk.aylin.person, same_as=desk.rita.person, by=desk.max)
    assert access.same_person(aylin, rita)


def test_recent_changes_are_those_into_a_sign_in_of_the_last_seven_days(desk, ahead):
    rita, aylin = desk.rita.person, desk.aylin.person
    for kind in ("role", "person", "password", "sign_in", "email"):
        AccessChange.objects.create(setter=desk.max.person, subject=rita, kind=kind)
    AccessChange.objects.create(setter=desk.max.person, subject=aylin, kind="email")
    assert [one.kind for one in access_changes.recent(rita)] == ["email", "sign_in", "password"]
    assert access_changes.recent().count() == 4
    ahead("8 days")
    assert not access_changes.recent().exists()


def test_a_person_without_a_role_is_on_no_list(desk):
    person = persons.add_person("Zoe Quill")
    provisioning.add_sign_in("zoe", person=person)
    for people in (
        access.entitled(desk.service),
        access.members(desk.service),
        access.colleagues(desk.aylin),
        access.who_may_be_named(desk.service),
    ):
        assert person not in people
    assert person in Person.objects.all()


def acting(*roles):
    """A sign-in with these roles: (role, place, whether it counts)."""
    somebody = User(is_active=True)
    somebody.memberships = []
    for role, place, counts in roles:
        membership = Membership(role=role, department=PLACES[place])
        membership.standing = Standing.CONFIRMED if counts else Standing.WAITS
        somebody.memberships.append(membership)
    return somebody


@pytest.mark.parametrize(
    ("roles", "under"),
    [
        ([("agent", "here", True), ("reviewer", "here", True)], 1),
        ([("agent", "here", True), ("reviewer", "here", False)], 0),
        ([("agent", "here", False), ("reviewer", "here", False)], 1),
        ([("reviewer", "here", True), ("deputy", "above", True)], 1),
        ([("reviewer", "here", True), ("reviewer", "above", True)], 0),
        ([("agent", "here", True), ("lead", "elsewhere", True)], 0),
        ([("lead", "above", True), ("lead", "here", True)], 1),
        ([("lead", "here", True), ("lead", "above", True)], 0),
        ([("agent", "here", True), ("administrator", "here", True)], 0),
    ],
)
def test_the_strongest_role_that_counts_is_acted_under(roles, under):
    somebody = acting(*roles)
    assert access.strongest_membership(somebody, HERE) is somebody.memberships[under]


@pytest.mark.parametrize(
    "roles",
    [
        [],
        [("administrator", "here", True)],
        [("reviewer", "above", True)],
        [("lead", "elsewhere", True)],
    ],
)
def test_who_has_no_role_there_acts_under_none(roles):
    assert access.strongest_membership(acting(*roles), HERE) is None
