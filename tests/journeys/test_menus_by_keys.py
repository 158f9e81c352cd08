"""Menus by keys: few keys, and nothing that was not meant.

What the people do and see:
- Aylin opens a menu with its letter. The first thing to choose has the focus; arrows go
  through them, a digit takes one, letters narrow them down, Escape leads back to where
  she was.
- She gives a ticket to Bastian with P, two letters of his name and Enter.
- She tags with T, the beginning of a tag that is known, and Enter twice.
"""

import psycopg2
import pytest

from tests.stack import wait_until

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.textContent.trim()"


def field(stack, number: int, column: str):
    """One column of a ticket, as the database has it."""
    line = psycopg2.connect(stack.owner_dsn)
    with line, line.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM tickets_ticket WHERE number = %s", [number])
        (found,) = cursor.fetchone()
    line.close()
    return found


def becomes(stack, number: int, column: str, wanted) -> None:
    """Wait until a column of the ticket is so."""
    wait_until(lambda: wanted(field(stack, number, column)), 30, column, stack.logs)


def visible_choices(page) -> list[str]:
    """What can be chosen now."""
    return [
        one.inner_text().strip()
        for one in page.locator("details[open] [data-choices] > *").all()
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
