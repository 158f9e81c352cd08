"""What the palette finds: tickets by number and words, customers and colleagues by name."""

from tests import factories


def names(client, words: str) -> list[str]:
    """What is found, in the order of the palette."""
    found = client.get("/find/", {"q": words}).json()["found"]
    return [f"{one['hint']}: {one['name']}" for one in found]


def test_a_ticket_is_found_by_its_number(desk, client):
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe the Fritzbox blinks")
    client.force_login(desk.aylin)
    (found,) = client.get("/find/", {"q": str(ticket.number)}).json()["found"]
    assert found["url"] == f"/tickets/{ticket.number}/"
    assert found["name"].startswith(f"{ticket.number} ")


def test_a_customer_is_found_by_the_handle_and_leads_to_all_their_tickets(desk, client):
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe the Fritzbox blinks")
    handle = ticket.customer.handle
    client.force_login(desk.aylin)
    found = client.get("/find/", {"q": handle[:4]}).json()["found"]
    assert found[0]["hint"] == "Customer"
    assert found[0]["url"] == f"/inbox/?q=%40{handle}"


def test_words_of_a_post_find_the_ticket(desk, client):
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe the Fritzbox blinks")
    client.force_login(desk.aylin)
    (only,) = names(client, "fritzbox")
    assert only.startswith(f"Ticket: {ticket.number}")


def test_a_colleague_is_found_and_leads_to_their_tickets(desk, client):
    client.force_login(desk.aylin)
    found = client.get("/find/", {"q": "bastian"}).json()["found"]
    assert [one["name"] for one in found] == ["Bastian Vogt"]
    assert found[0]["url"] == f"/inbox/?assignee={desk.bastian.person_id}"
    assert names(client, "nele") == []  # of another department


def test_nobody_finds_what_they_may_not_read(desk, client):
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe the Fritzbox blinks")
    client.force_login(desk.nele)
    assert names(client, str(ticket.number)) == []
    assert names(client, "fritzbox") == []
    assert names(client, ticket.customer.handle) == []


def test_odd_words_find_nothing_and_fail_nowhere(desk, client):
    client.force_login(desk.aylin)
    for words in ("", " ", "'", "%", "a" * 3000, "# #", "\u202e"):
        assert client.get("/find/", {"q": words}).json()["found"] == []
