"""The main job: a customer writes, an agent answers, a colleague signs, the reply stands on X once.

What the people do and see:
- Aylin has the inbox open. A visitor writes on the simulated X as @journey_jo. Without
  a reload the ticket appears.
- Aylin opens it, types a reply (the count includes her initials), presses Ctrl+Enter.
- Rita has the review queue open; the draft appears without a reload. She opens it,
  reads, presses A.
- On the simulated X the reply stands under that very post, ends in ^an, once. The
  ticket says Answered.
- @journey_jo answers back: the ticket is the agent's turn again.
"""

import pytest

from tests.stack import wait_until

pytestmark = pytest.mark.browser


def calls_out(stack, visitor):
    """Write to us on the simulated X."""
    visitor.page.goto(f"{stack.x.url}/?as=journey_jo&lang=en")
    visitor.page.locator("#text").fill("@AmselnetzHilfe hello, the journey router blinks orange")
    visitor.page.get_by_role("button", name="Call out").click()


def answers(aylin):
    """Open the ticket that appeared, answer it, and submit."""
    row = aylin.page.locator(".row", has_text="the journey router blinks")
    row.wait_for()
    row.click()
    aylin.page.locator("#reply-text").fill("Hello Jo, unplug the router for 30 seconds, please.")
    aylin.page.get_by_text("55 / 280").wait_for()
    aylin.page.locator("[data-preview]", has_text="please. ^an").wait_for()
    aylin.page.locator("#reply-text").press("Control+Enter")
    aylin.sees("Submitted to")
    aylin.page.go_back()  # the next one had opened


def signs(rita):
    """Open the draft that appeared, read it, and sign it."""
    waiting = rita.page.locator("#queue a", has_text="unplug the router for 30")
    waiting.wait_for()
    waiting.click()
    rita.sees("The second line is yours.")
    rita.sees("the journey router blinks orange")
    rita.decides("a")
    rita.sees("Approved. The reply leaves in a few seconds")


def the_reply_stands_once(stack, aylin, visitor):
    """See the reply once on X and on both pages; return what stands on X."""
    asked = stack.ticket_of("journey_jo")
    replies = wait_until(
        lambda: [
            one
            for one in stack.x.posted_by_desk(2400000001)
            if "unplug the router for 30" in one["text"]
        ],
        15,
        "the reply on the simulated X",
        stack.logs,
    )
    assert len(replies) == 1
    assert (
        replies[0]["text"] == "@journey_jo Hello Jo, unplug the router for 30 seconds, please. ^an"
    )
    assert str(replies[0]["reply_to"]) == asked["conversation_id"]
    visitor.page.get_by_text("Arrived from the desk").first.wait_for()
    aylin.page.locator("#conversation .status", has_text="Answered").first.wait_for()
    aylin.page.locator("#conversation .post--own", has_text="@journey_jo Hello Jo").wait_for()
    return replies


def test_a_customer_is_answered_with_two_signatures_and_answers_back(person, stack):
    aylin, rita, visitor = person("aylin"), person("rita"), person("")
    rita.open("/review/")
    calls_out(stack, visitor)

    answers(aylin)

    signs(rita)

    replies = the_reply_stands_once(stack, aylin, visitor)

    stack.x.says("journey_jo", "That did it, thank you!", reply_to=replies[0]["id"])
    aylin.page.locator("#conversation", has_text="That did it, thank you!").wait_for()
    wait_until(
        lambda: stack.ticket_of("journey_jo")["status"] == "open", 8, "the agent's turn again"
    )
    assert (
        len(
            [
                one
                for one in stack.x.posted_by_desk(2400000001)
                if "unplug the router for 30" in one["text"]
            ]
        )
        == 1
    )


def submits_a_poor_answer(ticket, bastian):
    """Write an answer that helps nobody, and submit it."""
    bastian.open(f"/tickets/{ticket['number']}/")
    bastian.page.locator("#reply-text").fill("No idea, try again.")
    bastian.page.get_by_role("button", name="Submit for review").click()
    bastian.sees("Submitted to")


def asks_for_changes(rita):
    """Read the poor answer and ask for changes."""
    rita.open("/review/")
    rita.page.locator("#queue a", has_text="No idea, try again.").click()
    rita.decides("c")
    rita.page.locator("form[action$='request-changes/'] textarea").fill(
        "Please offer a first step."
    )
    rita.page.locator("form[action$='request-changes/'] button").click()


