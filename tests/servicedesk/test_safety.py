"""Keep secrets secret, and change keys.

A production desk has nothing to be warned about.
"""

import contextlib
import logging
import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from core.models import Event
from servicedesk.launcher.running import ROOT
from tickets.accounts import accounts
from tickets.accounts.credentials import opened
from tickets.models import ConnectedAccount
from xapi.client import XClient
from xapi.errors import XError

CANARY = "canary-5f3c2b1a9e"


def test_no_secret_is_in_any_log_even_at_debug(x, caplog, desk, client):
    """Put a canary into every credential and open every level of every logger.

    But for those levels that the settings close on purpose.
    """
    x.control("faults", kind="401", on="GET /2/users/me")
    with caplog.at_level(logging.DEBUG):
        for credentials in (
            {"bearer_token": CANARY},
            {
                "consumer_key": "k",
                "consumer_secret": CANARY,
                "access_token": f"sim-901{CANARY}",
                "access_token_secret": CANARY,
            },
        ):
            reader = XClient(credentials, base_url=x.url, timeout=2)
            for call in (reader.me, lambda reader=reader: reader.create_post("text", reply_to=1)):
                with contextlib.suppress(XError):
                    call()
            reader.close()
        client.post("/sign-in/", {"username": "rita", "password": CANARY})
        client.get("/api/v1/me/", headers={"authorization": f"Token {CANARY}"})
        accounts.keep_access(desk.account, {"bearer_token": CANARY})
    assert caplog.records
    assert CANARY not in caplog.text
    assert not Event.objects.filter(data__icontains=CANARY).exists()


def test_credentials_move_to_a_new_key_and_the_old_one_can_go(desk, settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.CREDENTIALS_KEYS = old
    for account in ConnectedAccount.objects.all():
        accounts.keep_access(account, {"bearer_token": "secret"})
    settings.CREDENTIALS_KEYS = f"{new},{old}"
    call_command("rotate_credentials", verbosity=0)
    settings.CREDENTIALS_KEYS = new
    assert opened(ConnectedAccount.objects.get(pk=desk.account.pk)) == {"bearer_token": "secret"}


def test_an_account_that_no_key_opens_stops_the_rotation(desk, settings):
    settings.CREDENTIALS_KEYS = Fernet.generate_key().decode()
    with pytest.raises(CommandError, match="No key opens"):
        call_command("rotate_credentials", verbosity=0)


@pytest.mark.campaign
def test_a_production_desk_has_nothing_to_be_warned_about():
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("DESK_", "X_"))
    }
    environment = {
        **clean,
        "DESK_PRODUCTION": "1",
        "DESK_SECRET_KEY": "aB3kLmNo" * 10 + "x_-9",
        "DESK_CREDENTIALS_KEYS": Fernet.generate_key().decode(),
        "DESK_URL": "https://desk.example.com",
        "DESK_HOSTS": "desk.example.com",
        "DESK_PROXIES": "10.0.0.1",
        "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
        "DESK_DEMO": "0",
    }
    environment.pop("DATABASE_OWNER_URL", None)
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check", "--deploy"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "System check identified no issues" in done.stdout, done.stdout + done.stderr
