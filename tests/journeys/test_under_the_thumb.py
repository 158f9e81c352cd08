"""Decide on a telephone, where nothing may move under the thumb.

Nothing decides where something else was a moment ago, and nobody signs what they have
not read to the end.

What the reviewer does and sees:
- She taps "…": it stays where it is, the further decisions open above it. She taps
  twice, on "…" and on "Next": no other review is decided.
- A long reply with a picture: the button says "Read to the end" and brings her there;
  only then it says "Approve and sign". The key A does the same.
- Without scripts the form works as it is.
"""

import itertools
import re

import pytest

from tests.journeys.test_typing_decides_nothing import a_review
from tests.pictures import a_picture
from tests.stack import wait_until

pytestmark = pytest.mark.browser
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LONG = "Hello, here is what to do, one after the other.\n\n" + "\n\n".join(
    f"{n}. Wait." for n in range(1, 20)
)


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
    return (
        one["x"] + one["width"] <= other["x"]
        or other["x"] + other["width"] <= one["x"]
        or one["y"] + one["height"] <= other["y"]
        or other["y"] + other["height"] <= one["y"]
    )


def test_the_menu_opens_above_and_the_dots_stay(reviewer, stack):
    draft = a_review(stack, "thumb_menu")
    reviewer.open(f"/review/{draft['id']}/")
    reviewer.reads()
    page = reviewer.page
    bar = [".decide__dots", ".decide__changes", ".decide__main"]
    before = [page.locator(one).bounding_box() for one in bar]
    page.touchscreen.tap(*middle(page, ".decide__dots"))
    more = page.locator(".decide .decide__more").locator("visible=true")
    more.first.wait_for()
    assert [page.locator(one).bounding_box() for one in bar] == before
    boxes = [one.bounding_box() for one in more.all()]
    assert len(boxes) >= 4
    assert all(apart(one, former) for one in boxes for former in before)
    assert all(one["y"] >= 0 and one["y"] + one["height"] <= before[0]["y"] for one in boxes)


ACTING = """() => {
    const kinds = '.decide a, .decide button, .decide summary, .decide label.button';
    return [...document.querySelectorAll(kinds)]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width)
        .map((one, number) => {
            one.dataset.thumb = number;
            return `[data-thumb='${number}']`;
        });
}"""


ACTING = """() => {
    const kinds = '.decide a, .decide button, .decide summary, .decide label.button';
    return [...document.querySelectorAll(kinds)]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width)
        .map((one, number) => {
            one.dataset.thumb = number;
            return `[data-thumb='${number}']`;
        });
}"""


def acting(page) -> list[str]:
    """Everything in the bar that a finger can press just now, each by a mark of its own."""
    return page.evaluate(ACTING)


def taps_twice(page, stack, selector: str, pause: int) -> list[str]:
    """What is sent by two taps on the very same spot, so many milliseconds apart.

    The desk itself is not told.
    """
    sent: list[str] = []

    def told(route) -> None:
        if route.request.method == "GET":
            return route.continue_()
        sent.append(route.request.url)
        return route.abort()

    page.route(re.compile(r"/review/|/tickets/"), told)
    spot = middle(page, selector)
    for _tap in range(2):
        page.touchscreen.tap(*spot)
        page.wait_for_timeout(pause)
    page.wait_for_timeout(200)
    page.unroute(re.compile(r"/review/|/tickets/"), told)
    return sent


