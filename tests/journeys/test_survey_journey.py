"""A customer answers the survey on a telephone, in German; before, a reply asks.

What the people do and see:
- Max lets the service ask everybody. At a German ticket Aylin finds the invitation among
  the saved replies; it stands in her reply with its link.
- The customer opens the link at 390 px: one question in German, five answers in words.
  Nothing scrolls sideways, no script runs and no cookie is set.
- They answer, and change it by the same link.
"""

import re

import pytest

from tests.journeys.test_accessible import LAYOUT, faults_of
from tests.stack import wait_until

pytestmark = pytest.mark.browser
QUESTION = "Haben wir Ihr Anliegen gelöst?"
ANSWERS = "SELECT value, text FROM satisfaction_answer ORDER BY id"


@pytest.fixture
def asking(person, stack):
    """The service asks everybody; it asks nobody afterwards."""
    [department] = stack.rows("SELECT id FROM people_department ORDER BY id LIMIT 1")

    def ask(rate: str) -> None:
        max_ = person("max")
        max_.open(f"/satisfaction/surveys/{department[0]}/")
        max_.page.get_by_label("Of a hundred tickets").fill(rate)
        max_.page.get_by_role("button", name="Save").click()
        max_.page.wait_for_url("**/satisfaction/")

    ask("100")
    yield
    ask("0")


def link_in_the_reply(aylin, number: int) -> str:
    """Put the invitation into the reply by the keys; the link in it."""
    aylin.open(f"/tickets/{number}/")
    aylin.page.keyboard.press("r")
    aylin.page.keyboard.type("/Anliegen")
    aylin.page.get_by_role("option", name=re.compile("Ask whether it is solved")).wait_for()
    aylin.page.keyboard.press("Enter")
    aylin.page.wait_for_function(
        "() => document.querySelector('#reply-text').value.includes('/s/')"
    )
    words = aylin.page.locator("#reply-text").input_value()
    assert words.startswith(QUESTION)
    return f"/s/{words.rstrip('/').rpartition('/')[2]}/"


def test_a_customer_answers_on_a_telephone_in_german(asking, person, stack, chromium):
    stack.x.says("survey_erna", "@AmselnetzHilfe mein Router blinkt rot", lang="de")
    number = stack.ticket_of("survey_erna")["number"]
    link = link_in_the_reply(person("aylin"), number)
    asked = "SELECT 1 FROM satisfaction_asking AS asking JOIN tickets_ticket AS ticket ON "
    asked += "ticket.id = asking.ticket_id WHERE ticket.number = %s"
    wait_until(lambda: stack.rows(asked, number), 30, "the link works", stack.logs)
    customer = person("", viewport={"width": 390, "height": 844}, locale="en-GB")
    page = customer.page
    customer.open(link)
    assert page.locator("h1").inner_text() == QUESTION
    assert page.locator("html").get_attribute("lang") == "de"
    assert faults_of(page) == []
    assert page.evaluate(LAYOUT) == []
    page.get_by_label("Teilweise").check()
    page.locator("textarea").fill("Erst beim zweiten Mal.")
    page.get_by_role("button", name="Antwort senden").click()
    customer.sees("Vielen Dank.")
    assert stack.rows(ANSWERS) == [(3, "Erst beim zweiten Mal.")]
    customer.open(link)
    page.get_by_label("Ja, vollständig").check()
    page.get_by_role("button", name="Antwort senden").click()
    customer.sees("Vielen Dank.")
    assert [value for value, _text in stack.rows(ANSWERS)] == [3, 5]
    assert page.locator("script").count() == 0
    assert customer.context.cookies() == []
    assert customer.faults == []
