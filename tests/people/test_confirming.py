"""Saying once more who one is, before what cannot be undone."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import get_resolver

from core.database.db_time import desk_now
from core.models import DeskMark
from people.identity import reauthentication
from people.identity.session_engine import PROVED, STARTED
from people.identity.tokens import issue
from people.models import ApiToken, Membership
from people.views import manage, sign_ins
from tickets.accounts import accounts

RIGHT = "a-long-password"
ASKED = "Please confirm that it is you"


def names(patterns=None, spaces=()) -> set[str]:
    """The name of every address of the URL table, but the admin's, which all need it."""
    found = set()
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if getattr(one, "namespace", None) == reauthentication.ADMIN:
            continue
        found |= (
            names(one.url_patterns, spaces) if hasattr(one, "url_patterns") else {one.name} - {None}
        )
    return found


def test_every_address_is_on_the_list_or_deliberately_not():
    free = [name for some in reauthentication.FREE for name in some.split()]
    assert len(free) == len(set(free))
    assert set(free) & set(reauthentication.NEEDED) == set()
    assert names() == set(free) | set(reauthentication.NEEDED)


def test_every_verb_that_is_left_out_exists_so_that_a_new_one_needs_it():
    assert reauthentication.NEEDED["person-act"] <= set(manage.VERBS)
    assert reauthentication.NEEDED["sign-ins-act"] <= set(sign_ins.VERBS)
    assert set(sign_ins.VERBS) - reauthentication.NEEDED["sign-ins-act"] == {"token"}


@pytest.fixture
def signed_in(desk):
    """Somebody's browser, signed in so long ago; forms need their token."""

    def make(user, ago: timedelta = timedelta(hours=2)) -> Client:
        browser = Client()
        browser.force_login(user)
        session = browser.session
        session[STARTED] = (desk_now() - ago).isoformat()
        session.save()
        return browser

    return make


def carried(page) -> dict[str, str]:
    """The hidden fields of the question."""
    fields = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)">',
        page.content.decode().split("data-refused")[1],
    )
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def give_role(desk) -> tuple[str, dict]:
    """A form that gives a right."""
    return f"/people/{desk.nele.person_id}/give-role/", {
        "role": "agent",
        "department": str(desk.account.department_id),
    }


def roles(desk) -> int:
    """How many roles Nele has."""
    return Membership.objects.filter(person=desk.nele.person, ended_at__isnull=True).count()


def test_an_old_sign_in_is_asked_and_then_it_is_done_with_everything_that_was_entered(
    desk, signed_in
):
    (path, form), browser, before = give_role(desk), signed_in(desk.max), roles(desk)
    asked = browser.post(path, form)
    assert asked.status_code == 403
    assert ASKED in asked.content.decode()
    assert roles(desk) == before
    assert carried(asked) == form
    done = browser.post(path, {**carried(asked), reauthentication.FIELD: RIGHT})
    assert done.status_code == 302
    assert roles(desk) == before + 1
    assert PROVED in browser.session
    assert (
        browser.post(
            f"/people/{desk.nele.person_id}/rename/",
            {"name": "Nele Neu", "initials": desk.nele.person.initials},
        ).status_code
        == 302
    )  # for an hour


def test_a_fresh_sign_in_is_not_asked_and_an_hour_is_the_limit(desk, signed_in):
    path, form = give_role(desk)
    assert signed_in(desk.max, timedelta(minutes=61)).post(path, form).status_code == 403
    assert signed_in(desk.max, timedelta(minutes=55)).post(path, form).status_code == 302


@pytest.mark.campaign
def test_a_wrong_password_changes_nothing_keeps_the_words_and_waits_as_sign_in_does(
    desk, signed_in
):
    (path, form), browser, before = give_role(desk), signed_in(desk.max), roles(desk)
    for _wrong in range(4):
        refused = browser.post(path, {**form, reauthentication.FIELD: "wrong-canary"})
        assert refused.status_code == 400
        assert "This is not your present password" in refused.content.decode()
    last = browser.post(path, {**form, reauthentication.FIELD: "wrong-canary"})
    assert last.status_code == 429
    assert carried(last) == form
    assert browser.post(path, {**form, reauthentication.FIELD: RIGHT}).status_code == 429
    assert roles(desk) == before
    kept = AccessAttempt.objects.get()
    assert "canary" not in f"{kept.post_data}{kept.get_data}"


def test_no_form_that_asks_for_the_present_password_leaves_it_in_the_list_of_attempts(
    desk, signed_in
):
    signed_in(desk.max).post(
        "/sign-ins/password/", {"old": "old-canary", "password": "new-canary-password"}
    )
    kept = AccessAttempt.objects.get()
    assert "canary" not in f"{kept.post_data}{kept.get_data}"


def test_approving_and_stopping_are_not_asked(desk, signed_in):
    assert (
        ASKED
        not in signed_in(desk.rita)
        .post("/review/1/approve/", {"sha256": "x", "context_version": "1"})
        .content.decode()
    )
    assert (
        signed_in(desk.max)
        .post(f"/accounts/{desk.account.pk}/pause/", {"reason": "a doubt"})
        .status_code
        == 302
    )


@pytest.mark.campaign
def test_each_of_these_is_asked(desk, signed_in):
    accounts.pause(desk.account, reason="a doubt", by=desk.max)
    browser, one = signed_in(desk.max), desk.nele.person_id
    for path in (
        f"/accounts/{desk.account.pk}/resume/",
        "/accounts/new/",
        "/people/invite/",
        "/sign-ins/token/",
        "/outbox/1/take-down/",
        "/outbox/1/absent/",
        f"/people/{one}/link/",
        f"/people/{one}/confirm/",
        f"/people/{one}/email/",
        f"/people/{one}/new-password/",
        "/admin/auth/group/add/",
    ):
        asked = browser.post(path, {"name": "x", "secret": "<b>&"})
        assert asked.status_code == 403, path
        assert ASKED in asked.content.decode(), path
        assert 'name="secret" value="&lt;b&gt;&amp;"' in asked.content.decode()
    assert not ApiToken.objects.filter(name="x").exists()


def test_over_the_api_a_browsers_session_is_asked_and_a_token_is_not(desk, signed_in):
    accounts.pause(desk.account, reason="a doubt", by=desk.max)
    path, browser = f"/api/v1/accounts/{desk.account.pk}/resume/", signed_in(desk.max)
    for disguise in ({}, {"authorization": "Basic x"}):
        refused = browser.post(path, {}, content_type="application/json", headers=disguise)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "confirm_identity")
    desk.account.refresh_from_db()
    assert desk.account.status == "paused"
    assert (
        Client()
        .post(
            path,
            {},
            content_type="application/json",
            headers={"authorization": f"Token {issue(desk.max, name='program')}"},
        )
        .status_code
        == 200
    )


def test_in_the_demo_one_click_is_enough(desk, signed_in, settings):
    settings.DEMO = True
    DeskMark.objects.get_or_create(kind="demo")
    (path, form), browser = give_role(desk), signed_in(desk.max)
    asked = browser.post(path, form)
    assert 'type="password"' not in asked.content.decode().split("</h1>")[1]
    assert browser.post(path, carried(asked)).status_code == 302
