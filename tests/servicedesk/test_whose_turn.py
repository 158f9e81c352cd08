"""The inbox says whose turn it is, and its numbers agree with each other."""

import re

import pytest

from tests import factories
from tests.support.markup import rows_in
from tickets import lifecycle
from tickets.models import SavedView, Ticket


def count_in(page: str, attribute: str) -> str:
    """Return the number in the element that bears this attribute; none where it is hidden."""
    tag, number = re.search(rf"(<span[^>]*{attribute}[^>]*>)\s*([0-9+]*)", page).groups()
    return "" if " hidden" in tag else number


@pytest.mark.parametrize(("name", "number"), [("aylin", "2"), ("rita", "1"), ("bastian", "")])
def test_the_badge_and_the_tab_say_the_same_number_and_the_heading_too(desk, client, name, number):
    for count in range(3):
        ticket = factories.a_ticket(desk, f"@AmselnetzHilfe number {count}")
        lifecycle.take(ticket, by=desk.aylin)
    factories.submitted(desk, ticket)
    factories.a_ticket(desk, "@AmselnetzHilfe nobody’s")
    client.force_login(getattr(desk, name))
    page = client.get("/inbox/?tab=mine").content.decode()
    assert count_in(page, 'data-told="inbox"') == count_in(page, 'data-tells="inbox"') == number
    assert page.count("data-yours") == int(number or 0) == rows_in(page)


def test_more_than_a_page_has_the_number_of_the_tab_at_its_heading(desk, client):
    factories.arrive(
        desk,
        *(
            factories.post(f"@AmselnetzHilfe number {n}", at=factories.ago(minutes=n))
            for n in range(61)
        ),
    )
    Ticket.objects.update(assignee=desk.aylin.person)
    client.force_login(desk.aylin)
    answer = client.get("/inbox/?tab=mine")
    assert [one.count for one in answer.context["groups"]] == [61]
    assert count_in(answer.content.decode(), 'data-tells="inbox"') == "61"
    following = client.get("/inbox/", {"tab": "mine", "after": answer.context["next"]})
    assert [one.count for one in following.context["groups"]] == [61]
    assert [one.count for one in client.get("/inbox/").context["groups"]] == [None]


def test_free_tickets_stand_apart_and_bear_no_yellow(desk, client):
    factories.a_ticket(desk)
    client.force_login(desk.aylin)
    answer = client.get("/inbox/")
    assert [one.key for one in answer.context["groups"]] == ["free"]
    assert "data-yours" not in answer.content.decode()
    number = Ticket.objects.get().number
    assert "chip--yours" not in client.get(f"/tickets/{number}/").content.decode()


def test_the_ticket_says_your_turn_to_who_may_sign(desk, client):
    number = factories.submitted(desk).draft.ticket.number
    for name, is_turn in (("aylin", False), ("rita", True)):
        client.force_login(getattr(desk, name))
        page = client.get(f"/tickets/{number}/").content.decode()
        assert ("chip--yours" in page) is is_turn, name


def test_a_saved_view_is_the_only_thing_that_is_marked_as_shown(desk, client):
    SavedView.objects.create(user=desk.aylin, name="Routers", query="tag=router")
    client.force_login(desk.aylin)
    head = client.get("/inbox/?tag=router").content.decode()
    head = head[head.index("list__tabs") :]
    assert head[: head.index("list__views")].count("aria-current") == 0
    assert 'aria-current="page"' in head[head.index("list__views") :]
    assert client.get("/inbox/?tag=other").context["tab_shown"] == "open"
