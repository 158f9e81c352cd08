"""Who types a sentence decides nothing with its letters.

What the people do and see:
- On every screen that has keys they press each of them, and go on with a sentence into
  what opens. The sentence stands in the field, and nothing was done.
- They do the same with the focus on the page's body, in a menu without a field, and
  while the next page is on its way.
- Escape closes what they opened, and the focus is where it was.
"""

import re

import pytest

from people.preferences.keyboard_shortcuts import LETTERS

pytestmark = pytest.mark.browser
PANGRAMS = (
    "the quick brown fox jumps over the lazy dog",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich",
)
AT_ONCE = set("asmu")  # these do what they say with the press itself
ELSEWHERE = set("nvjk")  # these open another page, or another ticket
# A reply is saved while it is typed
SHEET = [one for one in [*LETTERS, "?", "/", "1"] if one not in AT_ONCE | ELSEWHERE | {"r"}]
# What opens below these has a field for words; a menu and a choice of departments have none.
FIELDS = {
    "c": "textarea[name=comment]",
    "w": "textarea[name=text]",
    "x": "textarea[name=comment]",
    "e": "textarea[name=reason]",
    "i": "textarea[name=text]",
    "t": "input[name=tags]",
}
STATE = """
SELECT ticket.number, ticket.status, ticket.priority, ticket.tags::text, ticket.assignee_id,
ticket.department_id,
       ticket.snoozed_until, ticket.context_version,
       (SELECT count(*) FROM tickets_note AS note WHERE note.ticket_id = ticket.id),
       (
       SELECT count(*) FROM tickets_escalation AS escalation
       WHERE escalation.ticket_id = ticket.id),
       (
       SELECT string_agg(draft.status, ' ') FROM approvals_draft AS draft
       WHERE draft.ticket_id = ticket.id),
       (
       SELECT count(*) FROM approvals_revision AS revision
       JOIN approvals_draft AS draft ON draft.id = revision.draft_id
        LEFT
        JOIN approvals_review AS review ON review.revision_id = revision.id
        WHERE draft.ticket_id = ticket.id),
       (
       SELECT count(*) FROM approvals_review AS review
       JOIN approvals_revision AS revision ON revision.id = review.revision_id
        JOIN approvals_draft AS draft ON draft.id = revision.draft_id
        WHERE draft.ticket_id = ticket.id)
FROM tickets_ticket AS ticket WHERE ticket.number = ANY(%s) ORDER BY ticket.number"""


def state(stack, *numbers: int) -> list[tuple]:
    """Whatever a decision would change about these tickets."""
    found = stack.rows(STATE, list(numbers))
    assert len(found) == len(numbers)
    return found


def a_review(stack, name: str, text: str = "Hello, here you are with an answer.") -> dict:
    """A reply of Aylin's that waits."""
    post = stack.x.says(name, f"@AmselnetzHilfe {name} asks")
    number = stack.ticket_of(name)["number"]
    _status, draft = stack.call("aylin", f"tickets/{number}/drafts/")
    status, draft = stack.call(
        "aylin",
        f"drafts/{draft['id']}/submit/",
        text=text,
        context_version=draft["context_version"],
    )
    assert status == 200
    return draft | {"number": number, "post": post["id"]}


def settled(page) -> None:
    """The half second after a page was opened is over."""
    page.locator("body[data-connection=live]").wait_for()
    page.wait_for_function("() => document.body.dataset.decidable === ''")
    page.wait_for_timeout(600)  # a letter in the midst of typing is none of the desk's either


def typed_into(page) -> str:
    """What stands in the field that has the focus."""
    return page.evaluate("document.activeElement.value ?? ''")


OPENS = "document.querySelector('details[open]:not([data-stays]) form, dialog[open]') !== null"


