"""Administrators set up people and departments in the desk.

The database keeps what must never go wrong with it.
"""

import re
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from approvals.reviews import decisions
from core.errors import Invalid, NotAllowed
from core.models import Event
from people.hours import absences
from people.identity import persons
from people.identity.tokens import issue
from people.invitations import email_addresses, invitations
from people.memberships import departments, endorsement, memberships
from people.models import (
    AccessChange,
    Department,
    Invitation,
    Membership,
    Person,
    UsedInitials,
    User,
)
from people.roles import Role
from tests import factories
from tests.approvals.test_four_eyes import guard_refuses, insert_review, screen

GOOD = "four words nobody knows"


@pytest.fixture
def max_here(desk, client):
    """The administrator, signed in."""
    client.force_login(desk.max)
    return client


def invited(client, **typed):
    """Invite somebody; the path of the link."""
    answer = client.post(
        reverse("invite"),
        {
            "name": "Zoe Quill",
            "initials": "zq",
            "email": "zoe@example.com",
            "role": "agent",
            **typed,
        },
    )
    found = re.search(r"/invitation/[\w-]+/", answer.content.decode())
    return answer, found and found.group()


@pytest.mark.campaign
def test_somebody_is_invited_joins_with_their_own_password_and_can_pair_with_the_inviter_at_once(
    desk, max_here, client
):
    memberships.give_role(desk.max.person, role=Role.LEAD, department=desk.service)
    for one in (desk.lena, desk.henrik):  # nobody else could confirm
        memberships.deactivate(one.person)
    _answer, path = invited(max_here, department=desk.service.pk)
    client.logout()
    page = client.get(path).content.decode()
    assert "Welcome, <bdi>Zoe Quill</bdi>" in page
    assert "Your role: Agent (Customer Service)." in page
    weak = client.post(path, {"username": "zoe", "password": "short"})
    assert weak.status_code == 400
    assert 'value="zoe"' in weak.content.decode()
    assert client.post(path, {"username": "zoe", "password": GOOD}).status_code == 302
    zoe = User.objects.get(username="zoe")
    assert (zoe.person.initials, zoe.check_password(GOOD), zoe.memberships[0].role) == (
        "zq",
        True,
        Role.AGENT,
    )
    assert client.get(path).status_code == 404
    revision = factories.submitted(desk, by=zoe)
    assert decisions.approve(revision, **screen(revision, desk.max)).status == "approved"
    assert not AccessChange.objects.filter(subject=zoe.person).exists()


@pytest.mark.campaign
def test_an_invitation_is_used_once_for_a_week_and_can_be_withdrawn(desk, max_here, ahead):
    _answer, path = invited(max_here, department=desk.service.pk)
    invitation = Invitation.objects.get()
    assert "Zoe Quill" in max_here.get(reverse("people")).content.decode()
    max_here.post(reverse("people"), {"revoke": invitation.pk})
    assert max_here.get(path).status_code == 404
    assert Client().post(path, {"username": "zoe", "password": GOOD}).status_code == 404
    _answer, path = invited(max_here, department=desk.service.pk, email="")
    assert Client().post(path, {"username": "zoe", "password": GOOD}).status_code == 302
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"username": "zoe.again", "password": GOOD}).status_code == 404
    assert not User.objects.filter(username="zoe.again").exists()
    _answer, path = invited(max_here, department=desk.service.pk, initials="zr", email="")
    assert Client().get(path).status_code == 200
    ahead("8 days")
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"username": "zoe.late", "password": GOOD}).status_code == 404
    guard_refuses(
        lambda: Invitation.objects.filter(revoked_at=None).update(accepted_at="2026-01-01T00:00Z"),
        "people_invitation_once",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"initials": "an"}, "initials are taken"),
        ({"initials": "toolong"}, "initials are taken"),
        ({"name": " "}, "Enter the name"),
        ({"department": ""}, "belongs to a department"),
        ({"email": "nowhere"}, "not an e-mail"),
        ({"role": "emperor"}, "Choose a role"),
    ],
)
def test_a_refused_invitation_says_why_and_keeps_what_was_typed(desk, max_here, typed, said):
    answer, _path = invited(max_here, **{"department": desk.service.pk, **typed})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    if "name" not in typed:
        assert "Zoe Quill" in answer.content.decode()


