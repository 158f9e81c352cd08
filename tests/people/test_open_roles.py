"""On whose confirmation something hangs.

Roles that endorse, and an agent's whose giver could stand behind a reply with them.
"""

import pytest

from people.identity import persons, provisioning
from people.memberships import endorsement, memberships
from people.models import Department, Membership


def given(desk, role, place):
    """The administrator Max gives somebody new this role; as the desk sees it then."""
    ghost = persons.add_person("Gerda Ghost")
    provisioning.add_sign_in("gerda", person=ghost, password="four words nobody knows")
    department = getattr(desk, place) if place else None
    return memberships.give_role(ghost, role=role, department=department, by=desk.max)


@pytest.mark.parametrize(
    ("role", "place", "is_open"),
    [
        ("agent", "service", False),
        ("reviewer", "service", True),
        ("lead", "service", True),
        ("administrator", None, True),
        ("agent", "business", True),
    ],
)
def test_a_role_is_open_where_it_endorses(desk, role, place, is_open):
    assert (given(desk, role, place) in endorsement.open_roles()) is is_open


@pytest.mark.parametrize(
    ("role", "place", "is_open"),
    [
        ("reviewer", "service", True),
        ("deputy", "service", True),
        ("agent", "service", False),
        ("reviewer", "business", False),
    ],
)
def test_an_agents_role_is_open_while_its_giver_endorses_there(desk, role, place, is_open):
    memberships.give_role(desk.max.person, role=role, department=getattr(desk, place))
    agent = given(desk, "agent", "service")
    assert (agent in endorsement.open_roles()) is is_open
    Membership.objects.filter(person=desk.max.person).exclude(role="administrator").update(
        ended_at="2026-01-01T00:00Z"
    )
    assert agent not in endorsement.open_roles()


@pytest.mark.parametrize(("role", "is_open"), [("lead", True), ("reviewer", False)])
def test_who_leads_above_endorses_below(desk, role, is_open):
    below = Department.objects.create(
        name_en="Kranstedt", name_de="Kranstedt", parent=desk.service, review_policy="reviewers"
    )
    memberships.give_role(desk.max.person, role=role, department=desk.service)
    ghost = persons.add_person("Gerda Ghost")
    provisioning.add_sign_in("gerda", person=ghost, password="four words nobody knows")
    agent = memberships.give_role(ghost, role="agent", department=below, by=desk.max)
    assert (agent in endorsement.open_roles()) is is_open
