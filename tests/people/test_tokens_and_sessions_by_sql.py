"""What raw SQL may do with tokens and sessions, and what ends with a password or a sign-in."""

from datetime import timedelta

import pytest

from core.database.db_time import desk_now
from tests.people.by_sql import inserting

TOKEN = "people_token_once: "
SESSION = "people_session_owner: "
LONG_AGO = "2001-01-01"


def token(user, **fields):
    """The row of a token."""
    return {"user_id": user, "name": "t", "sha256": "0" * 64, **fields}


def session(user, key="k"):
    """The row of a session."""
    return {
        "session_key": key,
        "session_data": "",
        "expire_date": "2100-01-01",
        "user_id": user,
        "address": "",
        "agent": "",
    }


@pytest.fixture
def rita(world):
    """Somebody's sign-in."""
    return world.users[world.person()]


@pytest.fixture
def gone(world):
    """A sign-in that is switched off, while others are not."""
    return world.users[world.person(is_active=False)]


def test_a_token_is_for_an_active_sign_in_and_begins_alive(app, rita, gone):
    assert app.refuses_row("people_apitoken", **token(rita)) == ""
    assert (
        app.refuses_row("people_apitoken", **token(gone))
        == TOKEN + "a sign-in that is switched off gets no token"
    )
    assert (
        app.refuses_row("people_apitoken", **token(rita, revoked_at=LONG_AGO))
        == TOKEN + "a token begins alive"
    )


def test_times_of_a_token_are_the_databases_own(app, rita):
    made = app.insert("people_apitoken", **token(rita, created_at=LONG_AGO))
    app.do("UPDATE people_apitoken SET revoked_at = %s WHERE id = %s", LONG_AGO, made)
    for column in ("created_at", "revoked_at"):
        assert desk_now() - app.do(f"SELECT {column} FROM people_apitoken") < timedelta(
            minutes=5
        ), column


def test_a_living_token_is_used_without_being_revoked(app, rita):
    made = app.insert("people_apitoken", **token(rita))
    app.do("UPDATE people_apitoken SET used_at = now() WHERE id = %s", made)
    assert app.do("SELECT revoked_at FROM people_apitoken WHERE id = %s", made) is None


def test_a_revoked_token_stays_revoked_as_it_was(app, rita):
    made = app.insert("people_apitoken", **token(rita))
    app.do("UPDATE people_apitoken SET revoked_at = now() WHERE id = %s", made)
    was = app.do("SELECT revoked_at FROM people_apitoken WHERE id = %s", made)
    for value in (None, LONG_AGO):
        assert (
            app.refuses("UPDATE people_apitoken SET revoked_at = %s WHERE id = %s", value, made)
            == TOKEN + "a token that was revoked never comes back"
        )
    app.ahead("1 hour")
    app.do("UPDATE people_apitoken SET used_at = now() WHERE id = %s", made)
    assert app.do("SELECT revoked_at FROM people_apitoken WHERE id = %s", made) == was


def test_the_owner_too_leaves_a_token_what_it_was_issued_as(over, whole):
    rita, other = whole.users[whole.person()], whole.users[whole.person()]
    made = over.insert("people_apitoken", **token(rita))
    for column, value in (
        ("user_id", other),
        ("name", "x"),
        ("sha256", "1" * 64),
        ("created_at", LONG_AGO),
    ):
        refused = over.refuses(
            f"UPDATE people_apitoken SET {column} = %s WHERE id = %s", value, made
        )
        assert refused == TOKEN + "a token stays what it was issued as", column
    assert (
        over.refuses("DELETE FROM people_apitoken WHERE id = %s", made)
        == TOKEN + "tokens are revoked, not deleted"
    )


def test_a_session_begins_for_an_active_sign_in_or_for_nobody(app, rita, gone):
    refused = SESSION + "a sign-in that is switched off gets no session"
    assert app.refuses_row("people_browsersession", **session(rita)) == ""
    assert app.refuses_row("people_browsersession", **session(None)) == ""
    assert app.refuses_row("people_browsersession", **session(gone)) == refused
    app.do(*inserting("people_browsersession", **session(None)))
    assert app.refuses("UPDATE people_browsersession SET user_id = %s", rita) == ""
    assert app.refuses("UPDATE people_browsersession SET user_id = %s", gone) == refused
    assert app.refuses("UPDATE people_browsersession SET session_data = 'x'") == ""


def test_a_session_stays_with_its_sign_in(world, app, rita):
    other = world.users[world.person()]
    app.do(*inserting("people_browsersession", **session(rita)))
    for theirs in (other, None):
        assert (
            app.refuses("UPDATE people_browsersession SET user_id = %s", theirs)
            == SESSION + "a session stays with its sign-in"
        )
    assert app.refuses("UPDATE people_browsersession SET session_data = 'x'") == ""


def what_is_open(app):
    """Which sign-ins have living tokens, open links for a password, and sessions."""
    where = {
        "tokens": "people_apitoken WHERE revoked_at IS NULL",
        "links": "people_invitation WHERE accepted_at IS NULL AND revoked_at IS NULL",
        "sessions": "people_browsersession",
    }
    question = "SELECT array_agg(user_id ORDER BY user_id) FROM"
    return {what: app.do(f"{question} {rows}") for what, rows in where.items()}


@pytest.fixture
def two_with_everything(world, app):
    """Two sign-ins, each with a session, two tokens and three links; one of each is open."""
    giver, users = world.users[world.person()], [world.users[world.person()] for _one in range(2)]
    for number, user in enumerate(users):
        for which in range(2):
            app.insert("people_apitoken", **token(user, sha256=f"{number}{which}"))
        app.do("UPDATE people_apitoken SET revoked_at = now() WHERE sha256 = %s", f"{number}1")
        for which in range(3):
            app.insert("people_invitation", **link_for(user, giver, f"{number}{which}"))
        app.do(
            "UPDATE people_invitation SET accepted_at = now(), accepted_by_id = user_id "
            "WHERE sha256 = %s",
            f"{number}1",
        )
        app.do("UPDATE people_invitation SET revoked_at = now() WHERE sha256 = %s", f"{number}2")
        app.do(*inserting("people_browsersession", **session(user, f"k{number}")))
    return users


def link_for(user, giver, sha256):
    """The row of a link for a new password, shown to who made it."""
    return {
        "sha256": sha256,
        "name": "",
        "initials": "",
        "email": "",
        "role": "",
        "user_id": user,
        "by_id": giver,
        "only_by_mail": False,
    }


@pytest.mark.parametrize("change", ["password = 'other'", "is_active = false"])
def test_a_new_password_and_switching_off_end_what_is_open_of_this_sign_in_alone(
    app, two_with_everything, change
):
    rita, aylin = two_with_everything
    app.do(f"UPDATE people_user SET {change} WHERE id = %s", rita)
    assert what_is_open(app) == {"tokens": [aylin], "links": [aylin], "sessions": [aylin]}


@pytest.mark.parametrize("change", ["theme = 'dark'", "is_active = true", "password = password"])
def test_another_change_of_a_sign_in_ends_nothing(app, two_with_everything, change):
    app.do(f"UPDATE people_user SET {change}")
    assert what_is_open(app) == dict.fromkeys(("tokens", "links", "sessions"), two_with_everything)


def test_a_link_for_who_is_switched_off_stays_open_through_other_changes(world, app, gone):
    app.insert("people_invitation", **link_for(gone, world.users[world.person()], "0"))
    app.do("UPDATE people_user SET theme = 'dark' WHERE id = %s", gone)
    assert what_is_open(app)["links"] == [gone]
