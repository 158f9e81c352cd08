"""Words that are not saved stay where they are, whatever happens around them.

What the people do and see:
- Rita corrects a reply. The customer writes again, a colleague changes the ticket: the
  words stand, a line says that something changed. Saving is refused; the words stand in
  the field, also after the next news, and saving again sends those.
- Two people, one review: Aylin withdraws while Rita writes why she rejects. The reason
  is not lost.
- A half-written note is there after going elsewhere and back; a server that fails or a
  session that ran out takes no word away.
"""

import re

import pytest

from tests.journeys.test_typing_decides_nothing import a_review, settled
from tests.stack import wait_until

pytestmark = pytest.mark.browser
LINE = "Something changed here. What you typed is kept."


def shown(someone) -> None:
    """Ask for the news."""
    someone.sees(LINE)
    someone.page.get_by_role("button", name="Show").click()


def test_a_correction_survives_the_customer_a_colleague_and_a_refusal(person, stack):
    draft = a_review(stack, "words_ann", "Hello Ann, the words as they were.")
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    settled(rita.page)
    rita.decides("w")
    field = rita.page.locator("form[action$='/correct/'] textarea[name=text]")
    field.fill("Hello Ann, much better words.")
    stack.x.says(
        "words_ann", "@AmselnetzHilfe and one more thing: it smells", reply_to=draft["post"]
    )
    rita.sees(LINE)
    assert field.input_value() == "Hello Ann, much better words."
    current = stack.call("rita", f"drafts/{draft['id']}/", method="GET")[1]
    status, _draft = stack.call(
        "aylin",
        f"drafts/{draft['id']}/submit/",
        text="Hello Ann, the author changed it.",
        context_version=current["context_version"],
    )
    assert status == 200
    rita.page.locator("form[action$='/correct/'] button").click()
    rita.page.locator(".says--red[role=alert]").wait_for()
    assert field.input_value() == "Hello Ann, much better words."
    assert field.is_visible()
    rita.page.locator("body[data-connection=live]").wait_for()
    stack.x.says("words_ann", "@AmselnetzHilfe and it hums, too", reply_to=draft["post"])
    rita.sees(LINE)
    assert field.input_value() == "Hello Ann, much better words."
    rita.page.locator("form[action$='/correct/'] button").click()
    # The customer wrote again: read, then save once more
    if not rita.page.get_by_text("these words are yours now").count():
        rita.page.locator(".says--red[role=alert]").wait_for()
        assert field.input_value() == "Hello Ann, much better words."
        rita.page.locator("form[action$='/correct/'] button").click()
    rita.sees("these words are yours now")
    assert "much better words" in str(stack.call("rita", f"drafts/{draft['id']}/", method="GET")[1])


def test_the_news_is_shown_when_asked_for_and_the_words_come_along(at_a_ticket, stack):
    page = at_a_ticket.page
    settled(page)
    page.locator("summary", has_text="Add a note").click()
    note = page.locator("form[action$='/note/'] textarea")
    note.fill("half a note")
    stack.call("rita", f"tickets/{at_a_ticket.number}/priority/", priority="high")
    at_a_ticket.sees(LINE)
    assert page.locator("#conversation .ticket__head .chip", has_text="High").count() == 0
    shown(at_a_ticket)
    page.locator("#conversation .ticket__head .chip", has_text="High").wait_for()
    assert note.input_value() == "half a note"
    assert note.is_visible()


def test_a_reason_for_what_is_gone_is_offered_beside(person, stack):
    draft = a_review(stack, "words_cas")
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    rita.decides("x")
    rita.page.keyboard.type("A reason of some length")
    stack.call("aylin", f"drafts/{draft['id']}/withdraw/")
    rita.sees(LINE)
    assert (
        rita.page.locator("form[action$='/reject/'] textarea").input_value()
        == "A reason of some length"
    )
    shown(rita)
    rita.page.locator("[data-news-words]", has_text="A reason of some length").wait_for()
    rita.page.locator("#review .status", has_text="Withdrawn").wait_for()


def test_a_half_written_note_is_there_after_going_back(at_a_ticket):
    page = at_a_ticket.page
    settled(page)
    page.keyboard.press("i")
    page.keyboard.type("half a note")
    at_a_ticket.open("/notices/")
    page.go_back()
    wait_until(
        lambda: page.locator("form[action$='/note/'] textarea").input_value() == "half a note",
        10,
        "the note",
    )
    page.locator("form[action$='/note/'] button").click()
    page.locator("#conversation .note--internal", has_text="half a note").wait_for()
    assert page.locator("form[action$='/note/'] textarea").input_value() == ""
    at_a_ticket.open(f"/tickets/{at_a_ticket.number}/")
    page.locator("body[data-connection=live]").wait_for()
    assert page.locator("form[action$='/note/'] textarea").input_value() == ""


@pytest.mark.parametrize("status", [500, 403, 200])
def test_an_answer_that_is_another_page_takes_no_panes_place(at_a_ticket, stack, status):
    page = at_a_ticket.page
    settled(page)
    page.keyboard.press("i")
    page.keyboard.type("half a note")
    page.route(
        re.compile("/conversation/"),
        lambda route: route.fulfill(
            status=status, body="<h1>Sign in</h1>", content_type="text/html"
        ),
    )
    with page.expect_response(re.compile("/conversation/")):
        stack.call("rita", f"tickets/{at_a_ticket.number}/priority/", priority="high")
    if status < 500:  # what fails is tried again by itself, without a word
        at_a_ticket.sees(LINE)
    assert page.locator("form[action$='/note/'] textarea").input_value() == "half a note"
    page.unroute(re.compile("/conversation/"))
    at_a_ticket.sees(LINE)
    shown(at_a_ticket)
    page.locator("#conversation .ticket__head .chip", has_text="High").wait_for()
    page.wait_for_function(
        "() => document.querySelector(\"form[action$='/note/'] textarea\").value === 'half a note'"
    )


def test_another_person_in_the_same_tab_does_not_get_the_words(at_a_ticket):
    page = at_a_ticket.page
    settled(page)
    page.keyboard.press("i")
    page.keyboard.type("for nobody else")
    at_a_ticket.context.clear_cookies(name="sessionid")
    at_a_ticket.open(f"/sign-in/?next=/tickets/{at_a_ticket.number}/")
    page.locator("button[value='rita']").click()
    page.wait_for_url(f"**/tickets/{at_a_ticket.number}/")
    page.locator("body[data-connection=live]").wait_for()
    assert "for nobody else" not in page.locator("form[action$='/note/'] textarea").input_value()
