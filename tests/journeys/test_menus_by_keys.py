"""Menus by keys: few keys, and nothing that was not meant.

What the people do and see:
- Aylin opens a menu with its letter. The first thing to choose has the focus; arrows go
  through them, a digit takes one, letters narrow them down, Escape leads back to where
  she was.
- She gives a ticket to Bastian with P, two letters of his name and Enter.
- She tags with T, the beginning of a tag that is known, and Enter twice.
"""

import pytest

from tests.stack import wait_until

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.textContent.trim()"
KEYS_OF = "all => all.map(one => (one.dataset.key ?? '').toUpperCase()).filter(Boolean)"


def field(stack, number: int, column: str):
    """One column of a ticket, as the database has it."""
    return stack.rows(f"SELECT {column} FROM tickets_ticket WHERE number = %s", number)[0][0]


def becomes(stack, number: int, column: str, wanted) -> None:
    """Wait until a column of the ticket is so."""
    wait_until(lambda: wanted(field(stack, number, column)), 30, column, stack.logs)


def visible_choices(page) -> list[str]:
    """What can be chosen now; how the customer left, said with Shift, is not narrowed down."""
    return [
        one.inner_text().strip()
        for one in page.locator("details[open] [data-choices='']:visible > *").all()
        if one.is_visible()
    ]


def test_a_menu_begins_at_its_first_choice_and_arrows_go_round(at_a_ticket):
    page = at_a_ticket.page
    page.keyboard.press("z")
    assert page.evaluate(FOCUSED) == "In an hour"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "In four hours"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED) == "In a week at 9 am"
    page.keyboard.press("Home")
    assert page.evaluate(FOCUSED) == "In an hour"


def test_a_digit_takes_the_choice_at_its_place(at_a_ticket, stack):
    at_a_ticket.page.keyboard.press("z")
    at_a_ticket.page.keyboard.press("3")
    becomes(stack, at_a_ticket.number, "snoozed_until", bool)


def test_letters_narrow_the_choices_down_and_enter_takes_the_first_that_is_left(at_a_ticket, stack):
    page = at_a_ticket.page
    page.keyboard.press("d")
    every = len(visible_choices(page))
    page.keyboard.type("sp")
    assert 0 < len(visible_choices(page)) < every
    page.keyboard.type("xyz")
    assert visible_choices(page) == []
    page.keyboard.press("Enter")
    assert field(stack, at_a_ticket.number, "status") == "new"
    for _letter in range(3):
        page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    becomes(stack, at_a_ticket.number, "status", lambda status: status == "resolved")


def test_a_digit_behind_letters_is_a_letter(at_a_ticket, stack):
    page = at_a_ticket.page
    page.keyboard.press("z")
    page.keyboard.type("in 1")
    assert page.evaluate("document.activeElement.value") == "in 1"
    assert field(stack, at_a_ticket.number, "snoozed_until") is None


def test_a_colleague_is_chosen_by_some_letters_of_the_name(at_a_ticket, stack):
    page = at_a_ticket.page
    page.keyboard.press("p")
    page.keyboard.type("ba")
    assert visible_choices(page) == ["Bastian Vogt"]
    page.keyboard.press("Enter")
    becomes(stack, at_a_ticket.number, "assignee_id", bool)
    at_a_ticket.sees("Assigned to Bastian Vogt.")


