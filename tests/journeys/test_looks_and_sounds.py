"""What eye and ear get.

The gesture of signing, the two clicks, the printed page, high contrast, dense rows,
colleagues in the bar.

What the person does and sees stands in each test.
"""

import re

import pytest

from tests.stack import wait_until

pytestmark = pytest.mark.browser

EAR = """
  window.heard = [];
  const node = () => ({
    connect: (next) => next,
    start() {},
    stop() {},
    gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
    frequency: {
      setValueAtTime: (pitch) => window.heard.push(pitch),
      exponentialRampToValueAtTime() {},
    },
  });
  window.AudioContext = class {
    currentTime = 0;
    destination = {};
    createOscillator() { return node(); }
    createGain() { return node(); }
  };
"""


def a_reply_of(stack, who: str, customer: str) -> dict:
    """A reply of this person in review."""
    stack.x.says(customer, f"@AmselnetzHilfe {customer} asks")
    number = stack.ticket_of(customer)["number"]
    _status, draft = stack.call(who, f"tickets/{number}/drafts/")
    status, draft = stack.call(
        who,
        f"drafts/{draft['id']}/submit/",
        text=f"Hello {customer}, here you are.",
        context_version=draft["context_version"],
    )
    assert status == 200
    return draft


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_approving_writes_the_second_signature_and_makes_nobody_wait(person, stack, motion):
    draft = a_reply_of(stack, "aylin", f"gesture_{motion[:2]}")
    rita = person("rita", reduced_motion=motion)
    rita.open(f"/review/{draft['id']}/")
    rita.page.locator("body[data-decidable] [data-review]").wait_for()
    rita.page.evaluate(
        "document.querySelector('form[data-initials]').addEventListener('submit', (event) => "
        "event.preventDefault())"
    )
    rita.decides("a")
    line = rita.page.locator(".pair__line--signing")
    line.wait_for()
    assert line.inner_text() == "^rs"
    names = set(rita.page.evaluate("document.getAnimations().map((one) => one.animationName)")) & {
        "fold",
        "sign",
        "lift",
    }
    assert names == ({"fold", "sign", "lift"} if motion == "no-preference" else set())


def test_the_stamp_sounds_for_ones_own_reply_alone(person, stack):
    stack.x.says("sound_sue", "@AmselnetzHilfe sound_sue asks")
    number = stack.ticket_of("sound_sue")["number"]
    listening = []
    for who in ("bastian", "chiara"):
        one = person(who)
        one.context.add_init_script(EAR)
        one.open("/preferences/")
        one.page.get_by_label("A short click when a reply of mine was posted").check()
        one.page.get_by_role("button", name="Save").click()
        one.sees("Saved.")
        one.open(f"/tickets/{number}/")
        listening.append(one)
    bastian, chiara = listening
    bastian.page.locator("#reply-text").fill("Hello Sue, here you are.")
    bastian.page.locator("[data-saved-at]", has_text="Saved").wait_for()
    bastian.page.locator("#reply-text").press("Control+Enter")
    bastian.sees("Submitted to")
    draft = next(
        one
        for one in stack.call("rita", "drafts/?status=in_review", method="GET")[1]["results"]
        if one["ticket"] == number
    )
    stack.call(
        "rita",
        f"drafts/{draft['id']}/approve/",
        sha256=draft["revisions"][-1]["sha256"],
        context_version=draft["context_version"],
    )
    wait_until(
        lambda: bastian.page.evaluate("window.heard") == [420],
        30,
        "the stamp",
        lambda: str(bastian.page.evaluate("window.heard")),
    )
    assert chiara.page.evaluate("window.heard") == []


def test_the_evidence_is_printed_without_the_desk_around_it(person):
    lena = person("lena")
    lena.open("/evidence/1/")
    assert lena.page.locator(".bar").is_visible()
    lena.page.emulate_media(media="print", color_scheme="dark")
    assert not lena.page.locator(".bar").is_visible()
    assert lena.page.locator(".evidence").is_visible()
    paper = lena.page.evaluate("getComputedStyle(document.body).backgroundColor")
    # Nothing hides in a scrolling pane
    assert lena.page.locator(".evidence").evaluate(
        "page => page.scrollHeight <= document.documentElement.scrollHeight"
    )
    assert paper == lena.page.evaluate(
        "(() => { "
        "const one = document.createElement('i'); "
        "one.style.color = 'Canvas'; "
        "document.body.append(one); "
        "return getComputedStyle(one).color; })()"
    )
    printed = lena.page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) in {1, 2, 3}


def test_in_high_contrast_what_is_chosen_and_whose_turn_it_is_stay_visible(person, stack):
    stack.x.says("contrast_cy", "@AmselnetzHilfe contrast_cy asks")
    number = stack.ticket_of("contrast_cy")["number"]
    stack.call("aylin", f"tickets/{number}/take/")
    aylin = person("aylin", forced_colors="active")
    aylin.open(f"/tickets/{number}/")
    assert (
        aylin.page.locator(".bar__tab[aria-current]").evaluate(
            "tab => getComputedStyle(tab).outlineStyle"
        )
        == "solid"
    )
    row = aylin.page.locator(".row[aria-current]")
    assert row.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    highlight = aylin.page.evaluate(
        "(() => { "
        "const one = document.createElement('i'); "
        "one.style.color = 'Highlight'; "
        "document.body.append(one); "
        "return getComputedStyle(one).color; })()"
    )
    assert (
        aylin.page.locator(".row[data-yours]").first.evaluate(
            "one => getComputedStyle(one, '::before').backgroundColor"
        )
        == highlight
    )


def test_dense_rows_show_more_and_cut_nothing_off(person):
    tomasz = person("tomasz")
    tall = tomasz.page.locator(".row").first.bounding_box()["height"]
    tomasz.open("/preferences/")
    tomasz.page.get_by_label("Compact").check()
    tomasz.page.get_by_role("button", name="Save").click()
    tomasz.sees("Saved.")
    tomasz.open("/inbox/")
    row = tomasz.page.locator(".row").first
    assert row.bounding_box()["height"] <= 58 < tall
    assert row.evaluate(
        "one => [...one.querySelectorAll('.status, .row__name, .row__words')].every((part) => "
        "part.getBoundingClientRect().bottom <= one.getBoundingClientRect().bottom + 1)"
    )


def test_colleagues_at_the_desk_stand_in_the_bar(person):
    person("aylin"), person("bastian")
    lena = person("lena")

    def seen() -> bool:
        lena.page.reload()
        return {"Aylin Nergiz", "Bastian Vogt"} <= set(
            lena.page.locator("[data-colleagues] .unseen").all_inner_texts()
        )

    wait_until(
        seen,
        15,
        "Aylin and Bastian in the bar",
        lambda: lena.page.locator("[data-colleagues]").inner_html(),
    )
