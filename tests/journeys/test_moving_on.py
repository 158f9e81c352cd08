"""From ticket to ticket: the panes are swapped, the list keeps its place.

What the people do and see:
- Aylin opens a ticket from her list: one request, no list in it; the address is the
  ticket's, back and reload show what they should, and her focus is on the customer's
  name. J, K and the brackets go on from there; the next one was fetched ahead.
- What she had begun to write is there when she comes back, whoever was open meanwhile.
- The line, the presence and what counts as read follow the ticket that is open.
- After resolving the next one opens with the same request that resolved; a verb that
  stays gives the focus back; a refusal stands in its form.
- Without scripts the same row is a link to a whole page.
"""

import re

import pytest

from tests.stack import wait_until

pytestmark = pytest.mark.browser
FOCUS = "document.activeElement?.closest('[data-heading]')?.textContent.trim() ?? ''"
# A browser lays out a folded menu for whoever asks where something in it stands
MEASURED = """() => {
  window.measured = [];
  const measure = Element.prototype.getBoundingClientRect;
  Element.prototype.getBoundingClientRect = function () {
    const folded = this.closest("details:not([open]) > :not(summary)");
    window.measured.push(folded ? this.outerHTML : "seen");
    return measure.call(this);
  };
}"""
PANES = re.compile(r"/tickets/\d+/(\?|$)")


@pytest.fixture
def three(stack, request):
    """Numbers of three new tickets, the oldest first, and who wrote them."""
    mark = abs(hash(request.node.name)) % 10**6
    names = [f"mv{mark}_{place}" for place in ("one", "two", "six")]
    for name in names:
        stack.x.says(name, f"@AmselnetzHilfe {name} has a question", name=name.upper())
    return [(stack.ticket_of(name)["number"], name) for name in names]


@pytest.fixture
def aylin(person, stack):
    """Aylin at her inbox, with a list of what was asked for."""
    return person("aylin")


def at_list(aylin, three) -> list[str]:
    """Show the three tickets; their order in the list."""
    mark = three[0][1].rpartition("_")[0]
    aylin.open(f"/inbox/?q={mark}")
    aylin.page.locator("body[data-connection=live]").wait_for()
    rows = aylin.page.locator("#list a[data-row]")
    assert rows.count() == 3
    return [re.search(r"\d+", rows.nth(n).get_attribute("id"))[0] for n in range(3)]


def opened(aylin, number: str) -> None:
    """This ticket is open, and the list shows it."""
    page = aylin.page
    page.locator(f"[data-panes][data-looking='{number}']").wait_for()
    page.wait_for_url(f"**/tickets/{number}/**")
    assert page.locator("#list a[aria-current]").get_attribute("id") == f"row-{number}"
    assert page.evaluate(FOCUS)


def test_a_ticket_opens_by_swapping_its_panes_with_one_request(aylin, three):
    numbers, page = at_list(aylin, three), aylin.page
    page.evaluate("window.sameDocument = true")
    asked: list[str] = []
    page.on("request", lambda one: PANES.search(one.url) and asked.append(one.url))
    page.locator(f"#row-{numbers[0]}").click()
    opened(aylin, numbers[0])
    assert f"Ticket {numbers[0]}" in page.title()
    assert len([one for one in asked if f"/tickets/{numbers[0]}/" in one]) == 1
    assert page.locator("#reply-text").is_visible()
    page.keyboard.press("j")
    opened(aylin, numbers[1])
    page.keyboard.press("]")
    opened(aylin, numbers[2])
    page.keyboard.press("]")
    page.keyboard.press("[")
    opened(aylin, numbers[1])
    page.keyboard.press("k")
    opened(aylin, numbers[0])
    page.go_back()
    opened(aylin, numbers[1])
    page.go_forward()
    opened(aylin, numbers[0])
    assert page.evaluate("window.sameDocument") is True
    page.reload()
    opened_after_reload = page.locator("#list a[aria-current]").get_attribute("id")
    assert opened_after_reload == f"row-{numbers[0]}"
    assert page.locator("#list a[data-row]").count() == 3


def test_opening_a_ticket_measures_nothing_that_is_folded(aylin, three):
    numbers, page = at_list(aylin, three), aylin.page
    page.evaluate(MEASURED)
    page.locator(f"#row-{numbers[0]}").click()
    opened(aylin, numbers[0])
    page.wait_for_function("window.measured.length > 0")
    page.keyboard.press("j")
    opened(aylin, numbers[1])
    page.locator("body[data-decidable]").wait_for()
    assert [one for one in page.evaluate("window.measured") if one != "seen"] == []


