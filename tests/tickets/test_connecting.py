"""Connecting an account.

X says whose the keys are before the desk says "connected"; a refusal names what is
wrong, and nothing that was typed is lost.
"""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from servicedesk.launcher.running import ROOT
from tickets.accounts import connecting
from tickets.management.commands import connect_account
from tickets.models import ConnectedAccount

ADDRESS = "/accounts/new/"
VALUES = {
    "consumer_key": "a-key",
    "consumer_secret": "a-secret",
    "access_token": "sim-903",
    "access_token_secret": "another-secret",
}
AWAY = "Nothing is connected yet; what you typed is still here. Try again in a moment."


@pytest.fixture
def real(settings, x):
    """A desk with the real X, as far as it can tell; @AmselnetzNeu is an account of ours there."""
    settings.X_IS_SIMULATED = False
    settings.X_TIMEOUT_SECONDS = 1
    x.control("users", username="AmselnetzNeu", name="Amselnetz neu", account=True, id=903)
    return x


def connect(client, desk, **typed):
    """Max fills in the form; the answer."""
    client.force_login(desk.max)
    given = {
        "handle": "AmselnetzNeu",
        "name": "Neu",
        "department": desk.service.pk,
        **VALUES,
    } | typed
    return client.post(ADDRESS, given)


def refused_with(answer, sentence, **typed):
    """The form is back with this sentence and what was typed, and nothing is connected."""
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page.replace("&quot;", '"')
    for name, value in ({"handle": "AmselnetzNeu", "name": "Neu"} | VALUES | typed).items():
        assert f'name="{name}" value="{value}"' in page
    assert answer["Cache-Control"] == "no-store"
    assert ConnectedAccount.objects.count() == 2


def test_max_connects_an_account_whose_values_are_its_own(desk, real, client):
    assert connect(client, desk).status_code == 302
    account = ConnectedAccount.objects.get(external_id="903")
    assert (account.handle, account.name, account.department) == (
        "AmselnetzNeu",
        "Neu",
        desk.service,
    )


def test_wrong_keys_are_said_in_a_sentence_and_the_same_form_goes_through_afterwards(
    desk, real, client
):
    wrong = connect(client, desk, access_token="sim-999999")
    refused_with(wrong, "X does not accept these four values.", access_token="sim-999999")
    assert connect(client, desk).status_code == 302


def test_keys_of_another_account_than_named_are_said_by_name(desk, real, client):
    answer = connect(client, desk, handle="Amselnetz", access_token="sim-903")
    refused_with(
        answer, "These values belong to @AmselnetzNeu, not to @Amselnetz.", handle="Amselnetz"
    )


@pytest.mark.campaign
@pytest.mark.parametrize(
    "kind", ["503", "500", "hang", "drop", "garbage", "errors", "redirect", "type internal-error"]
)
def test_an_x_that_does_not_answer_is_said_and_can_be_tried_again(desk, real, client, kind):
    real.control("faults", kind=kind, on="GET /2/users/me", seconds=2)
    refused_with(connect(client, desk), AWAY)
    assert connect(client, desk).status_code == 302


def test_an_x_that_cannot_be_reached_is_said_and_can_be_tried_again(desk, real, client, settings):
    settings.X_API_URL = "http://127.0.0.1:1"
    refused_with(connect(client, desk), AWAY)
    settings.X_API_URL = real.url
    assert connect(client, desk).status_code == 302


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("401", "X does not accept these four values."),
        ("402", "credit or monthly cap at X is used up"),
        ("429", "limit is used up. Nothing is connected yet; try again"),
        ("429 capped", "credit or monthly cap at X is used up"),
        ("403 permission", "X does not let this app in: “Your client app is not configured"),
        ("403 locked", "X has locked or suspended the account"),
        ("403 other", "X refuses and says: “You are not permitted to perform this action”."),
        ("html 403", "Something between the desk and X answers in its place"),
        ("errors client-forbidden", "X does not let this app in"),
        ("errors credits-depleted", "credit or monthly cap"),
    ],
)
def test_every_refusal_of_x_is_a_sentence_with_the_next_step(desk, real, client, kind, sentence):
    real.control("faults", kind=kind, on="GET /2/users/me", seconds=90)
    refused_with(connect(client, desk), sentence)