@pytest.mark.campaign
def test_who_lost_a_role_loses_it_in_the_next_request_of_an_open_browser_and_token(
    desk, max_here, client
):

    ticket, rita = factories.a_ticket(desk), Client()
    rita.force_login(desk.rita)
    key = issue(desk.rita, name="t")
    path = reverse("ticket", args=[ticket.number])
    assert rita.get(path).status_code == 200
    membership = Membership.objects.get(person=desk.rita.person)
    max_here.post(
        reverse("person-act", args=[desk.rita.person_id, "end-role"]), {"membership": membership.pk}
    )
    assert rita.get(path).status_code == 404
    assert (
        Client()
        .get(f"/api/v1/tickets/{ticket.number}/", headers={"Authorization": f"Token {key}"})
        .status_code
        == 404
    )
    max_here.post(reverse("person-act", args=[desk.rita.person_id, "deactivate"]))
    assert rita.get(path).status_code == 302
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {key}"}).status_code == 401


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("verb", "typed", "kind"),
    [
        ("give-role", {"role": "agent"}, "role"),
        ("rename", {"name": "Aylin Yildiz", "initials": "ay"}, "person"),
        ("email", {"email": "r@example.com"}, "email"),
        ("new-password", {}, "password"),
    ],
)
def test_who_sets_anothers_access_forms_no_pair_with_them_for_seven_days(
    desk, max_here, ahead, verb, typed, kind
):
    memberships.give_role(desk.max.person, role=Role.LEAD, department=desk.service)
    max_here.post(
        reverse("person-act", args=[desk.aylin.person_id, verb]),
        {"department": desk.business.pk, "user": desk.aylin.pk, **typed},
    )
    assert AccessChange.objects.get().kind == kind
    revision = factories.submitted(desk)
    with pytest.raises(NotAllowed, match="7 days"):
        decisions.approve(revision, **screen(revision, desk.max))
    ahead("8 days")
    later = factories.submitted(desk, factories.a_ticket(desk))
    assert decisions.approve(later, **screen(later, desk.max)).status == "approved"


def test_the_last_administrator_stays_also_by_sql(desk, max_here):
    membership = Membership.objects.get(person=desk.max.person)
    for act in (
        lambda: memberships.deactivate(desk.max.person, by=desk.max),
        lambda: memberships.end_role(membership, by=desk.max),
    ):
        with pytest.raises(Invalid, match="last administrator"):
            act()
    guard_refuses(
        lambda: Membership.objects.filter(pk=membership.pk).update(ended_at="2026-01-01T00:00Z"),
        "people_membership_period",
    )
    guard_refuses(
        lambda: User.objects.filter(pk=desk.max.pk).update(is_active=False), "people_user_person"
    )
    given = memberships.give_role(
        desk.lena.person, role=Role.ADMINISTRATOR, department=None, by=desk.max
    )
    with pytest.raises(Invalid, match="last administrator"):
        memberships.end_role(membership, by=desk.max)
    endorsement.confirm(given, by=desk.henrik)
    memberships.end_role(membership, by=desk.max)
    assert not desk.max.is_administrator


@pytest.mark.campaign
def test_nobody_makes_themselves_a_reviewer_of_a_draft_that_waits(desk):
    revision = factories.submitted(desk)
    given = memberships.give_role(
        desk.max.person, role=Role.REVIEWER, department=desk.service, by=desk.max
    )
    with pytest.raises(
        NotAllowed, match="counts once a second person has confirmed it: Lena Brandt"
    ):
        decisions.approve(revision, **screen(revision, desk.max))
    endorsement.confirm(given, by=desk.lena)
    with pytest.raises(NotAllowed, match="You gave yourself this role"):
        decisions.approve(revision, **screen(revision, desk.max))
    membership = Membership.objects.get(person=desk.max.person, role=Role.REVIEWER)
    guard_refuses(lambda: insert_review(revision, desk.max, membership), "approvals_review_rule")
    later = factories.submitted(desk, factories.a_ticket(desk))
    assert decisions.approve(later, **screen(later, desk.max)).status == "approved"


