"""A review where nothing moves, and a ticket on a telephone with a way back.

What the people do and see:
- Rita opens each form of a decision by its key: the row of buttons stays where it is, and the form
  stands above it. She corrects as she would write: the count, the findings and how it will look
  follow her letters.
- She approves. The next review opens, and beside it stands what she just decided, with the seconds
  until it leaves.
- On a telephone a review fits on the screen down to the two signatures; a ticket has a way back to
  the list it came from, and a low foot.
"""

import re

import pytest

from tests.journeys.test_typing_decides_nothing import a_review

pytestmark = pytest.mark.browser
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOWEST_FOOT = 96  # pixels
TOP = "document.querySelector('.decide').getBoundingClientRect().top"


def test_the_row_of_decisions_stays_where_it_is(person, stack):
    draft = a_review(stack, "row_stays")
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    before = rita.page.evaluate(TOP)
    for key in "cwex":
        rita.open(f"/review/{draft['id']}/")
        rita.decides(key)
        form = rita.page.locator(".decide details[open] form")
        form.wait_for()
        assert rita.page.evaluate(TOP) == before, key
        box = form.bounding_box()
        assert box["y"] >= 0, key
        assert box["y"] + box["height"] <= before + 1, key
        rita.page.keyboard.press("Escape")
        rita.page.locator(".decide details[open]").wait_for(state="detached")
        assert rita.page.evaluate("document.activeElement.dataset.key") == key


def test_a_correction_is_written_as_a_reply_is(person, stack):
    draft = a_review(stack, "corrected_live")
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    rita.decides("w")
    form = rita.page.locator(".decide details[open] form")
    form.locator("textarea[name=text]").fill("Hello, we will refund the whole month.")
    form.locator("[data-finding][data-severity=needs_lead]").wait_for()
    form.locator("[data-preview]", has_text="refund the whole month. ^an").wait_for()
    assert form.locator("[data-count]").inner_text().startswith("42 /")
    assert form.locator("[data-backdrop] mark[data-severity=needs_lead]").count() == 1
    form.locator("textarea[name=text]").fill("Hello.")
    form.locator("[data-finding]").first.wait_for(state="detached")


def test_what_was_just_decided_stands_beside_with_its_seconds(person, stack):
    first, second = (a_review(stack, f"beside_{name}") for name in ("one", "two"))
    rita = person("rita")
    rita.open(f"/review/{first['id']}/")
    rita.decides("a")
    rita.page.wait_for_url(re.compile(rf"/review/(?!{first['id']}/)"))
    row = rita.page.locator("#beside .waiting--done").first
    row.wait_for()
    assert rita.page.locator(f"#beside a[href='/review/{second['id']}/']").count() == 1
    row.locator(".status", has_text=re.compile("leaves|Approved|Posted")).wait_for()


def test_a_review_fits_on_a_telephone_down_to_the_signatures(person, stack):
    draft = a_review(stack, "fits_phone")
    rita = person("rita", **TELEPHONE)
    rita.open(f"/review/{draft['id']}/")
    foot = rita.page.locator(".slip__foot").first.bounding_box()
    assert foot["y"] + foot["height"] <= rita.page.evaluate(TOP)


def test_a_ticket_on_a_telephone_has_a_way_back_and_a_low_foot(person, stack):
    stack.x.says("phone_foot", "@AmselnetzHilfe a question about my line")
    number = stack.ticket_of("phone_foot")["number"]
    aylin = person("aylin", **TELEPHONE)
    aylin.open(f"/tickets/{number}/?tab=unassigned")
    page = aylin.page
    low = page.evaluate(
        "innerHeight - document.querySelector('.reply__bar').getBoundingClientRect().top"
    )
    assert low <= LOWEST_FOOT
    assert page.locator(".key").locator("visible=true").count() == 0
    small = page.evaluate(
        """[...document.querySelectorAll('.ticket__head .button, .reply__bar .button')]
            .filter((one) => one.checkVisibility())
            .map((one) => one.getBoundingClientRect())
            .filter((box) => box.width < 44 || box.height < 44).length"""
    )
    assert small == 0
    page.locator(".ticket__back").tap()
    page.wait_for_url("**/inbox/?tab=unassigned")
