"""A new desk: the first steps, connecting an account, and the same from one file by command."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from approvals import applicable_guidelines
from core.errors import Invalid
from people import company
from people.invitations import invitations
from people.models import Department, Invitation, Membership, User
from people.roles import Role
from tests import factories
from tickets.accounts import connecting
from tickets.models import ConnectedAccount

VALUES = {
    "consumer_key": "k",
    "consumer_secret": "s",
    "access_token": "sim-77001",
    "access_token_secret": "t",
}


def link_of(**options):
    """The key in the printed link."""
    out = io.StringIO()
    call_command("first_administrator", stdout=out, **options)
    return out.getvalue().strip().rsplit("/", 2)[1]


def test_the_first_administrator_comes_by_a_link_once(db, client):
    key = link_of()
    answer = client.post(
        reverse("invitation", args=[key]),
        {"name": "Ada Quist", "username": "ada", "password": "four words nobody knows"},
    )
    assert answer["Location"] == reverse("first-steps")
    assert User.objects.get(username="ada").person.name == "Ada Quist"
    page = client.get(reverse("first-steps")).content.decode()
    assert page.count("data-done") == 0
    assert reverse("department-new") in page
    with pytest.raises(CommandError, match="There is an administrator already"):
        link_of()


def test_the_steps_are_seen_from_what_is_there_and_the_way_vanishes_with_the_first_ticket(
    desk, client
):
    client.force_login(desk.max)
    assert "First steps" in client.get(reverse("people")).content.decode()
    # Department, lead, two people, account; no company yet
    assert client.get(reverse("first-steps")).content.decode().count("data-done") == 4
    factories.a_ticket(desk)
    assert "First steps" not in client.get(reverse("people")).content.decode()
    client.force_login(desk.lena)
    assert client.get(reverse("first-steps")).status_code == 403


def test_an_account_is_connected_by_its_four_values_which_are_never_shown_again(
    desk, client, settings, x
):
    settings.X_IS_SIMULATED = False
    x.control("users", username="AmselNeu", account=True, id=77001)
    client.force_login(desk.max)
    answer = client.post(
        reverse("account-new"),
        {"handle": "@AmselNeu", "name": "Neu", "department": desk.business.pk, **VALUES},
    )
    assert answer.status_code == 302
    account = ConnectedAccount.objects.get(handle="AmselNeu")
    assert (account.external_id, account.department_id) == ("77001", desk.business.pk)
    assert b"sim-77001" not in bytes(account.credentials)
    assert "sim-77001" not in client.get(reverse("account-new")).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"handle": "much too long for a handle"}, "1 to 15 letters"),
        ({"consumer_key": " "}, "All four values"),
        ({"department": ""}, "Choose the department"),
    ],
)
def test_a_refused_account_says_why_and_keeps_what_was_typed(desk, client, settings, typed, said):
    settings.X_IS_SIMULATED = False
    client.force_login(desk.max)
    given = {
        "handle": "AmselNeu",
        "name": "Ganz neu",
        "department": desk.business.pk,
        **VALUES,
    } | typed
    answer = client.post(reverse("account-new"), given)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert "Ganz neu" in page
    # The values stand in their fields again, on a page that nobody keeps
    assert answer["Cache-Control"] == "no-store"


def test_on_the_simulated_x_a_handle_suffices(desk, settings, x):
    settings.X_IS_SIMULATED = True
    account = connecting.connect_by(
        handle="Fresh", name="", department=desk.service, values={}, by=desk.max
    )
    assert account.name == "Fresh"


FILE = {
    "company": {"name": "Quist & Ode", "language": "de"},
    "departments": [
        {
            "name_en": "Care",
            "name_de": "Betreuung",
            "clock_minutes": 8,
            "hours": {"0": "8:00-17:00"},
        },
        {"name_en": "Night", "parent": "Care"},
    ],
    "people": [
        {"name": "Ada Quist", "initials": "aq", "role": "administrator"},
        {
            "name": "Ben Ode",
            "initials": "bo",
            "email": "ben@example.com",
            "role": "lead",
            "department": "Care",
        },
    ],
    "guidelines": [
        {
            "text_en": "## 1 Kind\n\nBe kind.",
            "text_de": "## 1 Freundlich\n\nSeien Sie freundlich.",
            "checks": {"1": [{"kind": "shouting", "severity": "hint", "settings": {}}]},
        }
    ],
    "accounts": [{"handle": "CareDesk", "name": "Care", "department": "Care"}],
}


def test_one_file_sets_up_a_desk_and_prints_the_links(db, tmp_path, settings, client, x):
    settings.X_IS_SIMULATED = True
    path, out = tmp_path / "desk.json", io.StringIO()
    path.write_text(json.dumps(FILE))
    call_command("set_up", path, stdout=out)
    assert [one.name_en for one in Department.objects.order_by("id")] == ["Care", "Night"]
    assert Department.objects.get(name_en="Night").parent.name_en == "Care"
    assert Department.objects.get(name_en="Care").hours == {"0": [["08:00", "17:00"]]}
    assert ConnectedAccount.objects.get().handle == "CareDesk"
    assert (company.name(), company.language()) == ("Quist & Ode", "de")
    links = [line for line in out.getvalue().splitlines() if "/invitation/" in line]
    assert [line.split(":")[0] for line in links] == ["Ada Quist", "Ben Ode"]
    begins = {"ada": "first-steps", "ben": "inbox"}  # who is no administrator has no first steps
    for line, username in zip(links, begins, strict=True):
        client.logout()
        answer = client.post(
            "/invitation/" + line.rsplit("/", 2)[1] + "/",
            {
                "username": username,
                "password": "four words nobody knows",
                "name": line.split(":")[0],
            },
        )
        assert answer["Location"] == reverse(begins[username])
        assert client.get(answer["Location"]).status_code == 200
    assert Membership.objects.get(person__name="Ben Ode").role == Role.LEAD
    assert applicable_guidelines.current(None).paragraphs[0]["checks"][0]["kind"] == "shouting"
    again = io.StringIO()
    call_command("set_up", path, stdout=again)
    assert Department.objects.count() == 2
    assert Invitation.objects.count() == 2
    assert applicable_guidelines.current(None).number == 1


def test_a_file_with_a_mistake_changes_nothing_and_says_where(db, tmp_path, x):
    path = tmp_path / "desk.json"
    path.write_text(
        json.dumps(
            FILE
            | {
                "people": [
                    {"name": "Ada", "initials": "toolong", "role": "agent", "department": "Care"}
                ]
            }
        )
    )
    with pytest.raises(CommandError, match="people, entry 1: These initials"):
        call_command("set_up", path)
    assert not Department.objects.exists()


def test_who_is_invited_by_somebody_keeps_the_name_they_were_invited_under(desk):
    invitation, _key = invitations.invite(
        name="Zoe Quill",
        initials="zq",
        email="",
        role=Role.AGENT,
        department=desk.service,
        by=desk.max,
    )
    user = invitations.accept(
        invitation, username="zoe", password="four words nobody knows", name="Somebody Else"
    )
    assert user.person.name == "Zoe Quill"
    with pytest.raises(Invalid):
        invitations.invite(
            name="", initials="", email="", role=Role.AGENT, department=desk.service, by=None
        )