def test_every_key_then_a_sentence_decides_nothing(person, stack):
    draft = a_review(stack, "pangram_ann")
    stack.x.says("pangram_new", "@AmselnetzHilfe nobody has answered yet")
    fresh = stack.ticket_of("pangram_new")["number"]
    screens = [
        ("rita", f"/review/{draft['id']}/"),
        ("aylin", f"/tickets/{fresh}/"),
        ("aylin", f"/tickets/{draft['number']}/"),
        ("aylin", "/inbox/"),
        ("aylin", "/inbox/?select=1"),
        ("rita", "/review/"),
        ("lena", "/lead/"),
        ("lena", "/outbox/"),
        ("aylin", "/notices/"),
    ]
    seats = {who: person(who) for who in ("rita", "aylin", "lena")}
    before = state(stack, draft["number"], fresh)
    typed = set()
    for who, path in screens:
        page = seats[who].page
        seats[who].open(path)
        settled(page)
        for key in SHEET:
            page.keyboard.press(key)
            opens = page.evaluate(OPENS)
            if not opens and not page.evaluate("document.activeElement.matches('input, textarea')"):
                continue  # this screen has no such key, or it moves in the list
            for pangram in PANGRAMS:
                page.keyboard.type(pangram)
                if opens and key in FIELDS:
                    assert typed_into(page).endswith(pangram), (path, key, typed_into(page))
                    typed.add(key)
            assert page.url.endswith(path), key
            seats[who].open(path)
            settled(page)
    assert typed == set(FIELDS)
    assert state(stack, draft["number"], fresh) == before


@pytest.mark.parametrize("key", ["c", "w", "x", "e"])
def test_with_the_focus_on_the_page_a_sentence_goes_into_the_open_form(person, stack, key):
    draft = a_review(stack, f"body_{key}")
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    before = state(stack, draft["number"])
    rita.decides(key)
    field = rita.page.locator(f".decide details[open] {FIELDS[key]}")
    field.wait_for()
    rita.page.evaluate("document.activeElement.blur()")
    rita.page.keyboard.type("say who helps")
    assert field.input_value().endswith("say who helps")
    rita.page.keyboard.press("Escape")
    assert rita.page.locator(".decide details[open]").count() == 0
    assert rita.page.evaluate("document.activeElement.dataset.key") == key
    assert state(stack, draft["number"]) == before


@pytest.mark.parametrize("key", ["z", "d", "h", "t", "p"])
def test_a_menu_takes_no_blank_of_a_sentence_for_a_choice_and_gives_the_focus_back(
    at_a_ticket, stack, key
):
    page = at_a_ticket.page
    settled(page)
    before = state(stack, at_a_ticket.number)
    page.keyboard.press(key)
    assert (
        page.evaluate(
            "document.activeElement.closest('details')?.querySelector('summary').dataset.key"
        )
        == key
    )
    page.keyboard.type(PANGRAMS[0])
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.key") == key
    assert page.locator(".ticket__head details[open]").count() == 0
    page.wait_for_timeout(300)
    assert page.url.endswith(f"/tickets/{at_a_ticket.number}/")
    assert state(stack, at_a_ticket.number) == before


def test_a_click_opens_with_the_focus_in_the_field_too(at_a_ticket):
    page = at_a_ticket.page
    page.locator("summary", has_text="Add a note").click()
    page.wait_for_function(
        "() => document.activeElement.matches('form[action$=\"/note/\"] textarea')"
    )


def test_letters_that_come_while_the_next_page_is_on_its_way_act_on_none(person, stack):
    first, second = a_review(stack, "onway_one"), a_review(stack, "onway_two")
    rita = person("rita")
    rita.open(f"/review/{first['id']}/")
    rita.reads()
    before = state(stack, first["number"], second["number"])
    rita.page.route(
        re.compile(r"/review/next/"),
        lambda route: (rita.page.wait_for_timeout(400), route.continue_()),
    )
    rita.page.keyboard.press("n")
    for _press in range(6):
        rita.page.keyboard.press("a")
    rita.page.wait_for_url(lambda url: not url.endswith(f"/review/{first['id']}/"))
    assert state(stack, first["number"], second["number"]) == before


def test_a_sentence_that_nobody_opened_a_field_for_approves_nothing(person, stack):
    draft = a_review(stack, "flow_one")
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    rita.reads()
    before = state(stack, draft["number"])
    rita.page.keyboard.type("Falsches Üben von Xylophonmusik quält jeden größeren Zwerg")
    rita.page.wait_for_timeout(500)
    assert state(stack, draft["number"]) == before


def test_a_reason_that_begins_with_a_digit_is_a_reason(person, stack):
    draft = a_review(stack, "digit_one")
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    before = state(stack, draft["number"])
    rita.decides("c")
    rita.page.keyboard.type("2 things are missing")
    assert (
        rita.page.locator(".decide details[open] textarea").input_value() == "2 things are missing"
    )
    assert state(stack, draft["number"]) == before
