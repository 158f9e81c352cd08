"""A slip is taken back with one key.

What the people do and see:
- Aylin takes a ticket by M, puts another thing right at once by U: it is nobody's again.
  She resolves it by the menu of D, and U opens it again; the timeline tells all four.
- The message stays while she points at it, and a pangram typed into the page undoes nothing.
- Rita requests changes and takes that back by U: the same review is open again, and Aylin,
  who looks at the ticket, reads nothing of it in her reply.
"""

import pytest

pytestmark = pytest.mark.browser


def undoes(one) -> None:
    """Press U once the message stands where it stands."""
    one.page.locator("[data-toasts] [data-key=u]").wait_for()
    one.page.locator("body[data-decidable]").wait_for()
    one.page.keyboard.press("u")


def test_a_slip_with_a_ticket_is_taken_back_by_one_key(person, stack):
    stack.x.says("undo_uma", "@AmselnetzHilfe my slip of the hand")
    number = stack.ticket_of("undo_uma")["number"]
    aylin = person("aylin")
    aylin.open(f"/tickets/{number}/")
    aylin.page.keyboard.press("m")
    aylin.sees("The ticket is yours.")
    undoes(aylin)
    aylin.sees("Undone. The ticket is as it was before.")
    assert stack.call("aylin", f"tickets/{number}/", method="GET")[1]["assignee"] is None

    aylin.page.keyboard.press("m")
    aylin.sees("The ticket is yours.")
    message = aylin.page.locator(".toast", has_text="The ticket is yours.")
    aylin.page.locator("body[data-decidable]").wait_for()
    # Typed in a flow, no letter decides anything
    aylin.page.keyboard.type("qu", delay=20)
    assert message.is_visible()
    assert stack.call("aylin", f"tickets/{number}/", method="GET")[1]["assignee"]
    aylin.page.get_by_text("Timeline", exact=True).click()
    told = aylin.page.locator(".timeline").inner_text()
    assert "Aylin Nergiz undid taking the ticket." in told
    assert told.count("Aylin Nergiz took the ticket.") == 2


def test_a_request_for_changes_is_taken_back_to_the_same_review(person, stack):
    stack.x.says("undo_ida", "@AmselnetzHilfe when will it work again?")
    number = stack.ticket_of("undo_ida")["number"]
    _status, draft = stack.call("aylin", f"tickets/{number}/drafts/")
    stack.call(
        "aylin",
        f"drafts/{draft['id']}/submit/",
        text="Hello Ida, it works again, thank you for waiting.",
        context_version=draft["context_version"],
    )
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    here = rita.page.url
    rita.decides("c")
    rita.page.keyboard.type("Say since when.")
    rita.page.locator("form[action$='request-changes/'] button").click()
    rita.sees("Returned to Aylin Nergiz with your reason.")
    undoes(rita)
    rita.sees("Undone. The text is in review again.")
    assert rita.page.url == here
    rita.page.get_by_role("button", name="Approve and sign").wait_for()