@pytest.mark.parametrize("menu", [False, True])
def test_two_quick_taps_at_one_spot_of_the_bar_send_only_what_the_first_one_was_on(
    reviewer, stack, menu
):
    draft = a_review(stack, f"thumb_twice_{menu:d}")
    page = reviewer.page

    def opened() -> list[str]:
        reviewer.open(f"/review/{draft['id']}/")
        reviewer.reads()
        if menu:
            page.touchscreen.tap(*middle(page, ".decide__dots"))
            page.locator(".decide > .decide__more").locator("visible=true").first.wait_for()
            # Longer than the quiet half second: from here on each may be pressed
            page.wait_for_timeout(600)
        return acting(page)

    number = len(opened())
    assert number == (7 if menu else 3)
    for one in range(number):
        for pause in (20, 250):
            selector = opened()[one]
            signs = page.locator(selector).evaluate(
                "(one) => Boolean(one.closest('form.decide__main'))"
            )
            sent = taps_twice(page, stack, selector, pause)
            assert [
                url
                for url in sent
                if not (signs and url.endswith(f"/review/{draft['id']}/approve/"))
            ] == [], (selector, pause)
    assert standing(stack, draft) == ["in_review"]


# On the pages that come the half second never ends: for the scripts, without the style sheet's
# share of it.
SCRIPTS_ALONE = """performance.now = () => 1000;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.decide * { animation: none !important; }');
    addEventListener('DOMContentLoaded', () => document.adoptedStyleSheets.push(sheet));"""


def taps_again(by, page, spot, signs):
    """Tap where the button was; return what is sent."""
    later: list[str] = []
    page.on(
        "request", lambda request: later.append(request.url) if signs.search(request.url) else None
    )
    page.route(signs, lambda route: route.abort())
    page.locator(
        "body[data-decidable]:not([data-unread])" if by == "scripts" else ".decide__main"
    ).wait_for()
    for _tap in range(3):
        page.touchscreen.tap(*spot)
    return later


@pytest.mark.parametrize("by", ["scripts", "style sheet"])
def test_a_second_tap_does_not_sign_the_review_that_comes_next(reviewer, stack, by):
    """Nor while the next page's scripts are still on their way: each of the two holds alone."""
    drafts = [a_review(stack, f"onward_{by[:2]}_{n}") for n in ("one", "two")]
    page = reviewer.page
    reviewer.open(f"/review/{drafts[0]['id']}/")
    reviewer.reads()
    spot = middle(page, ".decide__main button")
    line = page.context.new_cdp_session(page)
    if by == "scripts":
        page.add_init_script(SCRIPTS_ALONE)
    else:
        page.route(re.compile(r"\.js$"), lambda route: route.abort())
        line.send("Animation.enable")
        line.send("Animation.setPlaybackRate", {"playbackRate": 0})
    with page.expect_navigation(wait_until="commit"):
        page.touchscreen.tap(*spot)
    signs = re.compile(r"/review/\d+/approve/$")
    later = taps_again(by, page, spot, signs)
    page.wait_for_timeout(300)
    assert later == []
    wait_until(
        lambda: standing(stack, drafts[0])[0] in {"approved", "posted"},
        30,
        "the one that was meant",
        stack.logs,
    )
    assert standing(stack, drafts[1]) == ["in_review"]
    if by == "scripts":
        page.evaluate("delete performance.now")
    else:
        line.send("Animation.setPlaybackRate", {"playbackRate": 1})
        page.wait_for_timeout(700)
        reviewer.faults.clear()  # the scripts that were kept from it
    with page.expect_request(signs):  # and then it is a button
        page.touchscreen.tap(*spot)


def test_what_has_just_appeared_is_not_pressed_by_finger_mouse_or_key(reviewer, stack):
    draft = a_review(stack, "thumb_early")
    page = reviewer.page
    reviewer.open(f"/review/{draft['id']}/")
    reviewer.reads()
    page.evaluate("""() => {
        const form = document.querySelector('form.decide__main');
        const next = form.nextSibling;
        form.remove();
        next.parentNode.insertBefore(form, next);
        form.style.translate = '0 -80px';
    }""")
    page.evaluate("document.querySelector('form.decide__main button').click()")
    page.touchscreen.tap(*middle(page, "form.decide__main button"))
    page.mouse.click(*middle(page, "form.decide__main button"))
    assert standing(stack, draft) == ["in_review"]
    page.wait_for_timeout(700)
    page.touchscreen.tap(*middle(page, "form.decide__main button"))
    wait_until(
        lambda: standing(stack, draft)[0] in {"approved", "posted"}, 10, "one tap later", stack.logs
    )


