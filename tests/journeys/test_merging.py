"""The same customer writes twice, and one reply answers both.

What the people do and see:
- Mira writes in two conversations. Aylin opens the newer ticket and merges the other one into it
  by the menu in its head, with the keyboard alone.
- The page shows the posts of both and names each conversation; the other ticket says where its
  posts are answered.
- Mira writes on in the merged conversation while Bastian looks at the ticket: he reads it there
  without reloading.
- U takes a merging back, and so does Unmerge on the other ticket's own page.
"""

import pytest

pytestmark = pytest.mark.browser

FIRST = "@AmselnetzHilfe my router is dead"
SECOND = "@AmselnetzHilfe hello? the router, still"


def merges_by_keys(one) -> None:
    """Open the menu in the head of the ticket and take its first choice."""
    menu = one.page.locator("details.menu", has=one.page.locator("[name=other]"))
    menu.locator("summary").focus()
    one.page.keyboard.press("Enter")
    menu.locator("[name=other]").first.wait_for()
    one.page.keyboard.press("Enter")


def test_who_wrote_twice_is_answered_once(person, stack):
    written = stack.x.says("merging_mira", FIRST)
    other = stack.ticket_of("merging_mira", text=FIRST)["number"]
    stack.x.says("merging_mira", SECOND)
    into = stack.ticket_of("merging_mira", text=SECOND)["number"]
    aylin = person("aylin")
    aylin.open(f"/tickets/{into}/")
    merges_by_keys(aylin)
    aylin.sees(f"Ticket {other} is merged into this one. One reply answers both.")
    talk = aylin.page.locator("#conversation")
    assert talk.locator("article.post").count() == 2
    assert talk.locator(".post__begins").count() == 2
    aylin.sees(f"In the conversation of ticket {other}, merged into this one")

    bastian = person("bastian")
    bastian.open(f"/tickets/{into}/")
    stack.x.says("merging_mira", "@AmselnetzHilfe it blinks now", reply_to=written["id"])
    bastian.sees("it blinks now")
    merged = stack.call("aylin", f"tickets/{other}/", method="GET")[1]
    assert (merged["status"], merged["merged_into"]) == ("resolved", into)
    assert stack.call("aylin", f"tickets/{into}/", method="GET")[1]["context_version"] == 3

    bastian.open(f"/tickets/{other}/")
    bastian.sees("This ticket is merged. Its posts are answered in")
    bastian.page.get_by_role("button", name="Unmerge").click()
    bastian.sees("Unmerged. The ticket is on its own again.")

    aylin.open(f"/tickets/{into}/")
    aylin.page.locator("#others ~ .timeline").get_by_role("button", name="Merge").click()
    aylin.sees("One reply answers both.")
    aylin.page.locator("[data-toasts] [data-key=u]").wait_for()
    aylin.page.locator("body[data-decidable]").wait_for()
    aylin.page.keyboard.press("u")
    aylin.sees("Undone. The ticket is as it was before.")
    assert stack.call("aylin", f"tickets/{other}/", method="GET")[1]["merged_into"] is None
