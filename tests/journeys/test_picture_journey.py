"""A picture says more: the way of a reply with pictures, from the clipboard to the public.

What the people do and see:
- Aylin copies a picture of the socket and pastes it into the reply. It appears below
  the words, with a field that waits for what it shows.
- She submits at once; the desk stops her with a sentence, her words and the picture
  still there. She describes it.
- She drops a second picture on the reply, thinks better of it, and takes it away again.
  A text file that she drops is refused with a sentence.
- In another browser the reply stands there with its picture and description. She
  submits.
- Rita sees picture and description as the public will, and signs.
- On the simulated X the picture stands below the reply, and a screen reader hears what
  it shows. The desk's conversation shows it too.
"""

import base64

import pytest

from tests.pictures import a_picture
from tests.stack import wait_until

pytestmark = pytest.mark.browser

GIVE = """([selector, kind, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type }));
  const given = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(given);
}"""


def give(
    someone,
    kind: str,
    data: bytes,
    *,
    name: str = "shot.png",
    type: str = "image/png",
    to: str = "#reply-text",
) -> None:
    """Paste or drop a file, as the browser tells a page of it."""
    someone.page.evaluate(GIVE, [to, kind, name, type, base64.b64encode(data).decode()])


def pastes_a_picture(aylin):
    """Write a reply and paste a picture; return the field for its description."""
    aylin.page.locator("#reply-text").fill("It goes into the orange socket, like this.")
    aylin.page.locator("[data-saved-at]", has_text="Saved").wait_for()
    give(aylin, "paste", a_picture("orange", size=(300, 200)))
    aylin.sees("Added. Now say what it shows.")
    description = aylin.page.get_by_label("What the picture shows")
    assert description.evaluate("field => field === document.activeElement")
    aylin.page.locator("[data-preview-pictures] img").wait_for()


def is_stopped_and_describes_it(aylin):
    """Submit too early, read why not, and describe the picture."""
    aylin.page.get_by_role("button", name="Submit for review").click()
    aylin.sees("A picture has no description yet.")
    assert (
        aylin.page.locator("#reply-text").input_value()
        == "It goes into the orange socket, like this."
    )
    with aylin.page.expect_response(
        lambda answer: answer.url.endswith("/draft/save/") and answer.ok
    ):
        aylin.page.get_by_label("What the picture shows").press_sequentially(
            "The orange socket at the back of the router"
        )


def thinks_better_of_a_second(aylin):
    """Drop a text file and a second picture, and take that away again."""
    give(aylin, "drop", b"just words", name="words.txt", type="text/plain", to="#composer")
    aylin.sees("This is not a picture.")
    give(aylin, "drop", a_picture("blue"), to="#composer")
    aylin.sees("Added. Now say what it shows.")
    assert aylin.page.locator("[data-picture] img").count() == 2
    aylin.page.get_by_role("button", name="Remove this picture").last.click()
    aylin.sees("Removed.")


def rita_signs(person, stack, number):
    """Find the reply and its picture in the review, and sign."""
    rita = person("rita")
    draft = next(
        one
        for one in stack.call("rita", "drafts/?status=in_review", method="GET")[1]["results"]
        if one["ticket"] == number
    )
    rita.open(f"/review/{draft['id']}/")
    shown = rita.page.locator("#review .slip .shown img")
    assert shown.get_attribute("alt") == "The orange socket at the back of the router"
    wait_until(
        lambda: shown.evaluate("image => image.naturalWidth") == 300,
        10,
        "the picture on the reviewer's screen",
    )
    rita.decides("a")
    rita.sees("Approved. The reply leaves in a few seconds")


def a_visitor_sees_it(person, stack, aylin, public):
    """See and hear the picture on the simulated X."""
    visitor = person("")
    visitor.page.goto(f"{stack.x.url}/post/{public[0]['id']}?lang=en")
    visitor.page.get_by_alt_text("The orange socket at the back of the router").wait_for()
    wait_until(
        lambda: stack.ticket_of(aylin.customer)["status"] == "answered",
        60,
        "the ticket is answered",
        stack.logs,
    )


def test_a_picture_is_pasted_described_signed_and_public(at_a_ticket, person, stack):
    aylin, number = at_a_ticket, at_a_ticket.number
    pastes_a_picture(aylin)

    is_stopped_and_describes_it(aylin)

    thinks_better_of_a_second(aylin)

    elsewhere = person("aylin")
    elsewhere.open(f"/tickets/{number}/")
    assert (
        elsewhere.page.get_by_label("What the picture shows").input_value()
        == "The orange socket at the back of the router"
    )
    elsewhere.page.locator("#reply-text").press("Control+Enter")
    elsewhere.sees("Submitted to")

    rita_signs(person, stack, number)

    account = 2400000001
    public = wait_until(
        lambda: [
            one
            for one in stack.x.posted_by_desk(account)
            if "into the orange socket" in one["text"]
        ],
        20,
        "the reply on X",
        stack.logs,
    )
    assert [one["alt_text"] for one in public[0]["media"]] == [
        "The orange socket at the back of the router"
    ]
    a_visitor_sees_it(person, stack, aylin, public)
    elsewhere.open(f"/tickets/{number}/")  # the next one had opened
    elsewhere.page.locator("#conversation .post--own .shown img").wait_for()


def test_without_scripts_a_picture_is_chosen_and_described(person, stack):
    stack.x.says("switch_sam", "@AmselnetzHilfe where is the switch?")
    number = stack.ticket_of("switch_sam")["number"]
    aylin = person("aylin", java_script_enabled=False)
    aylin.open(f"/tickets/{number}/")
    aylin.page.locator("#reply-text").fill("Here is the switch.")
    aylin.page.locator("input[type=file]").set_input_files(
        {"name": "switch.jpg", "mimeType": "image/jpeg", "buffer": a_picture("red", "JPEG")}
    )
    aylin.page.get_by_role("button", name="Add the chosen picture").click()
    assert aylin.page.locator("#reply-text").input_value() == "Here is the switch."
    aylin.page.get_by_label("What the picture shows").fill("The switch below the lamp")
    aylin.page.get_by_role("button", name="Submit for review").click()
    aylin.sees("Submitted to")
    aylin.open(f"/tickets/{number}/")
    assert (
        aylin.page.locator(".slip .shown img").get_attribute("alt") == "The switch below the lamp"
    )