def test_back_to_the_inbox_shows_the_list_with_nothing_open(aylin, three):
    numbers, page = at_list(aylin, three), aylin.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == f"row-{numbers[1]}"
    page.keyboard.press("Enter")
    opened(aylin, numbers[1])
    page.go_back()
    page.get_by_role("heading", name="Choose a ticket").wait_for()
    assert page.locator("#list a[aria-current]").count() == 0
    assert page.locator(".pane--reply").count() == 0
    assert page.evaluate(FOCUS) == "Choose a ticket"


def test_escape_leads_from_the_reply_to_the_ticket_and_on_to_its_row(aylin, three):
    numbers, page = at_list(aylin, three), aylin.page
    page.locator(f"#row-{numbers[1]}").click()
    opened(aylin, numbers[1])
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUS)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == f"row-{numbers[1]}"
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == f"row-{numbers[2]}"
    assert f"/tickets/{numbers[1]}/" in page.url


def test_words_are_there_again_after_moving_on_and_back(aylin, three, stack):
    numbers, page = at_list(aylin, three), aylin.page
    page.locator(f"#row-{numbers[0]}").click()
    opened(aylin, numbers[0])
    page.keyboard.press("i")
    page.keyboard.type("half a note")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("Hello, half an answer")
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    opened(aylin, numbers[1])
    assert page.locator("#reply-text").input_value() == ""
    assert page.locator("form[action$='/note/'] textarea").input_value() == ""
    page.keyboard.press("[")
    page.locator(f"[data-panes][data-looking='{numbers[0]}']").wait_for()
    assert page.locator("#reply-text").input_value() == "Hello, half an answer"
    assert page.locator("form[action$='/note/'] textarea").input_value() == "half a note"
    page.locator("form[action$='/note/'] textarea:focus").wait_for()
    assert page.locator("[data-other]").is_hidden()


def test_a_reply_that_could_not_be_saved_waits_in_this_browser(aylin, three):
    numbers, page = at_list(aylin, three), aylin.page
    page.locator(f"#row-{numbers[0]}").click()
    opened(aylin, numbers[0])
    page.route(re.compile("/draft/save/"), lambda route: route.abort())
    page.keyboard.press("r")
    page.keyboard.type("Hello, no line")
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    opened(aylin, numbers[1])
    page.unroute_all()
    page.keyboard.press("[")
    opened(aylin, numbers[0])
    assert page.locator("#reply-text").input_value() == "Hello, no line"
    wait_until(
        lambda: (
            page.wait_for_timeout(50) or "Saved" in page.locator("[data-saved-at]").inner_text()
        ),
        10,
        "the words are saved",
    )


def test_what_is_live_follows_the_ticket_that_is_open(aylin, three, person, stack):
    numbers, page = at_list(aylin, three), aylin.page
    first, second = (next(one for one in three if str(one[0]) == number) for number in numbers[:2])
    page.locator(f"#row-{first[0]}").click()
    opened(aylin, numbers[0])
    page.keyboard.press("]")
    opened(aylin, numbers[1])
    bastian = person("bastian")
    bastian.open(f"/tickets/{second[0]}/")
    bastian.page.locator(".ticket__head .here", has_text="Aylin Nergiz").wait_for()
    asked = int(stack.ticket_of(second[1])["conversation_id"])
    stack.x.says(second[1], "@AmselnetzHilfe and it smells", reply_to=asked)
    page.locator("#conversation", has_text="and it smells").wait_for()
    # What was fetched ahead before the customer wrote once more is not what opens
    third = next(one for one in three if str(one[0]) == numbers[2])
    asked = int(stack.ticket_of(third[1])["conversation_id"])
    stack.x.says(third[1], "@AmselnetzHilfe one more thing", reply_to=asked)
    page.locator("#list", has_text="one more thing").wait_for()
    page.keyboard.press("]")
    opened(aylin, numbers[2])
    page.locator("#conversation", has_text="one more thing").wait_for()
    # Read is what was opened, also what had been fetched ahead
    page.goto("about:blank")
    at_list(aylin, three)
    wait_until(
        lambda: page.reload() and page.locator("#list a[data-unread]").count() == 0,
        20,
        "all three are read",
    )


