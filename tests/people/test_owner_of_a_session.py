"""Who a session belongs to is read with it, once, and counts for nobody else."""

from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.identity import backends
from people.identity.session_engine import SessionStore, take_owner
from people.models import User


def session_of(user: User) -> SessionStore:
    """The session of somebody who has just signed in, not read yet."""
    client = Client()
    client.force_login(user)
    return SessionStore(client.session.session_key)


def test_the_owner_is_taken_once(desk):
    assert session_of(desk.aylin)[SESSION_KEY] == str(desk.aylin.pk)
    assert take_owner(desk.aylin.pk) == desk.aylin
    assert take_owner(desk.aylin.pk) is None


def test_the_owner_is_nobody_else(desk):
    assert session_of(desk.aylin)[SESSION_KEY]
    assert backends.ActivePeople().get_user(desk.rita.pk) == desk.rita
    assert take_owner(desk.aylin.pk) is None


def test_another_request_of_the_same_thread_begins_with_nobody(desk):
    assert session_of(desk.aylin)[SESSION_KEY]
    SessionStore("no-such-key").get("anything")
    assert take_owner(desk.aylin.pk) is None


def test_who_was_switched_off_since_the_last_request_is_out(desk, client):
    client.force_login(desk.aylin)
    assert client.get("/inbox/").status_code == 200
    User.objects.filter(pk=desk.aylin.pk).update(is_active=False)
    assert "/sign-in/" in client.get("/inbox/").url


def test_session_and_owner_are_one_statement(desk, client, settings):
    settings.POOLED = True  # where statements are sent whole
    client.force_login(desk.aylin)
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/inbox/")
    (read,) = [one["sql"] for one in asked if '"people_user"."password"' in one["sql"]]
    assert 'FROM "people_browsersession"' in read
