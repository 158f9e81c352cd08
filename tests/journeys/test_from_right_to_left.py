"""Arabic beside English: every text runs its own way, from the customer's post to the review.

What the people do and see:
- A customer asks in Arabic, behind our handle; her words run from the right, her name stands
  in its own place.
- Aylin answers in Arabic: the field, the box around it and the preview turn as she types, and
  turn back when she begins again in English. A note runs as it was written.
- Rita reviews: the reply runs from the right there too, and her reason in English from the left.
"""

import pytest

pytestmark = pytest.mark.browser
ASKS = "@AmselnetzHilfe الإنترنت لا يعمل منذ الصباح"
ANSWERS = "مرحبا، نحن نبحث عن السبب"
NOTE = "اتصلت بها"


def way_of(locator) -> str:
    """Which way an element's words are drawn."""
    return locator.evaluate("one => getComputedStyle(one).direction")


def turns_as_she_types(page) -> None:
    """Field and preview run as the words do, and turn back where she begins again."""
    field = page.locator("#reply-text")
    page.keyboard.press("r")
    assert way_of(field) == "ltr"
    page.keyboard.type(ANSWERS)
    assert way_of(field) == "rtl"
    page.locator("[data-preview]").filter(has_text=ANSWERS).wait_for(state="attached")
    assert way_of(page.locator(".preview p").first) == "rtl"
    page.keyboard.press("Control+a")
    page.keyboard.type("Hello Layla")
    assert way_of(field) == "ltr"
    page.keyboard.press("Control+a")
    page.keyboard.type(ANSWERS)
    assert way_of(field) == "rtl"
    page.keyboard.press("Escape")


def notes(page) -> None:
    """A note runs as it is written, and as it stands."""
    page.keyboard.press("i")
    page.keyboard.type(NOTE)
    assert page.evaluate("getComputedStyle(document.activeElement).direction") == "rtl"
    page.keyboard.press("Control+Enter")
    note = page.locator(".note p", has_text=NOTE)
    note.wait_for()
    assert way_of(note) == "rtl"


def test_a_customer_is_answered_from_right_to_left(person, stack):
    stack.x.says("layla_arab", ASKS, name="ليلى", lang="ar")
    number = stack.ticket_of("layla_arab")["number"]
    aylin = person("aylin")
    page = aylin.page
    aylin.open(f"/tickets/{number}/")
    assert way_of(page.locator(".post__words").first) == "rtl"
    assert way_of(page.locator(".ticket__head h1")) == "ltr"
    assert way_of(page.locator(f"#row-{number} .row__words")) == "rtl"
    turns_as_she_types(page)
    notes(page)
    page.locator("#reply-text").click()
    page.keyboard.press("Control+Enter")
    page.locator(f"[data-panes]:not([data-looking='{number}'])").wait_for()

    answer = stack.call("aylin", f"drafts/?ticket={number}", method="GET")[1]
    rita = person("rita")
    rita.open(f"/review/{answer['results'][0]['id']}/")
    assert way_of(rita.page.locator("[data-review] .slip__words").first) == "rtl"
    rita.page.keyboard.press("c")
    rita.page.keyboard.type("Please say who helps.")
    assert rita.page.evaluate("getComputedStyle(document.activeElement).direction") == "ltr"
