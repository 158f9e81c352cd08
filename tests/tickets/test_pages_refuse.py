"""What the pages of tickets, accounts, rules and views refuse, and to whom they are not there."""

import pytest

from people.identity.tokens import issue
from tests import factories
from tickets import incidents, lifecycle, querysets
from tickets.inbox import search
from tickets.models import Incident, RoutingDraft, SavedView, Ticket
from tickets.routing import rule_editing


@pytest.fixture
def ticket(desk):
    """One new ticket of Customer Service."""
    return factories.a_ticket(desk, "@AmselnetzHilfe the router blinks orange")


def says(answer, status, words):
    """An answer with this status and these words on its page."""
    return answer.status_code == status and words in answer.content.decode()


@pytest.mark.campaign
def test_several_tickets_want_numbers_a_verb_and_its_values(desk, ticket, client):
    client.force_login(desk.aylin)

    def act(**given):
        return client.post("/inbox/several/", {"number": ticket.number} | given)

    assert says(act(number="", act="tag", tags="a"), 400, "Choose at least one ticket first.")
    assert says(
        act(number=[str(one) for one in range(1, 202)], act="tag", tags="a"),
        400,
        "at most 200 tickets",
    )
    assert says(act(act="approve"), 400, "Choose what should happen")
    assert says(act(act="tag", tags=" , "), 400, "at least one tag")
    assert says(act(act="resolve", reason="bored"), 400, "Choose one of the reasons.")
    assert Ticket.objects.get().status == "new"
    act(act="resolve", reason="spam")
    act(act="resolve", reason="spam")
    assert says(client.get("/inbox/"), 200, "This ticket is resolved already.")
    client.force_login(desk.nele)
    assert says(
        act(act="join", incident="new", name="Berlin"), 400, "Choose at least one ticket first."
    )
    assert not Incident.objects.exists()


def test_a_ticket_knows_its_verbs_its_posts_and_who_works_on_it(desk, ticket, client):
    client.force_login(desk.aylin)
    page = f"/tickets/{ticket.number}/"
    assert client.post(f"{page}do/explode/").status_code == 404
    assert client.get(f"{page}between/", {"first": "1", "last": "2"}).status_code == 404
    assert says(
        client.post(f"{page}do/resolve/", {"reason": "bored"}), 400, "Choose one of the reasons."
    )
    client.post(f"{page}do/snooze/", {"until": "tomorrow"})
    lifecycle.hand_off(ticket, to=desk.business, note="Yours.", by=desk.aylin)
    assert says(client.post(f"{page}do/wake/"), 400, "belongs to Business Customers")
    assert Ticket.objects.get().snoozed_until


def test_nobody_finds_what_they_may_not_see(desk, ticket, client):
    for words in (f"#{ticket.number}", "router", "grace", "grace_adeyemi"):
        assert list(search.looked_for(desk.aylin, words).tickets) == [ticket]
        assert list(search.looked_for(desk.nele, words).tickets) == []
    theirs = factories.arrive(
        desk,
        factories.post("@AmselnetzBiz hi", account="amselnetzbiz"),
        account=desk.business_account,
    )[0]
    others, all_of_them = querysets.others_of_customer(theirs, desk.nele)
    assert (list(others), all_of_them) == ([], 1)
    client.force_login(desk.nele)
    assert client.get("/live/looking/", {"ticket": [ticket.number, theirs.number]}).json()[
        "tickets"
    ].keys() == {str(theirs.number)}


@pytest.mark.parametrize(
    "asked",
    [
        "colour=red",
        "status=asleep",
        "department=mine",
        "after=7",
        "updated_since=yesterday",
    ],
)
def test_the_list_of_the_api_knows_what_it_is_asked(desk, client, asked):
    answer = client.get(
        f"/api/v1/tickets/?{asked}",
        headers={"authorization": f"Token {issue(desk.aylin, name='test')}"},
    )
    assert answer.status_code == 400
    assert set(answer.json()["error"]["fields"]) == {asked.split("=")[0]}


@pytest.mark.campaign
def test_accounts_and_rules_are_pages_for_administrators_and_rules_hold_so_much(desk, client):
    client.force_login(desk.lena)
    assert says(client.get("/accounts/new/"), 403, "Administrators connect accounts")
    client.force_login(desk.max)
    page = "/routing/rules/{}/"
    assert client.get(page.format("nowhere")).status_code == 404
    assert client.get(page.format("new")).status_code == 200
    typed = {"name": "Bills", "priority": "high"}
    for words in ("\n".join(str(one) for one in range(201)), "x" * 121):
        assert says(client.post(page.format("new"), typed | {"words": words}), 400, "in one rule")
    assert not RoutingDraft.objects.exists()
    client.post(page.format("new"), typed | {"words": "bill"})
    assert client.get(page.format(RoutingDraft.objects.get().rules[0]["key"])).status_code == 200
    assert rule_editing.draft_of(by=desk.max).rules[0]["when"] == {"words": ["bill"]}


def test_a_view_is_shared_with_a_department_of_ones_own_or_with_nobody(desk, client):
    client.force_login(desk.aylin)
    kept = {"name": "Bills", "query": "tag=bill"}
    assert client.post("/inbox/views/keep/", kept | {"share": desk.business.pk}).status_code == 404
    assert not SavedView.objects.exists()
    for share in (desk.service.pk, ""):
        assert client.post("/inbox/views/keep/", kept | {"share": share}).status_code == 302
    assert SavedView.objects.get().department is None


def test_an_incident_of_another_department_is_not_there(desk, ticket, client):
    theirs = incidents.open_incident(name="Bonn", department=desk.business, by=desk.nele)
    client.force_login(desk.aylin)
    assert (
        client.post(
            "/inbox/several/", {"number": ticket.number, "act": "join", "incident": theirs.pk}
        ).status_code
        == 404
    )
