"""The line that says that an account is paused: a whole sentence, and no way to where one is."""

from tests import factories
from tickets.accounts import accounts


def alarm_on(client, path):
    """The line above a page, its words in one row."""
    page = client.get(path).content.decode()
    alarms = page[page.index('class="alarm"') : page.index('id="main"')]
    return " ".join(alarms.split())


def test_the_reason_is_quoted_and_ends_in_a_full_stop(desk, client):
    accounts.pause(desk.account, reason="The router hotline is down.", by=desk.lena)
    client.force_login(desk.rita)
    said = alarm_on(client, "/inbox/")
    assert "The reason given: “The router hotline is down”. Approved replies wait" in said
    assert "paused @AmselnetzHilfe today at " in said


def test_the_outbox_has_no_button_to_itself(desk, client):
    factories.a_ticket(desk)
    accounts.pause(desk.account, reason="Hotline down", by=desk.lena)
    client.force_login(desk.rita)
    assert '<a class="button" href="/outbox/">' in alarm_on(client, "/inbox/")
    assert '<a class="button" href="/outbox/">' not in alarm_on(client, "/outbox/")