def test_an_account_that_another_department_has_connected_stays_with_it(desk, real, client):
    own = {"handle": "AmselnetzBiz", "access_token": "sim-902"}
    answer = connect(client, desk, **own)
    department = desk.business_account.department
    refused_with(answer, f"@AmselnetzBiz is connected already, by {department.name}.", **own)
    kept = bytes(ConnectedAccount.objects.get(external_id="902").credentials)
    assert connect(client, desk, department=department.pk, **own).status_code == 302
    assert bytes(ConnectedAccount.objects.get(external_id="902").credentials) != kept
    assert ConnectedAccount.objects.get(external_id="902").department == department


def test_the_simulated_x_that_is_away_is_said_too_and_a_known_handle_is_taken_as_it_is(
    desk, x, client, settings
):
    settings.X_API_URL = "http://127.0.0.1:1"
    client.force_login(desk.max)
    typed = {"handle": "grace_adeyemi", "name": "", "department": desk.service.pk}
    assert AWAY in client.post(ADDRESS, typed).content.decode()
    settings.X_API_URL = x.url
    known = x.control("users", username="grace_adeyemi", id=4711)["id"]
    assert client.post(ADDRESS, typed).status_code == 302
    assert ConnectedAccount.objects.get(handle="grace_adeyemi").external_id == str(known)


def by_command(monkeypatch, desk, **values):
    """`manage.py connect_account` with these four values typed."""
    typed = iter({**VALUES, **values}.values())
    monkeypatch.setattr(connect_account.getpass, "getpass", lambda _prompt: next(typed))
    call_command("connect_account", "--department", desk.service.name_en)


def test_the_command_says_the_same_sentences(desk, real, monkeypatch):
    with pytest.raises(CommandError, match="X does not accept these four values"):
        by_command(monkeypatch, desk, access_token="sim-999999")
    with pytest.raises(CommandError, match="is connected already, by"):
        by_command(monkeypatch, desk, access_token="sim-902")
    by_command(monkeypatch, desk)
    assert ConnectedAccount.objects.get(external_id="903").department == desk.service
    assert set(connecting.VALUES) == set(VALUES)


ASKS = """
import json, os, sys
from servicedesk.launcher import running
desk, shell = json.loads(sys.argv[1]), json.loads(sys.argv[2])
running.note(running.state_directory(), running.noted(desk, {"DESK_URL": "http://127.0.0.1:8000"}))
os.environ.update(shell)
running.adopt("connect_account")
names = ("X_API_URL", "X_IS_SIMULATED", "X_VOCABULARY", "DESK_CREDENTIALS_KEYS")
print(json.dumps([os.environ.get(name, "") for name in names]))
"""
SIMULATED = {
    "X_API_URL": "http://127.0.0.1:8123",
    "X_IS_SIMULATED": "1",
    "DATABASE_URL": "postgresql://one",
}
REAL = {
    "X_API_URL": "https://api.x.com",
    "X_VOCABULARY": "new",
    "DATABASE_URL": "postgresql://one",
    "DESK_CREDENTIALS_KEYS": "k",
}


@pytest.mark.parametrize(
    ("desk", "shell", "asks"),
    [
        (SIMULATED, {}, ["http://127.0.0.1:8123", "1", "", ""]),
        (REAL, {}, ["https://api.x.com", "", "new", "k"]),
        (SIMULATED, {"X_API_URL": "https://api.x.com"}, ["http://127.0.0.1:8123", "1", "", ""]),
        (
            REAL,
            {"X_IS_SIMULATED": "1", "X_API_URL": "http://127.0.0.1:9"},
            ["https://api.x.com", "", "new", "k"],
        ),
        (SIMULATED, {"DATABASE_URL": "postgresql://one"}, ["http://127.0.0.1:8123", "1", "", ""]),
        (
            SIMULATED,
            {"DATABASE_URL": "postgresql://two", "X_API_URL": "https://api.x.com"},
            ["https://api.x.com", "", "", ""],
        ),
    ],
    ids=[
        "simulated",
        "real",
        "the shell says real",
        "the shell says simulated",
        "its own database",
        "another database",
    ],
)
def test_a_command_beside_a_running_desk_asks_x_where_that_desk_asks(tmp_path, desk, shell, asks):

    words = [sys.executable, "-c", ASKS, json.dumps(desk), json.dumps(shell)]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={"DESK_STATE": str(tmp_path), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == asks
