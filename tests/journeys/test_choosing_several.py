"""Several tickets at once, with the keys, in the list as it is.

What the people do and see:
- Five rows are chosen with two keys, two more keys resolve them: one request, a sentence,
  and the focus stays in the list.
- The choice stays while tickets are opened and until Escape; Space and Shift make spans,
  a click on the box of a row does the same.
- A sentence that is typed with rows chosen decides nothing.
"""

import re

import pytest

from tests.journeys.test_typing_decides_nothing import PANGRAMS, settled, state

pytestmark = pytest.mark.browser


@pytest.fixture
def six(person, stack, request):
    """Aylin at a list of six new tickets; `numbers` are theirs."""
    mark = f"cs{abs(hash(request.node.name)) % 10**6}"
    for place in range(6):
        stack.x.says(f"{mark}_{place}", f"@AmselnetzHilfe {mark} asks")
    numbers = [str(stack.ticket_of(f"{mark}_{place}")["number"]) for place in range(6)]
    aylin = person("aylin")
    aylin.open(f"/inbox/?q={mark}")
    settled(aylin.page)
    assert aylin.page.locator("#list a[data-row]").count() == 6
    aylin.numbers = numbers
    return aylin


def chosen(page, count: int) -> None:
    """So many rows are chosen, and the bar says so."""
    page.wait_for_function(
        "(n) => document.querySelectorAll('#list a[data-chosen]').length === n", arg=count
    )
    assert page.locator("#several").is_visible() == bool(count)
    if count:
        assert page.locator("[data-chosen-count]").inner_text() == f"{count} chosen"


def in_the_list(page) -> bool:
    """Whether a row has the focus."""
    return page.evaluate("document.activeElement.matches('#list a[data-row]')")


def test_five_are_resolved_with_four_keys_and_one_request(six, stack):
    page, posted = six.page, []
    page.on("request", lambda one: one.method == "POST" and posted.append(one.url))
    page.keyboard.press("5")
    page.keyboard.press("x")
    chosen(page, 5)
    page.keyboard.press("d")
    page.keyboard.press("1")
    six.sees("5 tickets: resolved.")
    assert len(posted) == 1
    page.wait_for_function("() => document.activeElement.matches('#list a[data-row]')")
    standing = [
        stack.call("aylin", f"tickets/{number}/", method="GET")[1]["status"]
        for number in six.numbers
    ]
    assert sorted(standing) == ["new", *["resolved"] * 5]


def test_the_choice_stays_until_escape_whatever_is_opened(six):
    page = six.page
    page.keyboard.press("j")
    page.keyboard.press("Space")
    chosen(page, 1)
    for _press in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Shift+Space")
    chosen(page, 4)
    assert in_the_list(page)
    page.keyboard.press("Enter")
    page.locator("[data-panes][data-looking]").wait_for()
    chosen(page, 4)
    former = page.locator("[data-panes]").get_attribute("data-looking")
    page.keyboard.press("[")
    page.locator(f"[data-panes]:not([data-looking='{former}']):visible").wait_for()
    page.locator("body:not([data-moving])").wait_for()
    chosen(page, 4)
    page.keyboard.press("x")  # the open one, which was chosen
    chosen(page, 3)
    page.keyboard.press("Escape")
    chosen(page, 0)
    row = page.locator("#list a[data-row]").first
    row.hover()
    row.locator("[data-pick]").click()
    chosen(page, 1)
    assert "/tickets/" in page.url


def test_tags_are_added_with_enter_and_what_is_typed_decides_nothing_else(six, stack):
    page = six.page
    page.keyboard.press("3")
    page.keyboard.press("x")
    page.keyboard.press("t")
    page.keyboard.type("attic")
    page.keyboard.press("Enter")
    six.sees("3 tickets: tagged.")
    page.locator("#list .chip", has_text="attic").nth(2).wait_for()
    before = state(stack, *map(int, six.numbers))
    for key in "ztdbp":
        chosen(page, 3)
        page.keyboard.press(key)
        page.keyboard.type(PANGRAMS[0])
        page.keyboard.press("Escape")
        assert page.locator("#several details[open]").count() == 0
    assert state(stack, *map(int, six.numbers)) == before
    assert re.search(r"/inbox/\?q=", page.url)


@pytest.mark.parametrize(("width", "least"), [(390, 44), (360, 44), (820, 30)])
def test_the_bar_is_one_line_beside_the_boxes(six, person, width, least):
    somebody = person("aylin", viewport={"width": width, "height": 900}, locale="de-DE")
    somebody.open(f"/inbox/?select=1&q={six.page.url.partition('q=')[2]}")
    page = somebody.page
    for box in page.locator("input[name=number]").all():
        box.check()
    assert page.locator("[data-chosen-count]").text_content() == "6 ausgewählt"
    bar = page.locator("#several").bounding_box()
    boxes = [one.bounding_box() for one in page.locator("#several .button:visible").all()]
    assert len(boxes) == 7
    assert len({round(one["y"] + one["height"] / 2) for one in boxes}) == 1
    assert min(one["width"] for one in boxes) >= least
    assert bar["x"] + bar["width"] >= max(one["x"] + one["width"] for one in boxes)
    # A row's box that lies half below the bar is not mistaken for one of its buttons
    pick = page.locator("input[name=number]").first.bounding_box()
    assert min(one["x"] for one in boxes) > pick["x"] + pick["width"] / 2 + 12
