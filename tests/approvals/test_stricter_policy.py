"""A hand-over does not weaken the rule.

Of the account's department and the ticket's the stricter policy holds. SQL and Python
agree, cell by cell.
"""

import itertools

import pytest
from django.test import Client
from django.urls import reverse

from approvals import querysets
from approvals.reviews import decisions, voiding
from core.errors import NotAllowed
from people import access
from people.identity import persons, provisioning
from people.memberships import endorsement, memberships
from people.models import Department, Membership, User
from people.roles import ReviewPolicy, Role
from tests import factories
from tests.approvals.test_four_eyes import guard_refuses, insert_review, screen
from tickets import lifecycle
from tickets.models import Ticket

pytestmark = [pytest.mark.campaign, pytest.mark.table]


def handed_over(desk):
    """Make a ticket of Customer Service that was handed to Business Customers.

    In Customer Service team leads approve, in Business Customers any colleague.
    """
    ticket = factories.a_ticket(desk)
    lifecycle.hand_off(ticket, to=desk.business, note="", by=desk.aylin)
    return Ticket.objects.get(pk=ticket.pk)


def test_two_agents_do_not_post_on_the_account_of_a_department_where_team_leads_approve(desk):
    revision = factories.submitted(desk, handed_over(desk), by=desk.nele)
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.minh))
    assert "Farida Rahimi" in str(refused.value)
    guard_refuses(lambda: insert_review(revision, desk.minh), "approvals_review_rule")
    assert not querysets.waiting_for(desk.minh).exists()
    assert querysets.waiting_for(desk.farida).exists()
    assert decisions.approve(revision, **screen(revision, desk.farida)).status == "approved"


def test_an_approval_by_a_colleague_is_void_once_the_accounts_department_becomes_stricter(desk):
    ticket = factories.arrive(
        desk,
        factories.post("@AmselnetzBiz hello", account="amselnetzbiz"),
        account=desk.business_account,
    )[0]
    revision = factories.submitted(desk, ticket, by=desk.nele)
    decisions.approve(revision, **screen(revision, desk.minh))
    type(desk.business_account).objects.filter(pk=desk.business_account.pk).update(
        department=desk.service
    )
    assert voiding.pair_fault(revision) == "right_lost"


def test_the_stricter_rule_is_said_before_the_hand_over(desk):
    client = Client()
    client.force_login(desk.aylin)
    page = client.get(reverse("ticket", args=[factories.a_ticket(desk).number])).content.decode()
    assert "The stricter rule goes along" in page
    ticket = factories.arrive(
        desk,
        factories.post("@AmselnetzBiz hello", account="amselnetzbiz"),
        account=desk.business_account,
    )[0]
    client.force_login(desk.nele)
    assert (
        "The stricter rule goes along"
        not in client.get(reverse("ticket", args=[ticket.number])).content.decode()
    )


def somebody_with(desk, places, second, number, role, place, standing):
    """Make somebody with this role, given and confirmed like this."""
    person = persons.add_person(f"P{number}")
    user = provisioning.add_sign_in(f"p{number}", person=person)
    given = memberships.give_role(
        person,
        role=Role(role),
        department=places[place],
        by=None if standing == "command" else desk.max,
    )
    if standing in {"confirmed", "refused"}:
        getattr(endorsement, {"confirmed": "confirm", "refused": "refuse"}[standing])(
            given, by=second
        )
    user = User.objects.get(pk=user.pk)
    return person, user


def departments_and_a_second_administrator(policies, above):
    """Make three departments with their policies, and a second administrator."""
    here, account_owner, elsewhere = (
        Department.objects.create(name_en=name, name_de=name, parent=parent, review_policy=policy)
        for name, parent, policy in (
            ("Here", above, policies[0]),
            ("Owner", None, policies[1]),
            ("Elsewhere", None, ReviewPolicy.COLLEAGUES),
        )
    )
    places = {"here": here, "above": above, "owner": account_owner, "elsewhere": elsewhere}
    second = provisioning.add_sign_in("second", person=persons.add_person("Second", initials="ss"))
    memberships.give_role(second.person, role=Role.ADMINISTRATOR, department=None)
    second = User.objects.get(pk=second.pk)
    return here, account_owner, places, second


@pytest.mark.parametrize(
    "policies", list(itertools.product(ReviewPolicy.values, ReviewPolicy.values))
)
def test_sql_and_python_agree_over_policies_roles_departments_and_standing(
    open_desk, owner, policies
):
    desk = open_desk
    above = desk.service
    here, account_owner, places, second = departments_and_a_second_administrator(policies, above)
    for number, (role, place, standing) in enumerate(
        itertools.product(
            ["agent", "reviewer", "deputy", "lead"],
            places,
            ["command", "waits", "confirmed", "refused"],
        )
    ):
        person, user = somebody_with(desk, places, second, number, role, place, standing)
        owner.execute(
            "SELECT people_entitlement(%s, %s, now(), %s)", [person.pk, here.pk, account_owner.pk]
        )
        by_sql = owner.fetchone()[0]
        by_python = None
        if access.decides_escalations(user, here):
            by_python = "lead"
        elif access.may_endorse(user, here, owner=account_owner):
            by_python = "some"
        assert (by_sql == "lead", by_sql is not None) == (
            by_python == "lead",
            by_python is not None,
        ), (role, place, standing, policies)
        assert access.entitled(here, owner=account_owner).filter(pk=person.pk).exists() == (
            by_sql is not None
        )
        assert Membership.objects.filter(person=person).counting().exists() == (
            standing in {"command", "confirmed"}
        )
