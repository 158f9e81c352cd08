"""On a telephone nothing decides where something else was a moment ago, and nobody signs what they have not read to the end.

What the reviewer does and sees:
- She taps "…": it stays where it is, the further decisions open above it. She taps twice, on "…" and on "Next": no other review is decided.
- A long reply with a picture: the button says "Read to the end" and brings her there; only then it says "Approve and sign". The key A does the same.
- Without scripts the form works as it is.
"""

import pytest

from tests.journeys.test_typing_decides_nothing import a_review
from tests.pictures import a_picture
from tests.stack import wait_until

pytestmark = pytest.mark.browser
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LONG = "Hello, here is what to do, one after the other.\n\n" + "\n\n".join(f"{n}. Wait." for n in range(1, 20))


@pytest.fixture
def reviewer(person):
    """Rita at her telephone."""
    return person("rita", **TELEPHONE)


def standing(stack, *drafts: dict) -> list[str]:
    """How these drafts stand."""
    return [stack.call("rita", f"drafts/{one['id']}/", method="GET")[1]["status"] for one in drafts]


def middle(page, selector: str) -> tuple[float, float]:
    """The middle of what is seen of it."""
    box = page.locator(selector).locator("visible=true").first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def apart(one: dict, other: dict) -> bool:
    """Whether two boxes share no place."""
    return (one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"])


def test_the_menu_opens_above_and_the_dots_stay(reviewer, stack):
    draft = a_review(stack, "thumb_menu")
    reviewer.open(f"/review/{draft['id']}/")
    reviewer.reads()
    page = reviewer.page
    bar = [".decide__dots", ".decide__changes", ".decide__main"]
    before = [page.locator(one).bounding_box() for one in bar]
    page.touchscreen.tap(*middle(page, ".decide__dots"))
    more = page.locator(".decide > .decide__more").locator("visible=true")
    more.first.wait_for()
    assert [page.locator(one).bounding_box() for one in bar] == before
    boxes = [one.bounding_box() for one in more.all()]
    assert len(boxes) >= 4
    assert all(apart(one, former) for one in boxes for former in before)
    assert all(one["y"] >= 0 and one["y"] + one["height"] <= before[0]["y"] for one in boxes)


def test_two_quick_taps_on_the_dots_and_on_next_decide_nothing(reviewer, stack):
    drafts = [a_review(stack, f"thumb_{n}") for n in ("one", "two", "three")]
    page = reviewer.page
    for on_next in (False, True):
        for pause in (0, 120, 300):
            reviewer.open(f"/review/{drafts[0]['id']}/")
            reviewer.reads()
            spot = middle(page, ".decide__dots")
            page.touchscreen.tap(*spot)
            if on_next:
                page.wait_for_timeout(700)
                spot = middle(page, "a.decide__more")
                page.touchscreen.tap(*spot)
            page.wait_for_timeout(pause)
            page.touchscreen.tap(*spot)
            page.locator("body[data-decidable] [data-review]").wait_for()
    assert standing(stack, *drafts) == ["in_review"] * 3


def test_what_has_just_appeared_is_not_pressed_by_finger_mouse_or_key(reviewer, stack):
    draft = a_review(stack, "thumb_early")
    page = reviewer.page
    reviewer.open(f"/review/{draft['id']}/")
    reviewer.reads()
    page.evaluate("""() => { const form = document.querySelector('form.decide__main'); const next = form.nextSibling;
        form.remove(); next.parentNode.insertBefore(form, next); form.style.translate = '0 -80px'; }""")
    page.evaluate("document.querySelector('form.decide__main button').click()")
    page.touchscreen.tap(*middle(page, "form.decide__main button"))
    page.mouse.click(*middle(page, "form.decide__main button"))
    assert standing(stack, draft) == ["in_review"]
    page.wait_for_timeout(700)
    page.touchscreen.tap(*middle(page, "form.decide__main button"))
    wait_until(lambda: standing(stack, draft)[0] in {"approved", "posted"}, 10, "one tap later", stack.logs)


def test_a_long_reply_with_a_picture_is_signed_only_when_its_end_was_in_view(at_a_ticket, reviewer, stack):
    page = at_a_ticket.page
    page.locator("#reply-text").fill(LONG)
    page.locator("[data-saved-at]", has_text="Saved").wait_for()
    page.locator("input[type=file]").set_input_files(
        {"name": "light.png", "mimeType": "image/png", "buffer": a_picture("orange", size=(600, 900))})
    page.locator("[data-picture] textarea").fill("The light at the front is orange.")
    page.locator("#reply-text").press("Control+Enter")
    at_a_ticket.sees("Submitted to")
    draft = next(one for one in stack.call("rita", "drafts/?status=in_review", method="GET")[1] if one["ticket"] == at_a_ticket.number)
    reviewer.open(f"/review/{draft['id']}/")
    button = reviewer.page.locator(".decide__main button")
    reviewer.page.locator("body[data-decidable][data-unread]").wait_for()
    assert button.inner_text().strip() == "Read to the end"
    reviewer.page.keyboard.press("a")
    reviewer.page.locator("body[data-decidable]:not([data-unread])").wait_for()
    assert button.inner_text().strip() == "Approve and sign"
    end, bar = reviewer.page.locator("[data-words-end]").bounding_box(), reviewer.page.locator(".decide").bounding_box()
    assert 0 <= end["y"] <= bar["y"]
    assert standing(stack, draft) == ["in_review"]
    reviewer.page.reload()
    reviewer.page.locator("body[data-decidable][data-unread]").wait_for()
    reviewer.page.touchscreen.tap(*middle(reviewer.page, ".decide__main button"))
    reviewer.page.touchscreen.tap(*middle(reviewer.page, ".decide__main button"))
    reviewer.page.locator("body[data-decidable]:not([data-unread])").wait_for()
    assert standing(stack, draft) == ["in_review"]
    reviewer.page.touchscreen.tap(*middle(reviewer.page, ".decide__main button"))
    wait_until(lambda: standing(stack, draft)[0] in {"approved", "posted"}, 10, "read and signed", stack.logs)
