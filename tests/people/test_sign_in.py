"""Signing in with a password: too many wrong ones, and one waits."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt

from core.models import Event
from people.identity import throttling
from people.models import BrowserSession

RIGHT = "a-long-password"


@pytest.fixture
def tries(desk, client):
    """Try a password; the answer."""
    return lambda name, password, **where: client.post(
        "/sign-in/", {"username": name, "password": password}, **where
    )


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
    AccessAttempt.objects.update(
        attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=11)
    )
    assert tries("rita", RIGHT).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_what_is_typed_is_not_kept(tries):
    tries("my-secret-in-the-wrong-field", "another-secret")
    kept = AccessAttempt.objects.get()
    assert kept.username.startswith("nobody:")
    assert "secret" not in f"{kept.username}{kept.post_data}{kept.get_data}"


@pytest.mark.campaign
def test_many_names_from_one_address_are_slowed_and_who_was_here_before_is_not(tries, client):
    for number in range(throttling.MOST_FAILURES):
        assert tries(f"nobody{number}", "wrong", REMOTE_ADDR="10.0.0.9").status_code == 400
    slowed = tries("lena", RIGHT, REMOTE_ADDR="10.0.0.9")
    assert slowed.status_code == 429
    assert slowed["Retry-After"] == "600"
    assert tries("lena", RIGHT).status_code == 302  # from elsewhere
    BrowserSession.objects.update(address="10.0.0.9")
    assert tries("lena", RIGHT, REMOTE_ADDR="10.0.0.9").status_code == 302


@pytest.mark.campaign
def test_many_passwords_for_one_name_from_many_addresses_are_slowed(tries):
    assert tries("rita", RIGHT, REMOTE_ADDR="10.0.3.1").status_code == 302
    for number in range(throttling.MOST_FAILURES):
        assert tries("rita", "wrong", REMOTE_ADDR=f"10.0.1.{number}").status_code == 400
    assert tries("rita", RIGHT, REMOTE_ADDR="10.0.2.1").status_code == 429
    assert tries("rita", RIGHT, REMOTE_ADDR="10.0.3.1").status_code == 302
    assert tries("lena", RIGHT, REMOTE_ADDR="10.0.2.1").status_code == 302


@pytest.mark.campaign
def test_after_a_while_names_and_addresses_are_free_again(tries):
    for number in range(throttling.MOST_FAILURES):
        tries(f"nobody{number}", "wrong", REMOTE_ADDR="10.0.0.9")
    AccessAttempt.objects.update(
        attempt_time=AccessAttempt.objects.first().attempt_time - timedelta(minutes=11)
    )
    assert tries("lena", RIGHT, REMOTE_ADDR="10.0.0.9").status_code == 302


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("6.6.6.6, 10.1.2.3", "10.1.2.3"),
        ("6.6.6.6, 10.1.2.3, 172.18.0.5", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8::1", "2001:db8::1"),
        ("unknown", "172.18.0.2"),
        ("10.1.2.3:4711", "172.18.0.2"),
        ("", "172.18.0.2"),
        ("172.18.0.5", "172.18.0.5"),
    ],
)
def test_behind_a_named_proxy_the_address_is_what_it_saw(tries, settings, said, address):
    settings.PROXIES = ["172.18.0.0/16"]
    tries("lena", RIGHT, REMOTE_ADDR="172.18.0.2", HTTP_X_FORWARDED_FOR=said)
    assert BrowserSession.objects.get().address == address


def test_nobody_else_says_where_they_come_from(tries, settings):
    settings.PROXIES = ["172.18.0.0/16"]
    tries(
        "lena",
        RIGHT,
        REMOTE_ADDR="10.0.0.9",
        HTTP_X_FORWARDED_FOR="6.6.6.6",
        HTTP_X_REAL_IP="6.6.6.6",
        HTTP_FORWARDED="for=6.6.6.6",
    )
    assert BrowserSession.objects.get().address == "10.0.0.9"


def test_only_a_named_proxy_says_that_a_request_came_by_https(desk, client, settings):
    settings.SECURE_PROXY_SSL_HEADER, settings.SECURE_SSL_REDIRECT = (
        ("HTTP_X_FORWARDED_PROTO", "https"),
        True,
    )
    settings.PROXIES = ["172.18.0.2"]
    said = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "evil.example.com"}
    assert client.get("/sign-in/", REMOTE_ADDR="10.0.0.9", **said).status_code == 301
    there = client.get("/sign-in/", REMOTE_ADDR="172.18.0.2", **said)
    assert there.status_code == 200
    assert "evil.example.com" not in there.content.decode()
