"""Hold every answer's headers line by line, so that no line can go unnoticed."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from people.identity.tokens import issue, revoke
from tests import factories

pytestmark = [pytest.mark.campaign, pytest.mark.table]

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data: ",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}


def directives(answer):
    """The content security policy of an answer, as a table."""
    return dict(
        part.strip().split(" ", 1)
        for part in answer["Content-Security-Policy"].split(";")
        if part.strip()
    )


@pytest.mark.parametrize("path", ["/sign-in/", "/inbox/", "/api/v1/me/"])
@pytest.mark.parametrize("directive", sorted(POLICY))
def test_each_line_of_the_policy_is_sent(desk, client, path, directive):
    client.force_login(desk.aylin)
    found = directives(client.get(path))
    assert found[directive].startswith(POLICY[directive].strip())
    assert "unsafe" not in found[directive]


def test_the_policy_has_no_line_that_nobody_asked_for(desk, client):
    assert set(directives(client.get("/sign-in/"))) == set(POLICY)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_each_header_of_safety_is_sent(desk, client, header, value):
    client.force_login(desk.aylin)
    for path in ("/sign-in/", "/inbox/", "/api/v1/me/"):
        assert client.get(path)[header] == value


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(desk):
    client = Client()
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": "rita", "password": "a-long-password"})
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert client.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"


def test_a_page_is_not_for_who_is_not_signed_in(desk, client):
    answer = client.get("/inbox/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
    assert client.get("/api/v1/me/").status_code == 401


def test_a_form_without_its_token_changes_nothing(desk):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.rita)
    revision = factories.submitted(desk)
    answer = strict.post(
        f"/review/{revision.draft_id}/approve/", {"sha256": revision.sha256, "context_version": 1}
    )
    assert answer.status_code == 403
    assert not revision.reviews.exists()


def test_the_api_takes_a_browsers_session_only_with_the_forms_token(desk):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.rita)
    revision = factories.submitted(desk)
    answer = strict.post(
        f"/api/v1/drafts/{revision.draft_id}/approve/",
        {"sha256": revision.sha256, "context_version": 1},
        content_type="application/json",
    )
    assert answer.status_code == 403
    assert not revision.reviews.exists()


def test_a_revoked_token_is_refused(desk, client):
    headers = {"authorization": f"Token {issue(desk.rita, name='test')}"}
    assert client.get("/api/v1/me/", headers=headers).status_code == 200
    revoke(desk.rita.tokens.get(), by=desk.rita)
    assert client.get("/api/v1/me/", headers=headers).status_code == 401


def test_a_token_of_somebody_who_is_switched_off_is_refused(desk, client):
    headers = {"authorization": f"Token {issue(desk.rita, name='test')}"}
    type(desk.rita).objects.filter(pk=desk.rita.pk).update(is_active=False)
    assert client.get("/api/v1/me/", headers=headers).status_code == 401


@pytest.mark.parametrize("password", ["short1!", "passwordpassword1"[:8], "password1234"])
def test_a_weak_password_is_not_taken(desk, password):
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_password(password)


def test_a_body_of_many_megabytes_is_refused_before_it_is_read(desk, client):
    client.force_login(desk.aylin)
    answer = client.post(
        "/preferences/", data="x" * 70_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {400, 413}


def addresses(patterns=None, prefix="/"):
    """Every address of the URL table, with numbers and words in the place of what varies."""
    found = []
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(one.pattern).lstrip("^").rstrip("$").replace(r"\Z", "")
        if hasattr(one, "url_patterns"):
            found += addresses(one.url_patterns, route)
        else:
            path = re.sub(r"<int:\w+>", "1", re.sub(r"<(?:slug|str|path|\w+):?\w*>", "x", route))
            found.append(
                re.sub(r"\(\?P.*?\)|[\\^$?*.]", "x", path) if "(" in path or ".*" in path else path
            )
    return sorted(set(found))


def test_nobody_keeps_an_answer_to_somebody_who_is_signed_in_or_of_the_api(desk, client):
    """Every address, asked and posted to, with whatever status it answers."""
    loose, statuses = Client(raise_request_exception=False), set()
    assert len(addresses()) > 120
    for path in addresses():
        for method in ("get", "post"):
            loose.force_login(desk.max)
            answer = getattr(loose, method)(path)
            statuses.add(answer.status_code)
            public = path.startswith("/initials/") and "public" in answer.get("Cache-Control", "")
            assert answer["Cache-Control"] == "no-store" or public, (
                f"{method} {path}: {answer.status_code}"
            )
            if path.startswith("/api/v1/"):
                assert (
                    getattr(Client(raise_request_exception=False), method)(path)["Cache-Control"]
                    == "no-store"
                ), path
    assert {200, 302, 404, 405} <= statuses


def test_signing_in_errors_and_too_much_are_not_kept_either(desk, client):
    assert (
        client.post("/sign-in/", {"username": "rita", "password": "a-long-password"})[
            "Cache-Control"
        ]
        == "no-store"
    )
    for path in ("/inbox/", "/no-such-page/", "/tickets/999999/"):
        assert client.get(path)["Cache-Control"] == "no-store", path
    assert (
        client.post("/inbox/several/", "x" * 2_000_000, content_type="text/plain")["Cache-Control"]
        == "no-store"
    )


def test_public_pages_say_for_themselves(desk):
    assert "no-store" not in Client().get("/initials/").get("Cache-Control", "")