def submits_a_long_reply(at_a_ticket, page):
    """Write a long reply with a picture, and submit it."""
    page.locator("#reply-text").fill(LONG)
    page.locator("[data-saved-at]", has_text="Saved").wait_for()
    page.locator("input[type=file]").set_input_files(
        {
            "name": "light.png",
            "mimeType": "image/png",
            "buffer": a_picture("orange", size=(600, 900)),
        }
    )
    page.locator("[data-picture] textarea").fill("The light at the front is orange.")
    page.locator("#reply-text").press("Control+Enter")
    at_a_ticket.sees("Submitted to")


def test_a_long_reply_with_a_picture_is_signed_only_when_its_end_was_in_view(
    at_a_ticket, reviewer, stack
):
    page = at_a_ticket.page
    submits_a_long_reply(at_a_ticket, page)
    draft = next(
        one
        for one in stack.call("rita", "drafts/?status=in_review", method="GET")[1]["results"]
        if one["ticket"] == at_a_ticket.number
    )
    reviewer.open(f"/review/{draft['id']}/")
    button = reviewer.page.locator(".decide__main button")
    reviewer.page.locator("body[data-decidable][data-unread]").wait_for()
    assert button.inner_text().strip() == "Read to the end"
    reviewer.page.keyboard.press("a")
    reviewer.page.locator("body[data-decidable]:not([data-unread])").wait_for()
    assert button.inner_text().strip() == "Approve and sign"
    end, bar = (
        reviewer.page.locator("[data-words-end]").bounding_box(),
        reviewer.page.locator(".decide").bounding_box(),
    )
    assert 0 <= end["y"] <= bar["y"]
    assert standing(stack, draft) == ["in_review"]
    reviewer.page.reload()
    reviewer.page.locator("body[data-decidable][data-unread]").wait_for()
    reviewer.page.touchscreen.tap(*middle(reviewer.page, ".decide__main button"))
    reviewer.page.touchscreen.tap(*middle(reviewer.page, ".decide__main button"))
    reviewer.page.locator("body[data-decidable]:not([data-unread])").wait_for()
    assert standing(stack, draft) == ["in_review"]
    reviewer.page.touchscreen.tap(*middle(reviewer.page, ".decide__main button"))
    wait_until(
        lambda: standing(stack, draft)[0] in {"approved", "posted"},
        10,
        "read and signed",
        stack.logs,
    )


def test_the_tools_of_a_reply_are_one_row_and_a_picture_moves_no_words(person, stack):
    stack.x.says("thumb_tools", "@AmselnetzHilfe which of the lights?")
    aylin = person("aylin", **TELEPHONE)
    aylin.open(f"/tickets/{stack.ticket_of('thumb_tools')['number']}/")
    page = aylin.page
    tools = [".pictures__foot label", ".slip__foot .pair", ".slip__foot .ring"]
    boxes = [page.locator(f"#composer {one}").bounding_box() for one in tools]
    for one, other in itertools.pairwise(boxes):
        assert one["x"] + one["width"] <= other["x"]
        assert one["y"] < other["y"] + other["height"] / 2 < one["y"] + boxes[0]["height"]
    assert boxes[0]["width"] >= 44
    assert boxes[0]["height"] >= 44
    before = page.locator("#reply-text").bounding_box()
    name = page.get_by_label("Add a picture")
    light = {"name": "light.png", "mimeType": "image/png", "buffer": a_picture("orange")}
    name.set_input_files(light)
    page.locator("[data-says]", has_text="Now say what it shows").wait_for()
    assert page.locator("#reply-text").bounding_box() == before
