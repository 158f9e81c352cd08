"""An open ticket on a slow line.

Whatever changes while a pane is being fetched is on the screen in the end.

What the people do and see:
- Aylin has a ticket open beside the list. The desk answers slowly: both panes are still
  being fetched when the customer writes once more. When the answers arrive, the last
  words of the customer stand there too.
- The desk fails for a moment. No error page takes the place of the conversation; a
  little later the news is there by itself.
"""

import re

import pytest

from tests.stack import wait_until

pytestmark = pytest.mark.browser


class SlowLine:
    """The line of one page.

    Answers are made at once, as the desk stands then, but arrive only when they are let go.
    """

    def __init__(self, page) -> None:
        self.page, self.held, self.slow = page, [], True
        page.route(re.compile(r"/inbox/list/|/tickets/\d+/conversation/"), self.hold)

    def hold(self, route) -> None:
        """Keep the answer back."""
        answer = route.fetch()
        if self.slow:
            self.held.append((route, answer))
        else:
            route.fulfill(response=answer)

    def until_held(self, pane: str) -> None:
        """Wait until the answer for this pane is under way."""

        def look() -> bool:
            self.page.wait_for_timeout(50)
            return any(pane in route.request.url for route, _answer in self.held)

        wait_until(look, 30, f"the answer for {pane} is under way")

    def let_go(self, pane: str = "") -> None:
        """The answers for this pane arrive."""
        for one in [one for one in self.held if pane in one[0].request.url]:
            self.held.remove(one)
            one[0].fulfill(response=one[1])


def test_what_happens_while_both_panes_are_being_fetched_is_shown_in_the_end(at_a_ticket, stack):
    aylin = at_a_ticket
    aylin.page.locator("body[data-connection=live]").wait_for()
    asked = int(stack.ticket_of(aylin.customer)["conversation_id"])
    line = SlowLine(aylin.page)
    for words in ("first addition", "second addition", "last addition"):
        stack.x.says(aylin.customer, f"@AmselnetzHilfe {words}", reply_to=asked)
        stack.ticket_of(aylin.customer, text=words, within=30)
        if words == "first addition":
            line.until_held("list")
            # Both have been asked for, one perhaps waits in the browser
            aylin.page.wait_for_timeout(1000)
            line.let_go("list")
            line.until_held("conversation")
    aylin.page.wait_for_timeout(1000)  # whatever the page makes of the news, it has made
    line.slow = False
    line.let_go()
    aylin.page.locator("#conversation", has_text="last addition").wait_for()
    aylin.page.locator("#list", has_text="last addition").wait_for()


def test_a_desk_that_fails_for_a_moment_puts_no_error_page_into_the_conversation(
    at_a_ticket, stack
):
    aylin, failures = at_a_ticket, []

    def fail(route) -> None:
        failures.append(route.request.url)
        if len(failures) < 3:
            route.fulfill(status=502, body="<h1>Bad gateway</h1>")
        elif len(failures) == 3:
            route.abort()
        else:
            route.continue_()

    aylin.page.locator("body[data-connection=live]").wait_for()
    aylin.page.route(re.compile(r"/tickets/\d+/conversation/"), fail)
    stack.x.says(
        aylin.customer,
        "@AmselnetzHilfe one more thing",
        reply_to=int(stack.ticket_of(aylin.customer)["conversation_id"]),
    )
    wait_until(
        lambda: aylin.page.wait_for_timeout(50) or len(failures) >= 2,
        60,
        "the desk has failed twice",
    )
    assert aylin.page.get_by_text("Bad gateway").count() == 0
    aylin.page.locator("#conversation", has_text="a question about my line").wait_for()
    aylin.page.locator("#conversation", has_text="one more thing").wait_for(timeout=60_000)
    assert len(failures) >= 4
