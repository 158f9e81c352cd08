"""What must be kept elsewhere: a page to print, with fingerprints and no key."""

import base64
import os
import re

import pytest
from django.urls import get_resolver

from servicedesk.backups import keys
from servicedesk.evidence import anchors

SECRETS = [base64.urlsafe_b64encode(os.urandom(32)).decode() for _number in range(3)]
ANCHOR = base64.b64encode(os.urandom(32)).decode()


@pytest.fixture
def with_keys(settings):
    """A desk with every key."""
    settings.SECRET_KEY = SECRETS[0]
    settings.CREDENTIALS_KEYS = f"{SECRETS[1]}, {SECRETS[2]}"
    settings.ANCHOR_KEY = ANCHOR
    settings.ANCHOR_FILE, settings.BACKUP_DIRECTORY = "/anchors/anchors.jsonl", "/srv/backups"


def test_keys_are_told_apart_by_fingerprints_and_never_shown(desk, client, with_keys):
    client.force_login(desk.max)
    page = client.get("/setup/keep-elsewhere/").content.decode()
    for key in (*SECRETS, ANCHOR):
        assert key not in page
    shown = re.findall(r'class="keep__print">([0-9a-f ]+)<', page)
    assert shown == [print_ for of in keys.fingerprints().values() for print_ in of]
    assert len(set(shown)) == len(shown) == 4
    assert all(re.fullmatch(r"[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}", one) for one in shown)
    assert anchors.public_hex(anchors.private_key()) in page
    assert "/anchors/anchors.jsonl" in page
    assert "/srv/backups" in page


def test_the_same_key_has_the_same_fingerprint_and_another_variable_another():
    assert keys.of_key("DESK_SECRET_KEY", "a") == keys.of_key("DESK_SECRET_KEY", "a")
    assert keys.of_key("DESK_SECRET_KEY", "a") != keys.of_key("DESK_SECRET_KEY", "b")
    assert keys.of_key("DESK_SECRET_KEY", "a") != keys.of_key("DESK_ANCHOR_KEY", "a")


def test_what_is_not_set_says_what_follows(desk, client, settings):
    settings.CREDENTIALS_KEYS = settings.ANCHOR_KEY = settings.ANCHOR_FILE = ""
    client.force_login(desk.max)
    page = client.get("/setup/keep-elsewhere/").content.decode()
    assert "Not set: the access is sealed with the secret key." in page
    assert page.count("Not set: nothing is anchored.") == 2
    assert "Not set: the desk makes no backups." in page


def test_the_page_is_for_administrators_and_reached_from_set_up_and_health(desk, client):
    client.force_login(desk.lena)
    assert client.get("/setup/keep-elsewhere/").status_code == 403
    assert "keep-elsewhere" not in client.get("/health/").content.decode()
    client.force_login(desk.max)
    for page in ("/setup/", "/health/"):
        assert 'href="/setup/keep-elsewhere/"' in client.get(page).content.decode()


def test_nothing_on_a_screen_backs_up_or_restores():
    addresses = [str(one.pattern) for one in get_resolver().url_patterns]
    assert "setup/keep-elsewhere/" in addresses
    assert not [one for one in addresses if re.search("backup|restore|rehears", one)]
