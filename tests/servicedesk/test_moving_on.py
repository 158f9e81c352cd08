"""Panes alone for a page that has its list, and which ticket comes after one is done with."""

import pytest
from django.urls import reverse

from approvals.models import Draft
from core.models import DeskMark
from people.models import User
from servicedesk.demo.tour import COOKIE
from tests import factories
from tickets import lifecycle

PANES = {"X-Panes": "1", "X-Requested-With": "fetch"}


@pytest.fixture
def three(desk):
    """Three tickets of Aylin's, the oldest first."""
    tickets = [factories.a_ticket(desk, f"@AmselnetzHilfe since {n}") for n in (7, 8, 9)]
    for one in tickets:
        lifecycle.take(one, by=desk.aylin)
    return tickets


def act(client, ticket, verb, **values):
    """Do it as a page does that swaps its panes."""
    address = reverse("ticket-act", args=[ticket.number, verb])
    return client.post(address, values, headers=PANES)


def looks_at(answer) -> str:
    """Return the number of the ticket that the answer opens; empty for the list."""
    return answer.content.decode().partition('data-looking="')[2].partition('"')[0]


def test_a_page_that_has_its_list_gets_panes_title_and_bar_alone(desk, three, client):
    client.force_login(desk.aylin)
    address = reverse("ticket", args=[three[0].number])
    page, parts = client.get(address), client.get(address, headers=PANES)
    whole, part = page.content.decode(), parts.content.decode()
    for words in (f"Ticket {three[0].number}", 'id="conversation"', 'id="composer"', "bar__tabs"):
        assert words in whole
        assert words in part
    for words in ('id="list"', "data-key-sheet", "<script"):
        assert words in whole
        assert words not in part.replace('<script type="application/json"', "")
    assert parts["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("verb", "values"),
    [("resolve", {"reason": "thanks"}), ("snooze", {"until": "tomorrow"})],
)
def test_after_a_ticket_is_done_with_the_next_of_my_turn_opens(desk, three, client, verb, values):
    client.force_login(desk.aylin)
    order = sorted(three, key=lambda one: (one.due_at, one.pk))
    answer = act(client, order[1], verb, **values)
    assert looks_at(answer) == str(order[2].number)
    assert "toast" in answer.content.decode()
    assert looks_at(act(client, order[2], verb, **values)) == str(order[0].number)
    last = act(client, order[0], verb, **values)
    assert looks_at(last) == ""
    assert "Nothing waits for you." in last.content.decode()


def test_a_plain_form_is_led_to_the_next_ticket(desk, three, client):
    client.force_login(desk.aylin)
    order = sorted(three, key=lambda one: (one.due_at, one.pk))
    address = reverse("ticket-act", args=[order[0].number, "resolve"])
    answer = client.post(address, {"reason": "thanks"})
    assert answer["Location"] == reverse("ticket", args=[order[1].number])


def test_where_nothing_is_ones_own_a_free_ticket_opens(desk, client):
    client.force_login(desk.aylin)
    first, free = factories.a_ticket(desk), factories.a_ticket(desk, "@AmselnetzHilfe free")
    assert looks_at(act(client, first, "resolve", reason="thanks")) == str(free.number)


def test_who_chose_to_stay_and_who_is_led_through_the_tour_stays(desk, three, client, settings):
    client.force_login(desk.aylin)
    User.objects.filter(pk=desk.aylin.pk).update(moves_on=False)
    answer = act(client, three[0], "resolve", reason="thanks")
    assert looks_at(answer) == str(three[0].number)
    User.objects.filter(pk=desk.aylin.pk).update(moves_on=True)
    settings.DEMO = True
    DeskMark.objects.get_or_create(kind="demo")
    client.cookies[COOKIE] = "2"
    answer = act(client, three[1], "resolve", reason="thanks")
    assert looks_at(answer) == str(three[1].number)


def test_after_submitting_the_next_one_opens_and_a_refused_text_stays(desk, three, client):
    client.force_login(desk.aylin)
    order = sorted(three, key=lambda one: (one.due_at, one.pk))
    address = reverse("draft-submit", args=[order[0].number])
    refused = client.post(address, {"text": " "}, headers=PANES)
    assert refused.status_code == 400
    assert looks_at(refused) == str(order[0].number)
    values = {"text": "Hello there.", "context_version": order[0].context_version}
    answer = client.post(address, values, headers=PANES)
    assert looks_at(answer) == str(order[1].number)
    assert Draft.objects.get(ticket=order[0]).status == "in_review"


def test_a_refused_verb_says_why_and_nothing_else(desk, three, client):
    client.force_login(desk.aylin)
    answer = act(client, three[0], "resolve", reason="bored")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Choose one of the reasons."