def test_nothing_listens_for_tickets_that_were_left(aylin, three):
    numbers, page = at_list(aylin, three), aylin.page
    page.add_init_script(
        """window.listening = 0;
        const add = EventTarget.prototype.addEventListener;
        EventTarget.prototype.addEventListener = function (name, what, how) {
          if (this === document || this === window) {
            window.listening += 1;
            how?.signal?.addEventListener('abort', () => { window.listening -= 1; });
          }
          return add.call(this, name, what, how);
        };"""
    )
    at_list(aylin, three)
    page.locator(f"#row-{numbers[0]}").click()
    opened(aylin, numbers[0])
    page.wait_for_timeout(700)
    before = page.evaluate("window.listening")
    for _round in range(3):
        for key, number in (("]", numbers[1]), ("[", numbers[0])):
            page.keyboard.press(key)
            opened(aylin, number)
    page.wait_for_timeout(700)
    assert page.evaluate("window.listening") == before


def test_after_resolving_the_next_ticket_opens_with_one_request(aylin, three, stack):
    numbers, page = at_list(aylin, three), aylin.page
    for number in numbers:
        stack.call("aylin", f"tickets/{number}/take/")
    page.locator(f"#row-{numbers[0]}").click()
    opened(aylin, numbers[0])
    page.wait_for_timeout(700)  # what is fetched ahead has come
    posted: list[str] = []
    page.on("request", lambda one: one.method == "POST" and posted.append(one.url))
    page.keyboard.press("d")
    page.keyboard.press("1")
    page.locator(f"[data-panes]:not([data-looking='{numbers[0]}'])").wait_for()
    aylin.sees("Resolved. A new post within a week opens the ticket again.")
    assert len(posted) == 1
    assert page.evaluate(FOCUS)
    assert f"/tickets/{numbers[0]}/" not in page.url
    assert stack.call("aylin", f"tickets/{numbers[0]}/", method="GET")[1]["status"] == "resolved"


def test_a_verb_that_stays_gives_the_focus_back_and_keeps_what_is_written(aylin, three, stack):
    numbers, page = at_list(aylin, three), aylin.page
    page.locator(f"#row-{numbers[0]}").click()
    opened(aylin, numbers[0])
    page.evaluate("window.sameDocument = true")
    page.keyboard.press("m")
    aylin.sees("The ticket is yours.")
    assert page.evaluate(FOCUS)
    page.keyboard.press("r")
    page.keyboard.type("Hello, begun")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.type("attic")
    page.keyboard.press("Enter")
    page.locator(".ticket__head .chip", has_text="attic").wait_for()
    page.locator("body:not([data-moving])").wait_for()  # the answer is here too, not the news alone
    assert page.evaluate("document.activeElement.dataset.key") == "t"
    assert page.locator("#reply-text").input_value() == "Hello, begun"
    assert page.evaluate("window.sameDocument") is True


def test_a_refusal_stands_in_its_form_with_the_words(aylin, three, stack):
    numbers, page = at_list(aylin, three), aylin.page
    page.locator(f"#row-{numbers[0]}").click()
    opened(aylin, numbers[0])
    page.keyboard.press("i")
    page.keyboard.type("  ")
    page.locator("form[action$='/note/'] button").click()
    page.locator("form[action$='/note/'] [data-refusal]").wait_for()
    assert page.locator("form[action$='/note/'] textarea").input_value() == "  "
    assert f"/tickets/{numbers[0]}/" in page.url


def test_a_refused_reply_leaves_the_address_as_it_was(aylin, three):
    numbers, page = at_list(aylin, three), aylin.page
    page.locator(f"#row-{numbers[0]}").click()
    opened(aylin, numbers[0])
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    page.locator("[data-refused]").wait_for()
    assert f"/tickets/{numbers[0]}/?q=" in page.url
    assert page.evaluate("document.activeElement.id") == "reply-text"


def test_without_scripts_a_row_is_a_link_to_a_whole_page(person, three):
    aylin = person("aylin", java_script_enabled=False)
    number = three[0][0]
    aylin.open(f"/inbox/?q={number}")
    aylin.page.locator("#list a[data-row]").click()
    aylin.page.wait_for_url(f"**/tickets/{number}/**")
    assert aylin.page.locator("#list a[aria-current]").count() == 1
    assert aylin.page.locator("#reply-text").is_visible()
