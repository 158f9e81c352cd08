"""The first day.

From an empty desk to the first posted reply, with two people, by what the screens say
alone.

What the people do and see:
- Somebody opens the link that the command printed, says their name, chooses a password,
  and stands before the first steps.
- Step by step: the company, a department, the lead's role for herself, an invitation
  for a colleague, a guideline, an account. Each step ends where the next one is seen.
- The colleague opens the link, chooses a password, joins.
- A customer writes on the simulated X. The colleague answers, the administrator, who is
  also the lead, signs. The reply stands on X once.
"""

import pytest

from tests.journeys.conftest import leave
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser
GOOD = "four words nobody knows"


@pytest.fixture
def empty():
    """A desk in which nobody works yet."""
    running = Stack(demo=False)
    running.start()
    yield running
    running.stop()


def click(page, *names, role="link"):
    """Click what bears these names, one after the other."""
    for name in names:
        page.get_by_role(role, name=name, exact=True).first.click()


def choose(page, label, option):
    """Choose an option of the list under this label."""
    page.locator(".field").filter(has=page.get_by_text(label, exact=True)).locator(
        "select"
    ).first.select_option(label=option)


def the_administrator_joins(link, ada):
    """Open the link that the command printed, and join as Ada."""
    ada.goto(link)
    ada.get_by_label("Your name").fill("Ada Quist")
    ada.get_by_label("Initials").fill("aq")
    ada.get_by_label("User name").fill("ada")
    ada.locator("[name=password]").fill(GOOD)
    click(ada, "Join", role="button")
    ada.get_by_role("heading", name="First steps").wait_for()


def the_administrator_sets_up_the_company(ada):
    """Name the company, make a department, and take its lead's role."""
    click(ada, "Company")
    ada.get_by_label("Name").fill("Quist & Ode")
    click(ada, "Save", role="button")
    click(ada, "First steps", "New department")
    ada.get_by_label("Name (English)").fill("Care")
    click(ada, "Save", role="button")
    click(ada, "First steps", "My roles")
    choose(ada, "Role", "Department lead")
    choose(ada, "Department", "Care")
    click(ada, "Give the role", role="button")


def the_administrator_makes_it_ready(ada):
    """Invite Ben, publish the guideline, connect an account; return the invitation's link."""
    click(ada, "First steps", "Invite somebody")
    ada.get_by_label("Name", exact=True).fill("Ben Ode")
    ada.get_by_label("Initials").fill("bo")
    click(ada, "Invite", role="button")
    invited = ada.locator(".link-to-hand-over").inner_text()
    ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    click(ada, "Copy the link", role="button")
    ada.get_by_text("Copied.").wait_for()
    assert ada.evaluate("navigator.clipboard.readText()") == invited
    click(ada, "To the people", "First steps", "Write the guideline")
    ada.get_by_label("English").first.fill("## 1 Kind\n\nWe are kind, and we say who takes over.")
    ada.get_by_label("Deutsch").first.fill(
        "## 1 Freundlich\n\nWir sind freundlich und sagen, wer übernimmt."
    )
    click(ada, "Publish", role="button")
    click(ada, "First steps", "Connect an account")
    ada.get_by_label("Handle").fill("CareDesk")
    click(ada, "Connect", role="button")
    ada.get_by_text("@CareDesk is connected.").wait_for()
    return invited


def the_colleague_joins(ben, invited):
    """Open the invitation and join as Ben."""
    ben.goto(invited)
    ben.get_by_role("heading", name="Welcome, Ben Ode").wait_for()
    ben.get_by_text("invites you to the desk of Quist & Ode").wait_for()
    ben.get_by_label("User name").fill("ben")
    ben.locator("[name=password]").fill(GOOD)
    click(ben, "Join", role="button")


def the_colleague_answers(empty, ben, customer):
    """Let a customer ask, answer as Ben, and submit."""
    customer.goto(f"{empty.x.url}/?as=first_customer&lang=en")
    customer.locator("#text").fill("@CareDesk is anybody there?")
    customer.get_by_role("button", name="Call out").click()
    row = ben.locator(".row", has_text="is anybody there?")
    row.wait_for(timeout=30_000)
    row.click()
    ben.locator("#reply-text").fill("Hello! Yes, we are here for you.")
    ben.locator("[data-saved-at]", has_text="Saved").wait_for()
    click(ben, "Submit for review Ctrl ↵", role="button")
    ben.get_by_text("Submitted to Ada Quist").wait_for()


def the_administrator_signs(ada):
    """Read what Ben wrote, approve it and sign."""
    click(ada, "To the inbox")
    ada.get_by_role("link", name="Review").first.click()
    ada.locator("#queue a", has_text="we are here for you").click()
    ada.locator("body[data-decidable]:not([data-unread])").wait_for()
    ada.get_by_role("button", name="Approve and sign").click()
    ada.get_by_text("Approved. The reply leaves in a few seconds").wait_for()


def test_two_people_post_their_first_reply_on_the_first_day(empty, chromium):
    link = empty.manage("first_administrator").strip()
    pages = [chromium.new_context(locale="en-GB").new_page() for _person in range(3)]
    for page in pages:
        page.set_default_timeout(30_000)
    ada, ben, customer = pages
    the_administrator_joins(link, ada)

    the_administrator_sets_up_the_company(ada)
    invited = the_administrator_makes_it_ready(ada)

    the_colleague_joins(ben, invited)

    wait_until(
        lambda: any(
            one["username"] == "CareDesk" for one in empty.x.control("users", method="GET")
        ),
        20,
        "the account on the simulated X",
        empty.logs,
    )
    the_colleague_answers(empty, ben, customer)

    the_administrator_signs(ada)

    def posted():
        return [
            line["post"]["text"]
            for line in empty.x.history()
            if line["what"] == "post.created" and "we are here for you" in line["post"]["text"]
        ]

    assert wait_until(posted, 20, "the reply on X", empty.logs) == [
        "@first_customer Hello! Yes, we are here for you. ^bo"
    ]
    for page in pages:
        leave(page.context)
