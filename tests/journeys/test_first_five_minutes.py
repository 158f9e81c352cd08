"""A newcomer's first five minutes, led only by what the screens say.

With `PARAPH_PICTURES=FOLDER` the pictures of the README are made on the way.

What the person does and sees: the sign-in page asks who one would like to be; the first
is Aylin, key 1. The desk offers a tour. Its line says what to do next: open a ticket,
write, hand in, be Rita, read, press A, look at the simulated X. There the reply stands
under the customer's post, word for word and signed.
"""

import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
WORDS = "Good morning Nora, the shop in Harbour Street is open until 20:00 today."


def reads_and_signs(somebody, page):
    """Find the reply in the queue, read both sides, and press A."""
    page.locator(".tour").get_by_role("link", name="To the review").click()
    page.locator("#queue a", has_text="Harbour Street is open").click()
    somebody.sees("Read both sides, then press A")
    page.locator("body[data-decidable]").wait_for(state="attached")
    picture(page, "3-review")
    page.keyboard.press("a")
    somebody.sees("In a few seconds the reply is public")
    with page.expect_popup() as opened:
        page.locator(".tour").get_by_role("link", name="To the simulated X").click()
    square = opened.value
    square.locator(".bubble.account", has_text="until 20:00 today. ^an").wait_for()
    picture(square, "4-public")
    assert page.locator(".tour").count() == 0


def test_from_the_sign_in_page_to_a_reply_on_the_simulated_x(person, stack):
    stack.x.says(
        "newcomer_nora",
        "@AmselnetzHilfe is the shop in Harbour Street open today?",
        name="Nora Lindqvist",
    )
    number = stack.ticket_of("newcomer_nora")["number"]
    somebody = person("", viewport={"width": 1280, "height": 800})
    page = somebody.page

    page.goto(f"{stack.url}/")
    somebody.sees("Who would you like to be?")
    picture(page, "1-sign-in")
    page.keyboard.press("1")
    somebody.sees("New here?")
    page.get_by_role("button", name="Start the tour").click()
    somebody.sees("Open a ticket that is your turn")
    page.locator(f"a[data-row][href*='/tickets/{number}/']").click()
    somebody.sees("Write an answer.")
    page.locator("#reply-text").fill(WORDS)
    page.locator("[data-preview]", has_text="until 20:00 today. ^an").wait_for()
    page.locator("[data-saved-at]", has_text="Saved").wait_for()
    picture(page, "2-answer")
    page.keyboard.press("Control+Enter")
    somebody.sees("Nobody signs their own words.")
    page.locator(".bar__end .menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    somebody.sees("Who would you like to be?")
    page.keyboard.press("2")
    somebody.sees("Nobody signs their own words.")
    reads_and_signs(somebody, page)


def picture(page, name: str) -> None:
    """A picture of the page, where somebody asked for pictures."""
    if folder := os.environ.get("PARAPH_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.mouse.move(0, 0)
        page.wait_for_timeout(300)
        page.screenshot(path=f"{folder}/five-{name}.jpg", type="jpeg", quality=72)
