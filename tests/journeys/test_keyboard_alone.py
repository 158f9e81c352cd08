"""No mouse, no touch.

Whatever the desk is for can be done with the keys. (Answering and reviewing by keys
stands in `test_accessible`.)

What the people do and see:
- Lena's telephone has a keyboard today. G E brings the escalated drafts, Tab finds the
  row, Enter opens it, A signs; the reply is public.
- Max goes from the inbox to the guideline with keys, binds a check to paragraph 2,
  tries it, saves it and publishes.
- F6 goes round the panes, ? shows the keys, Escape closes them; the focus never gets
  lost on the way.
"""

import pytest

from tests.stack import wait_until

pytestmark = pytest.mark.browser
NAMED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return '';
  const names = [
    one.getAttribute('aria-label'),
    one.labels?.[0]?.innerText,
    one.matches('a, button, summary') ? one.innerText : '',
    one.value,
  ];
  return names.filter(Boolean).join(' ').trim();
}"""


def reach(page, words: str, most: int = 140) -> None:
    """Press Tab until what has the focus is named so. Fails where it cannot be reached."""
    on_the_way = []
    for _press in range(most):
        name = page.evaluate(NAMED)
        if words in name:
            return
        on_the_way.append(name[:30])
        page.keyboard.press("Tab")
    raise AssertionError(f"{words} cannot be reached by Tab; on the way: {on_the_way[-25:]}")


def test_the_lead_decides_on_a_telephone_with_keys(person, stack):
    stack.x.says("keys_lea", "@AmselnetzHilfe will you pay my broken vase?")
    number = stack.ticket_of("keys_lea")["number"]
    _status, draft = stack.call("aylin", f"tickets/{number}/drafts/")
    stack.call("aylin", f"tickets/{number}/escalate/", reason="A vase is new to me.")
    _status, draft = stack.call("aylin", f"drafts/{draft['id']}/", method="GET")
    status, _draft = stack.call(
        "aylin",
        f"drafts/{draft['id']}/submit/",
        text="Hello Lea, send us a picture of the vase by direct message.",
        context_version=draft["context_version"],
    )
    assert status == 200
    lena = person("lena", viewport={"width": 390, "height": 844})
    page = lena.page
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/lead/")
    reach(page, "picture of the vase")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/**")
    lena.sees("A vase is new to me.")
    lena.decides("a")
    wait_until(
        lambda: [
            one
            for one in stack.x.posted_by_desk(2400000001)
            if "picture of the vase by direct message. ^an" in one["text"]
        ],
        20,
        "the reply",
        stack.logs,
    )


def test_a_guideline_is_configured_with_keys(person, stack):
    boss = person("max")
    page = boss.page
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/guidelines/**")
    for words in ("Edit", "Add a check to paragraph 2", "Words to avoid"):
        reach(page, words)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    reach(page, "Hint")
    page.keyboard.press("ArrowDown")  # the radio buttons are one stop of Tab
    assert "Must be explained" in page.evaluate(NAMED)
    reach(page, "Words and phrases (English)")
    page.keyboard.type("candidly")
    reach(page, "A sentence")
    page.keyboard.type("Candidly, no.")
    reach(page, "Try it out")
    page.keyboard.press("Enter")
    page.locator(".tried mark", has_text="Candidly").wait_for()
    reach(page, "Save the check")
    page.keyboard.press("Enter")
    boss.sees("It applies only once the draft is published.")
    reach(page, "What is new, in one sentence")
    page.keyboard.type("Candour is for the telephone.")
    reach(page, "Publish")
    page.keyboard.press("Enter")
    boss.sees("is published and applies from now on.")


def test_f6_goes_round_the_panes_and_the_sheet_of_keys_opens_and_closes(person, stack):
    stack.x.says("keys_pan", "@AmselnetzHilfe three panes please")
    aylin = person("aylin")
    aylin.open(f"/tickets/{stack.ticket_of('keys_pan')['number']}/")
    page = aylin.page
    seen = []
    for _press in range(4):
        page.keyboard.press("F6")
        seen.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert set(seen) == {"Main", "Inbox", "Conversation", "Reply"}
    page.keyboard.press("?")
    page.locator("dialog[open]", has_text="Keys").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="hidden")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") == "reply-text"