def test_a_department_is_chosen_and_then_asked_what_they_should_know(at_a_ticket, stack):
    page = at_a_ticket.page
    before = field(stack, at_a_ticket.number, "department_id")
    page.keyboard.press("h")
    page.keyboard.press("1")
    assert page.evaluate("document.activeElement.name") == "note"
    page.keyboard.type("He wants a new contract.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    becomes(stack, at_a_ticket.number, "department_id", lambda now: now != before)


def test_a_known_tag_is_found_by_its_beginning(at_a_ticket, person, stack):
    stack.x.says("tagged_before", "@AmselnetzHilfe my router")
    before = stack.ticket_of("tagged_before")["number"]
    status, _ticket = stack.call("aylin", f"tickets/{before}/tags/", tags=["quaint"])
    assert status == 200
    at_a_ticket.open(f"/tickets/{at_a_ticket.number}/")
    page = at_a_ticket.page
    page.keyboard.press("t")
    page.keyboard.type("q")
    page.get_by_role("option", name="quaint").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    becomes(stack, at_a_ticket.number, "tags", lambda tags: tags == ["quaint"])
    page.locator(".ticket__head .chip", has_text="quaint").wait_for()
    page.keyboard.press("t")
    page.keyboard.type("second")
    assert page.evaluate("document.activeElement.value") == "quaint, second"
    page.keyboard.press("Enter")
    becomes(stack, at_a_ticket.number, "tags", lambda tags: tags == ["quaint", "second"])


def test_escape_leads_back_to_where_one_was(at_a_ticket):
    page = at_a_ticket.page
    page.keyboard.press("F6")
    page.keyboard.press("F6")
    page.keyboard.press("F6")
    where = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert where == "Conversation"
    page.keyboard.press("z")
    page.keyboard.type("tom")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == where
    page.keyboard.press("z")
    assert len(visible_choices(page)) == 4


def in_the_list(page, number: int) -> None:
    """Bring the focus to the row of this ticket."""
    page.locator(f'#list a[data-number="{number}"]').focus()


class Requests(list):
    """Every request of a page that changes something, and every page that loads."""

    def __init__(self, page) -> None:
        super().__init__()
        page.on("request", self.note)

    def note(self, request) -> None:
        """Keep it, if it is one of these."""
        if request.method == "POST" or request.resource_type == "document":
            self.append(f"{request.method} {request.url}")


@pytest.fixture
def in_the_inbox(person, stack, request):
    """Aylin in the inbox with two new tickets; `numbers` are theirs."""
    aylin = person("aylin")
    aylin.numbers = []
    for one in "ab":
        name = f"row_{abs(hash(request.node.name)) % 10**8}{one}"
        stack.x.says(name, "@AmselnetzHilfe a question from a row")
        aylin.numbers.append(stack.ticket_of(name)["number"])
    aylin.open("/inbox/?tab=unassigned")
    return aylin


JOBS = [
    ("tag", ["t", "x", "Enter"], "tags", lambda tags: tags == ["x"]),
    ("assign", ["p", "b", "Enter"], "assignee_id", bool),
    ("take", ["m"], "assignee_id", bool),
    ("resolve", ["d", "1"], "status", lambda status: status == "resolved"),
]


def test_each_job_at_a_row_takes_at_most_four_keys_and_one_request(in_the_inbox, stack):
    page, number = in_the_inbox.page, in_the_inbox.numbers[0]
    for job, keys, column, done in JOBS:
        in_the_inbox.open("/inbox/?tab=open")
        in_the_list(page, number)
        seen = Requests(page)
        for key in keys:
            page.keyboard.press(key)
        becomes(stack, number, column, done)
        page.evaluate("0")  # requests are told with the browser's next answer
        assert len(keys) <= 4, job
        assert len(seen) == 1, (job, seen)
        page.remove_listener("request", seen.note)


def test_a_row_that_leaves_the_list_gives_the_focus_to_the_next(in_the_inbox, stack):
    page, number = in_the_inbox.page, in_the_inbox.numbers[0]
    in_the_list(page, number)
    page.keyboard.press("z")
    page.keyboard.press("1")
    becomes(stack, number, "snoozed_until", bool)
    page.locator(f'#list a[data-number="{number}"]').wait_for(state="detached")
    page.wait_for_function("() => document.activeElement.matches('[data-row]')")


def test_a_sentence_at_a_row_does_nothing(in_the_inbox, stack):
    page, number = in_the_inbox.page, in_the_inbox.numbers[0]
    columns = ("status", "tags", "snoozed_until", "department_id", "assignee_id", "incident_id")
    before = [field(stack, number, column) for column in columns]
    for key in "zhtdbp":
        in_the_list(page, number)
        page.keyboard.press(key)
        page.keyboard.type("the quick brown fox jumps over the lazy dog")
        page.keyboard.press("Escape")
        if page.locator("dialog[open]").count():
            page.keyboard.press("Escape")
        page.wait_for_function(
            "(number) => document.activeElement.dataset.number === number", arg=str(number)
        )
    assert [field(stack, number, column) for column in columns] == before


def test_r_at_a_row_opens_it_and_leads_to_the_reply(in_the_inbox):
    page, number = in_the_inbox.page, in_the_inbox.numbers[0]
    in_the_list(page, number)
    page.keyboard.press("r")
    page.wait_for_function("() => document.activeElement.id === 'reply-text'")
    assert f"/tickets/{number}/" in page.url


def test_the_palette_finds_a_customer_a_number_and_a_choice_of_a_menu(at_a_ticket, stack):
    page = at_a_ticket.page
    page.keyboard.press("Control+k")
    page.keyboard.type("snooze week")
    page.get_by_role("option", name="Snooze: In a week at 9 am").wait_for()
    assert page.locator("[data-palette] [aria-selected=true]").inner_text().startswith("Snooze:")
    page.keyboard.press("Enter")
    becomes(stack, at_a_ticket.number, "snoozed_until", bool)
    stack.x.says("rare_bird", "@AmselnetzHilfe a rare question", name="Rare Bird")
    number = stack.ticket_of("rare_bird")["number"]
    for typed in (str(number), "rare_bi"):
        page.keyboard.press("Control+k")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")  # before the answer: it is waited for
        page.locator("dialog[open]").wait_for(state="detached")
        page.locator(f'[data-number="{number}"], [data-looking="{number}"]').first.wait_for()


def test_the_palette_has_no_decision(person, stack):
    post = stack.x.says("no_decision", "@AmselnetzHilfe please decide")
    assert post
    number = stack.ticket_of("no_decision")["number"]
    _status, draft = stack.call("aylin", f"tickets/{number}/drafts/")
    stack.call(
        "aylin",
        f"drafts/{draft['id']}/submit/",
        text="Hello, we look into it.",
        context_version=draft["context_version"],
    )
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    decisions = set(rita.page.locator("[data-decision]").evaluate_all(KEYS_OF))
    assert decisions >= {"A", "C", "W", "E", "X"}
    for word in ("approve", "reject", "changes", "correct", "escalate"):
        rita.page.keyboard.press("Control+k")
        rita.page.keyboard.type(word)
        found = rita.page.locator("[data-palette]").get_by_role("option")
        found.filter(has_text=f"“{word}”").wait_for()  # the script is fetched when it is wanted
        assert not set(found.locator(".key").all_inner_texts()) & decisions
        rita.page.keyboard.press("Escape")
