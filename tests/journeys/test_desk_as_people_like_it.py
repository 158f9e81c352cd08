"""Small things one would miss.

Letters of one's own, a list that does not jump, views, colleagues named in a note, two
texts that become one, a customer who writes meanwhile.

What the person does and sees stands in each test.
"""

import pytest

from tests.stack import wait_until

pytestmark = pytest.mark.browser


def test_two_windows_texts_become_one(at_a_ticket):
    aylin = at_a_ticket
    aylin.page.locator("#reply-text").fill("Hello, we look into it.")
    aylin.page.locator("[data-saved-at]", has_text="Saved").wait_for()
    second = aylin.context.new_page()
    second.goto(aylin.page.url)
    with second.expect_response(lambda answer: answer.url.endswith("/draft/save/") and answer.ok):
        second.locator("#reply-text").fill("Hello, we look into it today.")
    aylin.page.locator("#reply-text").fill("Good morning, we look into it.")
    aylin.sees("This draft was changed in another window.")
    assert aylin.page.locator("[data-other-text]").inner_text() == "Hello, we look into it today."
    assert aylin.page.locator("[data-other-difference] del").all_inner_texts() != []
    aylin.page.get_by_role("button", name="Keep both texts").click()
    assert aylin.page.locator("#reply-text").input_value() == "Good morning, we look into it today."
    aylin.page.locator("[data-saved-at]", has_text="Saved").wait_for()
    second.reload()
    wait_until(
        lambda: (
            second.locator("#reply-text").input_value() == "Good morning, we look into it today."
        ),
        5,
        "both texts",
        lambda: "",
    )


def test_a_customer_who_writes_meanwhile_is_read_before_the_reply_goes_on(at_a_ticket, stack):
    aylin = at_a_ticket
    aylin.page.locator("#reply-text").fill("Hello, please unplug the router.")
    aylin.page.locator("[data-saved-at]", has_text="Saved").wait_for()
    first = next(
        line["post"]["id"]
        for line in stack.x.history()
        if line["what"] == "post.created"
        and "a question about my line" in line["post"]["text"]
        and line["post"]["author"]
        == stack.x.control("users", username=aylin.customer, name=aylin.customer)["id"]
    )
    stack.x.says(aylin.customer, "@AmselnetzHilfe it works again, thank you!", reply_to=first)
    aylin.sees("The customer wrote while you were writing.")
    assert "it works again" in aylin.page.locator("[data-wrote-words]").inner_text()
    aylin.page.locator("#reply-text").focus()
    aylin.page.keyboard.press("Control+Enter")
    aylin.page.wait_for_timeout(600)
    assert stack.call("aylin", f"tickets/{aylin.number}/", method="GET")[1]["status"] == "open"
    aylin.page.get_by_role("button", name="Read, go on").click()
    aylin.page.keyboard.press("Control+Enter")
    aylin.sees("Submitted to")


def test_a_colleague_is_named_in_a_note_with_a_few_letters(at_a_ticket, stack):
    aylin = at_a_ticket
    aylin.page.keyboard.press("i")
    note = aylin.page.locator("form[action$='/note/'] textarea")
    note.focus()
    note.press_sequentially("@bast")
    aylin.page.locator("#colleagues li[aria-selected=true]", has_text="Bastian Vogt").wait_for()
    aylin.page.keyboard.press("Enter")
    note.press_sequentially("please look")
    assert note.input_value() == "@bv please look"
    aylin.page.get_by_role("button", name="Save note").click()
    aylin.sees("@bv please look")


def test_letters_of_one_s_own_act_and_stand_on_the_buttons(person, stack):
    stack.x.says("letters_liv", "@AmselnetzHilfe letters please")
    number = stack.ticket_of("letters_liv")["number"]
    chiara = person("chiara")
    chiara.open("/preferences/")
    chiara.page.get_by_label("Take the ticket").fill("q")
    chiara.page.get_by_role("button", name="Save").click()
    chiara.sees("Saved.")
    chiara.open(f"/tickets/{number}/")
    chiara.page.get_by_role("button", name="Take Q").wait_for()
    chiara.page.keyboard.press("m")  # given away: it does nothing any more
    chiara.page.wait_for_timeout(300)
    assert stack.call("chiara", f"tickets/{number}/", method="GET")[1]["assignee"] is None
    chiara.page.keyboard.press("q")
    chiara.sees("The ticket is yours.")
    chiara.open("/preferences/")
    chiara.page.get_by_label("Single-letter shortcuts").uncheck()
    chiara.page.get_by_role("button", name="Save").click()
    chiara.sees("Saved.")
    chiara.open("/inbox/")
    for key in ("g", "p"):
        chiara.page.keyboard.press(key)
    chiara.page.wait_for_timeout(400)
    assert chiara.page.url.endswith("/inbox/")
    chiara.open("/preferences/")
    chiara.page.get_by_label("Single-letter shortcuts").check()
    chiara.page.get_by_label("Take the ticket").fill("m")
    chiara.page.get_by_role("button", name="Save").click()
    chiara.sees("Saved.")


