"""What somebody typed survives.

Each test takes something away while a reply is being written, and the words are there
afterwards.

What the person does and sees: types; the connection goes, the server is started anew,
the browser is closed, the session runs out, another tab or a colleague changes the
reply. The page says what happened, and no word is lost; where there are two texts, the
person chooses.
"""

import re

import pytest

from tests.stack import get, wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def writing(at_a_ticket):
    """Aylin at a new ticket, with some words saved on the server."""
    at_a_ticket.page.locator("#reply-text").fill("First words.")
    is_saved(at_a_ticket)
    return at_a_ticket


def is_saved(someone) -> None:
    """The page says that the words are saved; "saved later" says that they are not."""
    someone.page.locator("[data-saved-at]", has_text=re.compile(r"^\s*Saved")).wait_for()


def types(someone, words: str) -> None:
    """Add to what stands there."""
    someone.page.locator("#reply-text").press_sequentially(words)


def shows(someone, words: str) -> None:
    """The words stand in the field."""
    wait_until(
        lambda: someone.page.locator("#reply-text").input_value() == words,
        10,
        words,
        lambda: someone.page.locator("#reply-text").input_value(),
    )


def test_a_lost_connection_keeps_the_words_and_brings_them_when_it_is_back(writing):
    writing.context.set_offline(True)
    types(writing, " Written without a connection.")
    writing.sees("No connection. What you type is kept here and saved later.")
    writing.context.set_offline(False)
    is_saved(writing)
    writing.page.reload()
    shows(writing, "First words. Written without a connection.")


def test_a_browser_that_is_closed_without_a_connection_still_has_the_words(writing):
    writing.context.set_offline(True)
    types(writing, " Then the lid was shut.")
    writing.sees("No connection. What you type is kept here and saved later.")
    writing.page.close()
    writing.context.set_offline(False)
    writing.page = writing.context.new_page()
    writing.open(f"/tickets/{writing.number}/")
    shows(writing, "First words. Then the lid was shut.")


def test_a_server_that_is_started_anew_loses_nothing(writing, stack):
    web = stack.parts["web"]
    web.stop()
    types(writing, " While the server was away.")
    writing.sees("No connection. What you type is kept here and saved later.")
    web.start()
    wait_until(lambda: get(f"{stack.url}/readyz"), 60, "the server", stack.logs)
    is_saved(writing)
    writing.page.reload()
    shows(writing, "First words. While the server was away.")


def test_a_session_that_ran_out_gives_the_words_back_after_signing_in(writing):
    writing.context.clear_cookies(name="sessionid")
    types(writing, " The session was over.")
    writing.sees("You were signed out. Your text is kept; sign in and go on where you were.")
    writing.open(f"/sign-in/?next=/tickets/{writing.number}/")
    writing.page.locator("button[value='aylin']").click()
    writing.page.wait_for_url(f"**/tickets/{writing.number}/")
    shows(writing, "First words. The session was over.")


def test_a_second_tab_shows_both_texts_and_the_person_chooses(writing):
    second = writing.context.new_page()
    second.goto(writing.page.url)
    with second.expect_response(lambda answer: answer.url.endswith("/draft/save/") and answer.ok):
        second.locator("#reply-text").fill("Words of the second tab.")
    types(writing, " Words of the first tab.")
    writing.sees("This draft was changed in another window. Compare both texts before you save.")
    assert writing.page.locator("[data-other-text]").inner_text() == "Words of the second tab."
    writing.page.get_by_role("button", name="Keep my text").click()
    is_saved(writing)
    second.reload()
    assert second.locator("#reply-text").input_value() == "First words. Words of the first tab."


def test_a_colleague_who_takes_the_reply_over_meanwhile_makes_no_word_vanish(writing, stack):
    _status, page = stack.call("bastian", "drafts/", method="GET")
    draft = next(one for one in page["results"] if one["ticket"] == writing.number)
    stack.call("bastian", f"drafts/{draft['id']}/take-over/")
    types(writing, " Not yet brought to the server.")
    writing.sees("Bastian Vogt is writing this reply. Take it over to go on writing.")
    writing.page.reload()
    stack.call("aylin", f"drafts/{draft['id']}/take-over/")
    writing.page.reload()
    shows(writing, "First words. Not yet brought to the server.")


def test_another_person_in_the_same_browser_does_not_get_the_words(writing):
    writing.context.clear_cookies(name="sessionid")
    types(writing, " Aylin's own.")
    writing.sees("You were signed out.")
    writing.open(f"/sign-in/?next=/tickets/{writing.number}/")
    writing.page.locator("button[value='rita']").click()
    writing.page.wait_for_url(f"**/tickets/{writing.number}/")
    assert "Aylin's own" not in writing.page.content()
