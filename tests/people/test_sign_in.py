"""Signing in with a password: too many wrong ones, and one waits."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt

from core.models import Event
from people.throttling import client_address

RIGHT = "a-long-password"


@pytest.fixture
def tries(desk, client):
    """Try a password; the answer."""
    return lambda name, password, **where: client.post("/sign-in/", {"username": name, "password": password}, **where)


def test_after_five_wrong_passwords_one_waits_and_is_told_how_long(tries):
    for spelling in ("rita", "RITA", "rita@example.com", "Rita"):
        assert tries(spelling, "wrong").status_code == 400
    last = tries("rita", "wrong")
    assert last.status_code == 429
    assert last["Retry-After"] == "600"
    assert "Try again in 10 minutes, or ask the administrator." in last.content.decode()
    assert 'value="rita"' in last.content.decode()
    assert tries("rita", RIGHT).status_code == 429
    assert Event.objects.filter(name="sign_in.throttled").count() == 1


def test_nobody_locks_a_colleague_or_another_address_out(tries):
    for _wrong in range(6):
        tries("rita", "wrong")
    assert tries("lena", RIGHT).status_code == 302
    assert tries("rita", RIGHT, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_after_the_waiting_it_goes_on(tries):
    for _wrong in range(5):
        tries("rita", "wrong")
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=11))
    assert tries("rita", RIGHT).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_what_is_typed_is_not_kept(tries):
    tries("my-secret-in-the-wrong-field", "another-secret")
    kept = AccessAttempt.objects.get()
    assert kept.username.startswith("nobody:")
    assert "secret" not in f"{kept.username}{kept.post_data}{kept.get_data}"


def test_behind_the_proxy_the_address_is_what_the_proxy_saw(rf, settings):
    request = rf.get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.1.2.3", REMOTE_ADDR="172.18.0.2")
    assert client_address(request) == "172.18.0.2"
    settings.PRODUCTION = True
    assert client_address(request) == "10.1.2.3"
    for strange in ("unknown", "10.1.2.3:4711", ""):
        assert client_address(rf.get("/", HTTP_X_FORWARDED_FOR=strange, REMOTE_ADDR="172.18.0.2")) == "172.18.0.2"
