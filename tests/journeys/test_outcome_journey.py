"""How a customer left, said by one more key while resolving.

What the people do and see:
- Aylin resolves with D and a digit as ever; nothing is recorded.
- With Shift and a digit on the way she says how the customer left: at the open ticket,
  at a row, and for several at once. It is one request all the same.
- She undoes it; what she said no longer counts.
"""

import pytest

from tests.journeys.test_menus_by_keys import Requests, becomes, in_the_inbox, in_the_list
from tests.journeys.test_undo_journey import undoes

pytestmark = pytest.mark.browser
__all__ = ["in_the_inbox"]
FIRST_REASON = "document.activeElement.value"
RECORDED = """
SELECT outcome.value, taken.id IS NOT NULL
FROM tickets_outcome AS outcome
JOIN tickets_ticket AS ticket ON ticket.id = outcome.ticket_id
LEFT JOIN tickets_outcome AS taken ON taken.undoes_id = outcome.id
WHERE ticket.number = %s AND outcome.undoes_id IS NULL
ORDER BY outcome.id"""


def resolved(stack, number: int) -> list[tuple[str, bool]]:
    """Wait until the ticket is resolved; what was said of it, and whether that was taken back."""
    becomes(stack, number, "status", lambda status: status == "resolved")
    return stack.rows(RECORDED, number)


def test_resolving_as_ever_records_nothing(at_a_ticket, stack):
    at_a_ticket.page.keyboard.press("d")
    at_a_ticket.page.keyboard.press("1")
    assert resolved(stack, at_a_ticket.number) == []


def test_shift_and_a_digit_say_how_the_customer_left_in_the_same_request(at_a_ticket, stack):
    page = at_a_ticket.page
    page.keyboard.press("d")
    seen = Requests(page)
    page.keyboard.press("Shift+Digit3")
    assert page.locator("details[open] [name=outcome]:checked").get_attribute("value") == (
        "not_content"
    )
    assert page.evaluate(FIRST_REASON) == "done"
    page.keyboard.press("2")
    assert resolved(stack, at_a_ticket.number) == [("not_content", False)]
    page.evaluate("0")  # requests are told with the browser's next answer
    assert len([one for one in seen if one.startswith("POST")]) == 1


def test_within_the_second_step_digits_and_arrows_choose_and_enter_resolves(at_a_ticket, stack):
    page = at_a_ticket.page
    page.keyboard.press("d")
    page.locator("details[open] [name=outcome]:checked").focus()
    page.keyboard.press("2")
    assert page.evaluate(FIRST_REASON) == "done"
    page.keyboard.press("Enter")
    assert resolved(stack, at_a_ticket.number) == [("neutral", False)]


def test_what_was_said_is_undone_with_the_resolving(at_a_ticket, stack):
    page = at_a_ticket.page
    for key in ("d", "Shift+Digit1", "1"):
        page.keyboard.press(key)
    assert resolved(stack, at_a_ticket.number) == [("content", False)]
    undoes(at_a_ticket)
    becomes(stack, at_a_ticket.number, "status", lambda status: status != "resolved")
    assert stack.rows(RECORDED, at_a_ticket.number) == [("content", True)]


def test_a_row_says_nothing_unless_asked_and_several_say_the_same(in_the_inbox, stack):
    page, numbers = in_the_inbox.page, in_the_inbox.numbers
    in_the_list(page, numbers[0])
    page.keyboard.press("d")
    page.keyboard.press("1")
    assert resolved(stack, numbers[0]) == []
    in_the_inbox.open("/inbox/?tab=open")
    in_the_list(page, numbers[1])
    for key in ("x", "d", "Shift+Digit4", "1"):
        page.keyboard.press(key)
    assert resolved(stack, numbers[1]) == [("no_sign", False)]
