"""The count below the reply is X's.

What the people do and see:
- Aylin types one text after the other, those of X's own conformance suite and random ones.
  The ring shows what the simulated X counts, initials included.
- She writes two ticker symbols and is told at once that X takes one; the sentence goes when she
  takes one out.
"""

import pytest
from playwright.sync_api import expect

from approvals.drafts.drafting import LONGEST_TYPED
from tests.xapi.replies import random_replies
from tests.xapi.suite import PARTS, SIMULATOR, cases

pytestmark = pytest.mark.browser
PATIENCE = 60_000


def writes(aylin, text: str) -> None:
    """Put a text into the field, and wait until the server has it."""
    with aylin.page.expect_response(
        lambda answer: answer.url.endswith("/draft/save/") and answer.ok, timeout=PATIENCE
    ):
        aylin.page.locator("#reply-text").fill(text)


def said_of(weight: int) -> str:
    """What the ring says of a weight."""
    left = 280 - weight
    if left < 0:
        return f"{-left} over"
    return f"{left} left" if left <= 20 else f"{weight} / 280"


def test_the_ring_counts_as_x_does(at_a_ticket):
    page = at_a_ticket.page
    suite = [
        case["text"] for name in PARTS if name.startswith("weights") for case in cases(PARTS[name])
    ]
    typed = [text for text in [*suite, *random_replies(8, seed=5)] if len(text) < LONGEST_TYPED]
    for text in typed:
        writes(at_a_ticket, text)
        weight = SIMULATOR.weight(f"{text.strip()} ^an")
        expect(page.locator("[data-ring] [data-count]")).to_have_text(
            said_of(weight), timeout=PATIENCE
        )
    assert len(typed) == 31  # one text of the suite is longer than what the desk keeps


def test_two_ticker_symbols_are_told_while_typing(at_a_ticket):
    told = at_a_ticket.page.locator("[data-would-refuse]")
    assert told.is_hidden()
    writes(at_a_ticket, "Our shares are $AMS and $TSLA today.")
    expect(told).to_contain_text("$AMS, $TSLA", timeout=PATIENCE)
    assert told.is_visible()
    writes(at_a_ticket, "Our share is $AMS today.")
    expect(told).to_be_hidden(timeout=PATIENCE)
