"""A wave: many write about one outage.

What the people do and see:
- Three customers write about one thing. Aylin chooses their tickets in the inbox with
  the keys, joins them to a new incident, and sees its wave as one line.
- Lena writes the incident's text once. Aylin opens one of the tickets: the reply is
  begun with it, for this very customer. She submits it.
- Bastian has the list open: he sees that Aylin looks at the ticket, and that she
  writes.
- Farida, whose queue is empty but for them, opens it and decides on ten plain drafts,
  one after the other, with one key each.
"""

import time

import pytest

pytestmark = pytest.mark.browser


def joins_them(tickets, aylin):
    """Choose the three tickets with the keys, and join them to a new incident."""
    aylin.open("/inbox/?q=Kranstedt+seven")
    aylin.page.keyboard.press("v")
    aylin.page.wait_for_url("**select=1**")
    for ticket in tickets:
        aylin.page.locator(f"input[name=number][value='{ticket['number']}']").focus()
        aylin.page.keyboard.press("Space")
    aylin.sees("3 chosen")
    aylin.page.locator("#several summary[data-key=b]").click()
    aylin.page.get_by_label("Name of a new incident").fill("Kranstedt is dark")
    aylin.page.locator("#several").get_by_role("button", name="Join").click()
    aylin.sees("3 tickets: joined to Kranstedt is dark.")
    aylin.sees("3 tickets: 0 answered, 0 in approval, 3 open")


def writes_its_text(lena):
    """Write the incident's text."""
    lena.open("/incidents/")
    lena.page.get_by_role("link", name="Kranstedt is dark").first.click()
    lena.page.get_by_role("link", name="Write its text").click()
    lena.page.get_by_label("Title").fill("Outage in Kranstedt")
    lena.page.get_by_label("English").check()
    lena.page.get_by_label("Text").fill(
        "Hi {customer}, we see the outage in Kranstedt, two teams are on site. News here every "
        "half hour."
    )
    lena.page.get_by_role("button", name="Save").click()
    lena.page.locator(".entry__words", has_text="two teams are on site").wait_for()


def test_three_tickets_become_an_incident_with_a_text_of_its_own(person, stack):
    names = [f"wave_{name}" for name in ("uma", "vic", "wes")]
    for name in names:
        stack.x.says(
            name, "@AmselnetzHilfe no network in Kranstedt since seven, nothing works here"
        )
    tickets = [stack.ticket_of(name) for name in names]
    aylin, lena, bastian = person("aylin"), person("lena"), person("bastian")

    joins_them(tickets, aylin)

    writes_its_text(lena)

    bastian.open("/inbox/?q=Kranstedt+seven")
    number = tickets[0]["number"]
    aylin.open(f"/tickets/{number}/")
    aylin.sees("Started from the text of the incident Kranstedt is dark.")
    assert (
        aylin.page.locator("#reply-text")
        .input_value()
        .startswith("Hi @wave_uma, we see the outage")
    )
    row = bastian.page.locator(f"a[data-row][href*='/tickets/{number}/'] .here")
    row.wait_for()
    assert "Aylin Nergiz is looking at it" in row.inner_text()
    aylin.page.locator("#reply-text").press_sequentially(" Sorry!", delay=40)
    bastian.page.locator(
        f"a[data-row][href*='/tickets/{number}/'] .here", has_text="Aylin Nergiz is writing"
    ).wait_for()


PLAIN = [
    "Please press the small button at the back of the box for ten seconds.",
    "Our shop in Kranstedt is open until eight this evening.",
    "You find the invoice under My contract, on the second page.",
    "A new card reaches you by letter; the old one works until then.",
    "Roaming is switched on again, restart the telephone once.",
    "That number belongs to our partner, they answer on weekdays.",
    "The film channel moved to place 214 of the list.",
    "Turn the router so that the three holes face the wall socket.",
    "We have written down your new address, nothing else is needed.",
    "The green light blinks while it updates; leave it alone for a while.",
]


def test_ten_plain_drafts_are_decided_with_ten_keys(person, stack):
    """Ten different ones: of equal texts every one but the first wants a second look."""
    names = [f"plain_{number}" for number in range(10)]
    for name in names:
        stack.x.says(name, f"@AmselnetzBiz a plain question, {name}")
    for name, text in zip(names, PLAIN, strict=True):
        ticket = stack.ticket_of(name)["number"]
        _status, made = stack.call("nele", f"tickets/{ticket}/drafts/", text=text)
        stack.call("nele", f"drafts/{made['id']}/submit/", text=text)
    farida = person("farida")
    farida.open("/review/?tab=decided")
    before = farida.page.locator("main tbody tr").count()
    farida.open("/review/")
    farida.page.keyboard.press("Enter")
    pressed = []
    for _decision in range(10):
        farida.page.locator("body[data-decidable] [data-review]").wait_for()
        pressed.append(farida.page.locator("[data-review]").get_attribute("data-seen"))
        address = farida.page.url
        farida.page.keyboard.press("a")
        deadline = time.monotonic() + 15
        while farida.page.url == address and time.monotonic() < deadline:
            farida.page.wait_for_timeout(50)
    assert len(set(pressed)) == 10
    farida.open("/review/?tab=decided")
    assert farida.page.locator("main tbody tr").count() == before + 10


def test_the_palette_finds_a_page_a_verb_and_words_by_the_keys_alone(person, stack):
    """Ctrl+K opens it, a few letters find a page.

    What is nowhere on the page is searched in the inbox. A decision is not in it.
    """
    rita = person("rita")
    page = rita.page

    def find(words: str) -> None:
        page.keyboard.press("Control+k")
        page.get_by_label("Find or do").first.wait_for()
        page.keyboard.type(words)
        page.keyboard.press("Enter")

    find("outb")
    page.wait_for_url("**/outbox/")
    find("no such verb here")
    page.wait_for_url("**/inbox/?q=no%20such%20verb%20here")
    rita.open("/review/next/")
    page.locator("[data-review]").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("approve")
    page.locator("#palette-hits li").filter(has_text="“approve”").wait_for()
    assert page.locator("#palette-hits li").all_inner_texts() == ["Search for “approve”"]
    page.keyboard.press("Escape")
    page.locator("dialog[data-palette]").wait_for(state="hidden")
