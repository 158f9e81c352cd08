"""The entrance for administrators: how everything stands, what holds and whence, trials."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from core.errors import Invalid, NotAllowed
from core.models import Event
from people.hours import pace
from people.identity.session_engine import SessionStore
from people.models import Pace
from posting.querysets import ready_to_send
from servicedesk.setup import outside
from tests import factories
from tickets import lifecycle
from tickets.ingestion import polling

EMPTY = dict.fromkeys(pace.KINDS, "")


def test_everything_is_reached_from_one_page_and_says_how_it_stands(desk, client):
    client.force_login(desk.max)
    page = client.get("/setup/").content.decode()
    for address in (
        *("/first-steps/", "/health/", "/company/", "/people/", "/accounts/new/", "/routing/"),
        *("/guidelines/company/edit/", "/saved-replies/", "/audit/"),
        f"/departments/{desk.service.pk}/",
    ):
        assert f'href="{address}"' in page, address
    assert "@AmselnetzHilfe" in page
    assert "The editor offers one to start from" in page
    assert 'href="/setup/"' in client.get("/inbox/").content.decode()


def test_it_is_for_administrators_alone(desk, client):
    client.force_login(desk.lena)
    assert client.get("/setup/").status_code == 403
    assert client.post("/setup/try/mail/").status_code == 403
    assert 'href="/setup/"' not in client.get("/inbox/").content.decode()
    with pytest.raises(NotAllowed):
        pace.choose({"reopen_days": 3}, by=desk.lena)


def test_what_is_set_outside_is_shown_with_its_source_and_secrets_are_not(
    desk, client, monkeypatch, settings
):
    settings.EMAIL_HOST, settings.EMAIL_HOST_PASSWORD = "mail.example.com", "very-secret-word"
    monkeypatch.setenv("DESK_MAIL_HOST", "mail.example.com")
    client.force_login(desk.max)
    page = client.get("/setup/").content.decode()
    assert "set by DESK_MAIL_HOST in the environment" in page
    assert "the default; DESK_MAIL_PORT is not set" in page
    assert "very-secret-word" not in page
    assert "set, not shown" in page


def test_every_variable_shown_is_one_of_the_settings(settings):
    reference = (settings.BASE_DIR / "docs/reference/settings.md").read_text()
    for known in (outside.MAIL, outside.X, outside.DESK):
        assert all(f"`{name}`" in reference for name in known)
    assert all(f"`{one.variable}`" in reference for one in pace.KINDS.values())


def test_a_chosen_pace_holds_at_once_and_leaves_an_event(desk, client, settings):
    settings.SEND_DELAY_SECONDS = 0
    draft = factories.approved(desk)
    assert list(ready_to_send(draft.newest.account)) == [draft]
    client.force_login(desk.max)
    answer = client.post("/setup/", EMPTY | {"send_delay_seconds": "60", "reading_seconds": "600"})
    assert answer.status_code == 302
    assert list(ready_to_send(draft.newest.account)) == []
    assert polling.overdue_after() == timedelta(minutes=40)
    event = Event.objects.get(name="setting.changed")
    assert event.by == desk.max
    assert {one["name"]: one["after"] for one in event.data["changes"]} == {
        "send_delay_seconds": 60,
        "reading_seconds": 600,
    }
    page = client.get("/audit/").content.decode()
    assert "seconds to undo an approval:" in page
    client.post("/setup/", EMPTY)
    assert list(ready_to_send(draft.newest.account)) == [draft]
    client.post("/setup/", EMPTY)
    assert Event.objects.filter(name="setting.changed").count() == 2, "nothing changed: no event"


def test_sessions_and_reopening_follow_what_was_chosen(desk):
    pace.choose({"session_hours": 2, "reopen_days": 3}, by=desk.max)
    assert SessionStore().get_expiry_age() == 7200
    now = factories.ago()
    assert lifecycle.reopens_until(now) == now + timedelta(days=3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("send_delay_seconds", "61"),
        ("reading_seconds", "4"),
        ("session_hours", "0"),
        ("session_hours", "169"),
        ("reopen_days", "366"),
        ("reopen_days", "soon"),
    ],
)
def test_what_lies_out_of_bounds_is_refused_beside_its_field(desk, client, name, value):
    client.force_login(desk.max)
    answer = client.post("/setup/", EMPTY | {name: value})
    assert answer.status_code == 400
    assert f'id="id_{name}_error"' in answer.content.decode()
    assert not Event.objects.filter(name="setting.changed").exists()


def test_the_database_holds_the_bounds_too(desk):
    Pace.objects.get_or_create(pk=1)
    for column, value in (("send_delay_seconds", 61), ("session_hours", 169), ("id", 2)):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE people_pace SET {column} = %s", [value])
    with translation.override("en"), pytest.raises(Invalid, match="from 0 to 60"):
        pace.choose({"send_delay_seconds": 61}, by=desk.max)


def test_mentions_are_not_read_again_before_their_time(ready):
    assert polling.read_all(every=timedelta(hours=1)) == 0
    _draft, shown = ready
    from tickets.models import Feed

    before = Feed.objects.get(account__handle="AmselnetzHilfe").read_at
    polling.read_all(every=timedelta(hours=1))
    assert Feed.objects.get(account__handle="AmselnetzHilfe").read_at == before
    polling.read_all()
    assert Feed.objects.get(account__handle="AmselnetzHilfe").read_at > before


def test_a_trial_of_the_mail_server_says_what_happened(desk, client, settings):
    client.force_login(desk.max)
    settings.EMAIL_HOST = ""
    assert "No mail server is set" in client.post("/setup/try/mail/").content.decode()
    settings.EMAIL_HOST = "mail.example.com"
    desk.max.email = "max@example.com"
    desk.max.save(update_fields=["email"])
    page = client.post("/setup/try/mail/").content.decode()
    assert "accepted an e-mail to max@example.com" in page
    assert mail.outbox[0].to == ["max@example.com"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = client.post("/setup/try/mail/").content.decode()
    assert "did not accept the e-mail" in page
    assert [one.data["well"] for one in Event.objects.filter(name="setting.tried")] == [
        False,
        True,
        False,
    ]


def test_a_trial_of_x_names_each_account_and_its_answer(desk, x, client):
    client.force_login(desk.max)
    page = client.post("/setup/try/x/").content.decode()
    assert "the access belongs to @AmselnetzHilfe" in page
    assert "the access belongs to @AmselnetzBiz" in page


def test_a_trial_of_x_says_that_it_cannot_be_reached(desk, client, settings):
    settings.X_API_URL = "http://127.0.0.1:1"
    client.force_login(desk.max)
    page = client.post("/setup/try/x/").content.decode()
    assert "X refuses or cannot be reached" in page


def test_a_trial_of_the_clocks_says_what_time_it_is_where(desk, client):
    client.force_login(desk.max)
    page = client.post("/setup/try/clock/").content.decode()
    assert "Web and database are 0." in page
    assert "Customer Service: " in page
    assert "in Europe/Berlin" in page
    assert client.post("/setup/try/moon/").status_code == 404


def test_a_new_desk_begins_with_a_guideline_that_has_checks(desk, client):
    client.force_login(desk.max)
    page = client.get("/guidelines/company/edit/").content.decode()
    assert 'value="starter"' in page
    client.post("/guidelines/company/edit/", {"act": "starter", "saved": "0"})
    page = client.get("/guidelines/company/edit/").content.decode()
    assert "No personal data in public" in page
    assert 'value="starter"' not in page
    assert page.count("/guidelines/company/check") + page.count('data-severity="blocks"') > 1
    again = client.post("/guidelines/company/edit/", {"act": "starter", "saved": "1"})
    assert again.status_code == 409
