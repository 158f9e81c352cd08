"""People at their browsers."""

import contextlib
import faulthandler
import os
import signal
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Error

# Of one test; every screen under axe takes some minutes on a busy machine
LONGEST_SECONDS = 1800 if os.environ.get("PARAPH_ALL_SCREENS") else 480


@pytest.fixture(autouse=True)
def nothing_stands_still():
    """Some calls to the browser have no time limit.

    After some minutes the browser is ended and the test says where it stood. It runs once
    more with another browser.
    """

    def end(*_signal) -> None:
        faulthandler.dump_traceback(sys.stderr)
        for driver in children_of(os.getpid()):
            for program in children_of(driver):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(program, signal.SIGKILL)

    former = signal.signal(signal.SIGALRM, end)
    signal.alarm(LONGEST_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, former)


def children_of(process: int) -> list[int]:
    """The browsers' driver, and the browsers it started."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            words = (path / "cmdline").read_text()
            if parent == process and ("playwright" in words or "chrom" in words):
                found.append(int(path.name))
    return found


def leave(context) -> None:
    """Close everything of a person.

    A page that listens to a stream while it is closed has stood still before, so it goes
    elsewhere first.
    """
    for page in context.pages:
        with contextlib.suppress(Error):
            page.goto("about:blank", timeout=15_000)
    for page in context.pages:
        # An answer that is still held back is nobody's any more
        page.unroute_all(behavior="ignoreErrors")
    context.close()


class Person:
    """Somebody of the demo in a browser of their own."""

    def __init__(self, browser, stack, username: str, **context) -> None:
        self.context = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **context}
        )
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.stack = stack
        if username:
            self.page.goto(f"{stack.url}/sign-in/")
            if not self.page.locator(f"button[value='{username}']").is_visible():
                self.page.locator("details summary").click()
            self.page.locator(f"button[value='{username}']").click()
            self.page.wait_for_url("**/inbox/**")

    def open(self, path: str) -> None:
        """Go to an address of the desk."""
        self.page.goto(f"{self.stack.url}{path}")

    def reads(self) -> None:
        """Bring the end of the reply's words into view, and wait for the half second after that."""
        self.page.locator("[data-words-end]").evaluate(
            "(end) => end.scrollIntoView({ block: 'center' })"
        )
        self.page.locator("body[data-decidable]:not([data-unread])").wait_for()

    def decides(self, key: str) -> None:
        """Press a decision's key, once it counts.

        That is once the words were read and the half second after opening or change is over.
        """
        self.reads()
        self.page.locator("body[data-decidable] [data-review]").wait_for()
        self.page.keyboard.press(key)

    def sees(self, text: str, within: float = 30) -> None:
        """Fails unless this text becomes visible."""
        self.page.get_by_text(text).locator("visible=true").first.wait_for(
            state="visible", timeout=within * 1000
        )


LEFT = """
SELECT ticket.number, draft.id, writer.username
FROM tickets_ticket AS ticket
LEFT JOIN approvals_draft AS draft ON draft.ticket_id = ticket.id
  AND draft.status IN ('writing', 'in_review', 'changes_requested', 'approved')
LEFT JOIN people_user AS writer ON writer.id = draft.writer_id
WHERE ticket.number > %s AND ticket.status IN ('new', 'open', 'in_approval')
  AND ticket.snoozed_until IS NULL"""


@pytest.fixture(autouse=True)
def a_list_of_its_own(request):
    """Resolve what a test left open, so that the lists of the next one are as short as its own."""
    if "stack" not in request.fixturenames:
        yield
        return
    stack = request.getfixturevalue("stack")
    newest = stack.rows("SELECT max(number) FROM tickets_ticket")[0][0]
    yield
    for number, draft, writer in stack.rows(LEFT, newest):
        if draft:
            stack.call(writer, f"drafts/{draft}/withdraw/")
        stack.call("lena", f"tickets/{number}/resolve/", reason="done")


@pytest.fixture
def person(chromium, stack):
    """`person("aylin")`: that person, signed in with one click."""
    everybody = []

    def sit_down(username: str, **context) -> Person:
        one = Person(chromium, stack, username, **context)
        everybody.append(one)
        return one

    yield sit_down
    for one in everybody:
        faults = list(one.faults)
        leave(one.context)
        assert faults == []


@pytest.fixture
def at_a_ticket(person, stack, request):
    """Aylin at a new ticket; `number` is its number, `customer` who wrote."""
    name = f"asks_{abs(hash(request.node.name)) % 10**8}"
    stack.x.says(name, "@AmselnetzHilfe a question about my line")
    number = stack.ticket_of(name)["number"]
    aylin = person("aylin")
    aylin.open(f"/tickets/{number}/")
    aylin.number, aylin.customer = number, name
    return aylin