@pytest.mark.campaign
def test_two_sign_ins_that_turn_out_to_be_one_person_count_as_one(desk, max_here):
    revision = factories.submitted(desk)
    max_here.post(
        reverse("person-act", args=[desk.rita.person_id, "link"]), {"same_as": desk.aylin.person_id}
    )
    with pytest.raises(NotAllowed) as refused:
        decisions.approve(revision, **screen(revision, desk.rita))
    assert refused.value.code == "same_person"
    guard_refuses(lambda: insert_review(revision, desk.rita), "approvals_review_rule")
    with pytest.raises(Invalid, match="one person already"):
        persons.link(desk.aylin.person, same_as=desk.rita.person, by=desk.max)


def test_a_link_found_after_the_approval_makes_it_void(desk):
    draft = factories.approved(desk)
    persons.link(desk.rita.person, same_as=desk.aylin.person, by=desk.max)
    with connection.cursor() as cursor:
        cursor.execute("SELECT approvals_pair_fault(%s)", [draft.newest.pk])
        assert cursor.fetchone()[0] == "one_person"


def test_initials_belong_to_their_first_bearer_for_ever(desk, max_here, client):
    persons.rename(
        desk.rita.person, name="Rita Winter", initials="rw", is_listed_by_name=True, by=desk.max
    )
    with pytest.raises(Invalid):
        persons.add_person("Rolf Stein", initials="rs")
    guard_refuses(
        lambda: Person.objects.filter(pk=desk.lena.person_id).update(initials="rs"),
        "people_person_initials",
    )
    assert set(
        UsedInitials.objects.filter(person=desk.rita.person).values_list("initials", flat=True)
    ) == {"rs", "rw"}
    client.logout()
    page = client.get(reverse("initials")).content.decode()
    assert "^rw" in page
    assert "Rita" in page
    assert "^rs" not in page
    assert "Lena" not in page


@pytest.mark.campaign
def test_only_administrators_set_up(desk, client):
    client.force_login(desk.lena)
    for path in (
        reverse("invite"),
        reverse("department-new"),
        reverse("department", args=[desk.service.pk]),
    ):
        assert client.get(path).status_code == 403
    for act in (
        lambda: memberships.give_role(
            desk.lena.person, role=Role.LEAD, department=desk.business, by=desk.lena
        ),
        lambda: memberships.deactivate(desk.rita.person, by=desk.lena),
        lambda: invitations.invite_to_new_password(desk.rita, by=desk.lena),
    ):
        with pytest.raises(NotAllowed):
            act()


CHOSEN = ("time_zone", "holiday_state")  # from a list
TYPED = {
    "name_en": "Night Shift",
    "name_de": "Nachtschicht",
    "review_policy": "reviewers",
    "clock_minutes": "12",
    "reply_minutes": "40",
    "time_zone": "Europe/Berlin",
    "hours_0": ["08:00", "12:00", "13:00", "17:30"],
    "hours_6": ["20:00", "00:00", "", ""],
    "holiday_country": "DE",
    "holiday_state": "HE",
    "holidays_by_hand": ["2026-12-24", "31.12.2026", ""],
}