def test_the_list_does_not_jump_under_the_cursor(person, stack):
    stack.x.says("calm_list", "@AmselnetzHilfe first of the list")
    stack.ticket_of("calm_list")
    tomasz = person("tomasz")
    tomasz.open("/inbox/?q=list")
    tomasz.page.locator("body[data-connection=live]").wait_for()
    tomasz.page.locator("a[data-row]").first.hover()
    before = tomasz.page.locator("a[data-row]").count()
    stack.x.says("calm_list_two", "@AmselnetzHilfe second of the list")
    stack.ticket_of("calm_list_two")
    tomasz.page.get_by_role("button", name="1 new, show").wait_for()
    assert tomasz.page.locator("a[data-row]").count() == before
    tomasz.page.get_by_role("button", name="1 new, show").click()
    tomasz.page.locator("a[data-row]", has_text="second of the list").wait_for()


def test_a_search_becomes_a_view_that_others_can_open(person, stack):
    stack.x.says("view_vi", "@AmselnetzHilfe Wallboxen please")
    stack.ticket_of("view_vi")
    rita = person("rita")
    rita.open("/inbox/?q=Wallboxen")
    rita.page.locator("summary", has_text="Filters").click()
    rita.page.get_by_label("Save this view as").fill("Wall boxes")
    rita.page.get_by_label("For whom").select_option(label="Customer Service")
    rita.page.get_by_role("button", name="Save view").click()
    rita.sees("Saved as Wall boxes.")
    aylin = person("aylin")
    aylin.page.get_by_role("link", name="Wall boxes").click()
    aylin.page.locator("a[data-row]", has_text="Wallboxen").wait_for()
    aylin.page.locator(".list__views [aria-current=page]").wait_for()


def test_panes_keep_the_width_somebody_gave_them(at_a_ticket):
    aylin = at_a_ticket
    page = aylin.page
    grip = page.get_by_role("separator", name="Width of the list")
    before = page.locator(".pane--list").bounding_box()["width"]
    place = grip.bounding_box()
    page.mouse.move(place["x"] + 4, place["y"] + 300)
    page.mouse.down()
    page.mouse.move(place["x"] + 64, place["y"] + 300, steps=4)
    page.mouse.up()
    assert abs(page.locator(".pane--list").bounding_box()["width"] - before - 60) < 3
    page.get_by_role("separator", name="Width of the reply").focus()
    page.keyboard.press("ArrowLeft")
    page.reload()
    page.locator("body[data-connection=live]").wait_for()
    assert abs(page.locator(".pane--list").bounding_box()["width"] - before - 60) < 3
    assert page.locator(".pane--reply").bounding_box()["width"] == 500
    grip.dblclick()
    assert page.locator(".pane--list").bounding_box()["width"] == before


def test_changes_are_asked_for_with_three_keys_and_cite_the_paragraph(at_a_ticket, person, stack):
    aylin = at_a_ticket
    aylin.page.locator("#reply-text").fill("Hello, that is how it is with three keys.")
    aylin.page.keyboard.press("Control+Enter")
    aylin.sees("Submitted to")
    rita = person("rita")
    rita.open("/review/")
    rita.page.locator("#queue a", has_text="with three keys").click()
    rita.decides("c")
    rita.page.keyboard.press("2")
    opened = rita.page.url
    rita.page.keyboard.press("Enter")
    rita.page.wait_for_url(lambda url: url != opened)
    aylin.open(f"/tickets/{aylin.number}/")
    aylin.sees("Rita Sommer asks for changes")
    aylin.sees("2 Courtesy and appreciation")


def test_a_page_that_stays_open_all_day_does_not_gather_listeners(at_a_ticket, stack):
    aylin = at_a_ticket
    aylin.page.locator("body[data-connection=live]").wait_for()
    wire = aylin.context.new_cdp_session(aylin.page)

    def listeners() -> int:
        found = wire.send(
            "Runtime.evaluate",
            {
                "expression": "Object.values(getEventListeners(document)).flat().length",
                "includeCommandLineAPI": True,
            },
        )
        return found["result"]["value"]

    before = listeners()
    for priority, shown in (("high", 1), ("normal", 0), ("high", 1)):
        stack.call("rita", f"tickets/{aylin.number}/priority/", priority=priority)
        chip = aylin.page.locator("#conversation .ticket__head .chip", has_text="High")
        wait_until(lambda wanted=shown, chip=chip: chip.count() == wanted, 15, priority, stack.logs)
    assert listeners() == before
