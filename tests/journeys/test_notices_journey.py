"""Hearing of what concerns one, without looking at the desk all the time.

What the people do and see:
- Bastian has the desk open in a tab and has allowed notices on the desktop. Aylin names
  him in a note: a small sign comes up in his page, with a link to the ticket; the
  number at the bell rises.
- He looks at something else. She names him again: the notice comes on the desktop; the
  page kept listening.
- He opens the list of notices, sees both, follows one to the ticket. He chooses other
  ways and quiet hours, and finds them kept.
"""

import pytest

pytestmark = pytest.mark.browser

DESKTOP = """
window.shownOnDesktop = [];
window.Notification = class {
  constructor(title, given) {
    window.shownOnDesktop.push(given.body);
    document.documentElement.dataset.desktop = given.body;
  }
  addEventListener() {}
};
window.Notification.permission = "granted";
window.Notification.requestPermission = async () => "granted";
"""
HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def chooses_other_ways(bastian):
    """Choose no e-mail and quiet hours, and find them kept."""
    bastian.open("/notices/choices/")
    bastian.sees("This browser allows it.")
    bastian.page.get_by_label("A colleague names me in a note: By e-mail").uncheck()
    bastian.page.get_by_label("From").fill("22:00")
    bastian.page.get_by_label("Until").fill("07:00")
    bastian.page.get_by_label("Sunday").check()
    bastian.page.get_by_role("button", name="Save").click()
    bastian.sees("Saved.")
    assert not bastian.page.get_by_label("A colleague names me in a note: By e-mail").is_checked()
    assert bastian.page.get_by_label("Until").input_value() == "07:00"


def test_a_colleague_names_somebody_who_hears_of_it_in_the_page_and_on_the_desktop(person, stack):
    stack.x.says("notice_nora", "@AmselnetzHilfe who looks after me?")
    ticket = stack.ticket_of("notice_nora")
    aylin, bastian = person("aylin"), person("bastian")
    bastian.context.add_init_script(DESKTOP)
    bastian.open("/inbox/")
    bastian.page.locator("body:not([data-connection='lost'])").wait_for()

    def note(text: str) -> None:
        aylin.open(f"/tickets/{ticket['number']}/")
        aylin.page.locator("summary", has_text="Add a note").click()
        aylin.page.get_by_label("Internal note, never posted.").fill(text)
        aylin.page.get_by_role("button", name="Save note").click()
        aylin.sees(text)

    note("@bastian, do you know this one?")
    bastian.page.locator(
        ".toast--notice a", has_text=f"Ticket {ticket['number']}: Aylin Nergiz names you in a note."
    ).wait_for()
    assert int(bastian.page.locator("[data-bell-count]").inner_text()) >= 1

    bastian.page.evaluate(HIDE)
    note("@bv and now?")
    bastian.page.locator("html[data-desktop]").wait_for()
    assert bastian.page.evaluate("window.shownOnDesktop") == [
        f"Ticket {ticket['number']}: Aylin Nergiz names you in a note."
    ]

    bastian.open("/inbox/")
    bastian.page.keyboard.press("g")
    bastian.page.keyboard.press("n")
    bastian.page.wait_for_url("**/notices/")
    rows = bastian.page.locator(".notices a", has_text=f"Ticket {ticket['number']}")
    assert rows.count() == 2
    rows.first.click()
    bastian.page.wait_for_url(f"**/tickets/{ticket['number']}/")

    chooses_other_ways(bastian)