def answers_better_and_asks_the_lead(ticket, bastian):
    """Answer with a first step, submit, and send it to the lead."""
    bastian.open(f"/tickets/{ticket['number']}/")
    bastian.sees("Rita Sommer asks for changes")
    bastian.sees("Please offer a first step.")
    bastian.page.locator("#reply-text").fill("Hi Kim, please restart the router as a first step.")
    bastian.page.get_by_role("button", name="Submit for review").click()
    bastian.sees("Submitted to")
    bastian.open(f"/tickets/{ticket['number']}/")
    bastian.page.locator("summary", has_text="Send to the lead").click()
    bastian.page.locator("form[action$='/escalate/'] textarea").fill(
        "He has written to the press before."
    )
    bastian.page.locator("form[action$='/escalate/'] button").click()
    bastian.sees("With the lead now")


def test_changes_are_asked_for_then_the_lead_decides(person, stack):
    stack.x.says("journey_kim", "@AmselnetzHilfe my second way journey begins here")
    ticket = stack.ticket_of("journey_kim")
    bastian, rita, lena = (
        person("bastian"),
        person("rita"),
        person("lena", viewport={"width": 390, "height": 844}),
    )
    submits_a_poor_answer(ticket, bastian)

    asks_for_changes(rita)

    answers_better_and_asks_the_lead(ticket, bastian)

    lena.open("/lead/")
    lena.page.locator("#queue a", has_text="as a first step").click()
    lena.sees("He has written to the press before.")
    lena.page.locator(".diff ins", has_text="restart the router").wait_for()
    lena.reads()
    lena.page.get_by_role("button", name="Approve and sign").click()
    replies = wait_until(
        lambda: [
            one
            for one in stack.x.posted_by_desk(2400000001)
            if "as a first step. ^bv" in one["text"]
        ],
        15,
        "the lead's reply on X",
        stack.logs,
    )
    assert len(replies) == 1
    bastian.open(f"/tickets/{ticket['number']}/")
    bastian.sees("Ended with the posted reply.")


def test_a_reviewer_corrects_and_the_author_countersigns(person, stack):
    stack.x.says("journey_lou", "@AmselnetzHilfe my third way journey begins here")
    ticket = stack.ticket_of("journey_lou")
    chiara, tomasz = person("chiara"), person("tomasz")
    chiara.open(f"/tickets/{ticket['number']}/")
    chiara.page.locator("#reply-text").fill("Hello Lou, we will fix it tomorow.")
    chiara.page.get_by_role("button", name="Submit for review").click()
    chiara.sees("Submitted to")

    tomasz.open("/review/")
    tomasz.page.locator("#queue a", has_text="tomorow").click()
    tomasz.decides("w")
    tomasz.page.locator("form[action$='/correct/'] textarea").fill(
        "Hello Lou, we look into it now."
    )
    tomasz.page.locator("form[action$='/correct/'] button").click()
    tomasz.sees("You corrected this text, so these words are yours now.")

    chiara.open(f"/tickets/{ticket['number']}/")
    chiara.sees("Tomasz Zieliński corrected your text")
    chiara.page.get_by_role("link", name="Look and countersign").click()
    chiara.decides("s")
    replies = wait_until(
        lambda: [
            one
            for one in stack.x.posted_by_desk(2400000001)
            if one["text"].endswith("we look into it now. ^cl")
        ],
        15,
        "the corrected reply on X",
        stack.logs,
    )
    assert len(replies) == 1


def test_aylin_cannot_approve_her_own_words_under_a_second_sign_in(person, stack):
    stack.x.says("journey_mia", "@AmselnetzHilfe a question about two sign-ins")
    ticket = stack.ticket_of("journey_mia")
    _status, draft = stack.call(
        "aylin", f"tickets/{ticket['number']}/drafts/", text="One moment, please."
    )
    stack.call("aylin", f"drafts/{draft['id']}/submit/", text="One moment, please.")
    second = person("aylin.springer")
    second.open(f"/review/{draft['id']}/")
    second.sees("This text is yours, written under aylin.")
    assert second.page.get_by_role("button", name="Approve and sign").count() == 0