def test_a_department_is_made_and_changed_in_the_desk(desk, max_here):
    assert (
        max_here.post(reverse("department-new"), TYPED | {"parent": desk.service.pk}).status_code
        == 302
    )
    made = Department.objects.get(name_en="Night Shift")
    assert made.hours == {"0": [["08:00", "12:00"], ["13:00", "17:30"]], "6": [["20:00", "24:00"]]}
    assert made.holidays_by_hand == [date(2026, 12, 24), date(2026, 12, 31)]
    page = max_here.get(reverse("department", args=[made.pk])).content.decode()
    assert re.findall(r'name="hours_0" value="([^"]*)"', page) == [*TYPED["hours_0"], "", ""]
    assert re.findall(r'name="hours_6" value="([^"]*)"', page) == TYPED["hours_6"]
    assert re.findall(r'name="holidays_by_hand" value="([^"]+)"', page) == [
        "2026-12-24",
        "2026-12-31",
    ]
    max_here.post(reverse("department", args=[made.pk]), TYPED | {"clock_minutes": "5"})
    assert Department.objects.get(pk=made.pk).clock_minutes == 5
    assert list(
        Event.objects.filter(name__startswith="department.").values_list("name", flat=True)
    ) == ["department.made", "department.changed"]


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"hours_0": ["08:00", "12:00", "11:00", "17:00"]}, "service hours"),
        ({"hours_0": ["25:00", "26:00"]}, "service hours"),
        ({"hours_0": ["morning"]}, "both, from and to"),
        ({"hours_0": ["", "17:00"]}, "both, from and to"),
        ({"hours_0": ["00:00", "00:00", "00:00", "00:00"]}, "service hours"),
        ({"time_zone": "Mars/Olympus"}, "time zone"),
        ({"clock_minutes": "0"}, "Minutes between"),
        ({"holiday_state": "QQ"}, "state"),
        ({"holidays_by_hand": ["2026-12-24", "Christmas"]}, "not a day"),
        ({"name_en": "Customer Service"}, "name that no other"),
    ],
)
def test_a_refused_department_says_why_and_keeps_what_was_typed(desk, max_here, typed, said):
    answer = max_here.post(reverse("department-new"), TYPED | typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    for name, value in (TYPED | typed).items():
        written = value if isinstance(value, list) else [value]
        assert all(one in page for one in written) or name in CHOSEN, (
            "what no list has cannot be shown as chosen"
        )


def test_a_department_does_not_lie_below_itself(desk):
    given = {
        "name_en": "Customer Service",
        "name_de": "K",
        "review_policy": "reviewers",
        "clock_minutes": 10,
        "reply_minutes": 30,
        "time_zone": "Europe/Berlin",
        "hours": {},
        "holiday_country": "",
        "holiday_state": "",
        "holidays_by_hand": [],
    }
    with pytest.raises(Invalid, match="itself belongs"):
        departments.keep(desk.service, by=desk.max, parent=desk.business, **given)


def test_everybody_enters_their_own_absence(desk, client):
    client.force_login(desk.lena)
    client.post(
        reverse("person-act", args=[desk.lena.person_id, "absence"]),
        {"first_day": "2026-12-01", "last_day": "2026-12-05"},
    )
    assert (
        "1 Dec 2026" in client.get(reverse("person", args=[desk.lena.person_id])).content.decode()
    )
    with pytest.raises(NotAllowed):
        absences.add_absence(
            desk.samuel.person,
            first_day=date(2026, 12, 1),
            last_day=date(2026, 12, 2),
            by=desk.lena,
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO people_absence (person_id, first_day, last_day) "
            "VALUES (%s, '2026-02-02', '2026-02-01')",
            [desk.lena.person_id],
        )


@pytest.mark.campaign
def test_leads_see_whose_access_was_set_and_a_new_persons_first_approvals(desk, client):
    email_addresses.set_email(desk.rita, email="rita.new@example.com", by=desk.max)
    for _time in range(6):
        factories.approved(
            desk, factories.submitted(desk, factories.a_ticket(desk)), by=desk.tomasz
        )
    client.force_login(desk.lena)
    page = client.get(reverse("lead")).content.decode()
    assert "<bdi>Max Albers</bdi> set <bdi>Rita Sommer</bdi>’s e-mail address" in page
    assert page.count("first approvals of <bdi>Tomasz") == 5
    client.force_login(desk.henrik)
    assert "Rita Sommer" not in client.get(reverse("lead")).content.decode()
