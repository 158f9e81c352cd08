"""What binds everybody, written in the desk and felt while writing.

What the people do and see:
- Max opens the guideline, binds a check to paragraph 2, tries it on a sentence and on
  what was really submitted, saves it, publishes.
- Aylin is asked to confirm the new version, reads what changed, confirms.
- She writes a text that breaks it: while she types the place is underlined and the
  paragraph stands beside it. She explains it and submits.
- Rita sees the finding, the paragraph and the explanation on the review screen, and
  approves.
- Somebody else got the same words before Rita decides on the second reply: the page
  says so as new, and she explains it.
- A text with an IBAN cannot be submitted; a text with a promise of money goes to the
  lead, and Aylin was told so before.
"""

import pytest

from tests.screens import said_again

pytestmark = pytest.mark.browser


def binds_a_check(boss):
    """Bind words to avoid to paragraph 2, try them, save and publish."""
    boss.open("/guidelines/company/")
    boss.page.get_by_role("link", name="Edit").click()
    boss.page.get_by_role("link", name="Add a check to paragraph 2").click()
    boss.page.get_by_role("link", name="Words to avoid").click()
    boss.page.get_by_label("Must be explained").check()
    boss.page.get_by_label("Words and phrases (English)").fill("frankly")
    boss.page.get_by_label("A sentence").fill("Frankly, no.")
    boss.page.get_by_role("button", name="Try it out").click()
    boss.page.locator(".tried mark", has_text="Frankly").wait_for()
    boss.sees("submitted texts it would have marked 0.")
    boss.page.get_by_role("button", name="Save the check").click()
    boss.sees("It applies only once the draft is published.")
    boss.page.get_by_label("What is new, in one sentence").fill("No frankness in public.")
    boss.page.get_by_role("button", name="Publish").click()
    boss.sees("is published and applies from now on.")


def explains_what_is_marked(ticket, aylin):
    """Confirm the new version, write what it marks, explain it, and submit."""
    aylin.open(f"/tickets/{ticket['number']}/")
    aylin.page.get_by_role("link", name="Read and confirm").click()
    aylin.sees("No frankness in public.")
    aylin.page.get_by_role("button", name="Confirm version").click()
    aylin.page.locator("#reply-text").fill("Hi Gus, frankly, restart the guideline router.")
    aylin.page.locator("[data-backdrop] mark", has_text="frankly").wait_for()
    aylin.page.locator(".finding", has_text="paragraph 2: Courtesy and appreciation").wait_for()
    aylin.page.locator(
        "[data-beside] details[open]", has_text="We greet in the first reply"
    ).wait_for()
    aylin.page.get_by_role("button", name="Submit for review").click()
    aylin.sees("Explain this finding in a sentence, or change the text.")
    aylin.page.get_by_label("Why it is right all the same").first.fill(
        "Gus asked for a frank word."
    )
    aylin.page.get_by_role("button", name="Submit for review").click()
    aylin.sees("Submitted to")


def test_a_check_is_bound_to_a_paragraph_and_works_from_the_first_letter_to_the_review(
    person, stack
):
    stack.x.says("journey_gus", "@AmselnetzHilfe my guideline journey begins here")
    ticket = stack.ticket_of("journey_gus")
    boss, aylin = person("max"), person("aylin")

    binds_a_check(boss)

    explains_what_is_marked(ticket, aylin)

    rita = person("rita")
    rita.open("/review/")
    rita.page.locator("#queue a", has_text="restart the guideline router").click()
    rita.sees("is better said differently here.")
    rita.sees("Gus asked for a frank word.")
    rita.decides("a")
    rita.sees("Approved. The reply leaves in a few seconds")


def test_an_iban_is_blocked_and_a_promise_of_money_goes_to_the_lead_who_was_named_before(
    person, stack
):
    stack.x.says("journey_ivy", "@AmselnetzHilfe my money journey begins here")
    ticket = stack.ticket_of("journey_ivy")
    bastian = person("bastian")
    bastian.open(f"/tickets/{ticket['number']}/")
    bastian.page.locator("#reply-text").fill("Hi Ivy, we pay to DE89 3704 0044 0532 0130 00.")
    bastian.page.locator(".finding[data-severity=blocks]", has_text="IBAN").wait_for()
    bastian.page.get_by_role("button", name="Submit for review").click()
    bastian.sees("One finding blocks this text")
    assert "DE89" in bastian.page.locator("#reply-text").input_value()
    bastian.page.locator("#reply-text").fill(
        "Hi Ivy, we will refund the month of your money journey."
    )
    bastian.page.get_by_text(
        "Because of paragraph 6 this reply goes to Lena Brandt"
    ).first.wait_for()
    bastian.page.locator("#reply-text").press("Control+Enter")
    bastian.sees("Submitted to Lena Brandt")
    lena = person("lena", viewport={"width": 390, "height": 844})
    lena.open("/lead/")
    lena.page.locator("#queue a", has_text="your money journey").click()
    lena.sees("No promises of money or dates")
    lena.reads()
    lena.page.get_by_role("button", name="Approve and sign").click()
    lena.sees("Approved. The reply leaves in a few seconds")


def test_a_saved_reply_is_found_by_a_slash_and_put_in_by_enter(person, stack):
    stack.x.says("journey_sam", "@AmselnetzHilfe my slash journey begins here")
    ticket = stack.ticket_of("journey_sam")
    aylin = person("aylin")
    aylin.open(f"/tickets/{ticket['number']}/")
    aylin.page.locator("#reply-text").press_sequentially("Hello! /unplug")
    aylin.page.locator("#saved-replies li", has_text="Restart the AN-Box").wait_for()
    aylin.page.locator("#reply-text").press("Enter")
    aylin.page.wait_for_function(
        "() => document.querySelector('#reply-text').value.startsWith('Hello! Hi @journey_sam, "
        "please unplug')"
    )


def test_of_two_equal_texts_the_second_reviewer_is_told_and_explains(person, stack):
    draft = said_again(
        stack,
        "mill_hill",
        "Hello, our mast on Mill Hill is out of order since noon. The "
        "spare part is on its way. Until then your mobile may find no net.",
    )
    rita = person("rita")
    rita.open(f"/review/{draft}/")
    rita.sees("New since it was submitted")
    rita.sees("Almost the same text went to @mill_hill_one today.")
    rita.decides("a")
    rita.sees("Since this text was submitted, there is a new finding")
    rita.page.locator(".new-findings").get_by_label("Why it is right all the same").fill(
        "Both live below Mill Hill."
    )
    # Out of the field: a letter there is a word
    rita.page.locator("h1").locator("visible=true").first.click()
    rita.decides("a")
    rita.sees("Approved. The reply leaves in a few seconds")
    kept = stack.call("rita", f"drafts/{draft}/", method="GET")[1]["revisions"][-1]["findings"]
    assert [(one["explanation"], one["since_submitted"]) for one in kept] == [
        ("Both live below Mill Hill.", True)
    ]
