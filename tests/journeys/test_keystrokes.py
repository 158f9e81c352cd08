"""What the common jobs cost: the keys of `docs/reference/keystrokes.md`, pressed and counted.

What the people do and see:
- Aylin goes on, answers, takes, snoozes, resolves, assigns, tags and undoes with one or
  two keys each, from the open ticket and from its row; five rows take four keys.
- She finds a customer's ticket with two keys and some letters of the name.
- Rita approves with one.
- Each waits for one request; only what is looked for first takes two.
"""

import re

import pytest

from servicedesk.launcher.running import ROOT
from tests.journeys.test_typing_decides_nothing import a_review, settled

pytestmark = pytest.mark.browser
PAGE = ROOT / "docs" / "reference" / "keystrokes.md"
ROW = re.compile(
    r"^\| (?P<job>[^|]+) \| (?P<where>\w+) \| (?P<keys>.+) \| (\d+) \| (\d+) \|$", re.M
)
KEY = re.compile(r"`([^`]+)`|(…)")
# Not waited for: the line and what it brings, words that are saved as they are typed, what is
# fetched ahead.
ASIDE = re.compile(
    r"/(live|events|notices|presence|save|typing|check|preview|inbox/list|conversation)/"
    r"|unseen|/static/"
)
WORDS = {
    "answer, and see the next of my turn": "Hello, unplug it for thirty seconds, please.",
    "assign to a colleague": "ba",
    "tag": "quaint",
    "find the tickets of a customer": "",
}


def table() -> dict[str, tuple[list[str], int, int]]:
    """The keys of each job ("…" for the person's own words), keystrokes and requests."""
    return {
        found["job"]: (
            [key or words for key, words in KEY.findall(found["keys"])],
            int(found[4]),
            int(found[5]),
        )
        for found in ROW.finditer(PAGE.read_text())
    }


def pressed_as(key: str) -> str:
    """A key of the page as the browser is told to press it."""
    return key.replace("Ctrl", "Control").replace("Shift+", "Shift+Digit")


class Counted:
    """A page at which keys and requests are counted."""

    def __init__(self, someone) -> None:
        self.page = someone.page
        self.requests: list[str] = []
        self.page.on("request", self.note)

    def note(self, request) -> None:
        """Keep what a person waits for."""
        if request.resource_type in {"document", "fetch", "xhr"} and not ASIDE.search(request.url):
            self.requests.append(f"{request.method} {request.url}")

    def does(self, job: str, words: str = "") -> None:
        """Press the keys of the page for this job."""
        keys, keystrokes, _requests = table()[job]
        assert len([key for key in keys if key != "…"]) == keystrokes <= 4
        self.requests.clear()
        for key in keys:
            if key == "…":
                self.page.keyboard.type(words or WORDS[job])
            else:
                self.page.keyboard.press(pressed_as(key))

    def waited(self, job: str) -> None:
        """Fails unless it took as many requests as the page says, or fewer."""
        self.page.evaluate("0")  # they are told with the browser's next answer
        assert len(self.requests) <= table()[job][2], (job, self.requests)


@pytest.fixture
def six(person, stack, request):
    """Aylin at the first of six new tickets, in a list of them; `mark` is in their names."""
    mark = f"ks{abs(hash(request.node.name)) % 10**6}"
    for place in range(6):
        stack.x.says(f"{mark}_{place}", f"@AmselnetzHilfe {mark} asks")
    numbers = [str(stack.ticket_of(f"{mark}_{place}")["number"]) for place in range(6)]
    aylin = person("aylin")
    aylin.open(f"/inbox/?q={mark}")
    settled(aylin.page)
    aylin.mark, aylin.numbers = mark, numbers
    return aylin


def opened(someone, number: str) -> None:
    """Click on a row, and wait until it is open and the next one was fetched ahead."""
    someone.page.locator(f"#row-{number}").click()
    looking_at(someone, number)
    settled(someone.page)


def looking_at(someone, number: str) -> None:
    """Wait until this ticket is open."""
    someone.page.locator(
        f"body:not([data-moving]) [data-panes][data-looking='{number}']"
    ).wait_for()


def test_the_page_names_every_common_job():
    assert len(table()) == 14
    assert max(keystrokes for _keys, keystrokes, _requests in table().values()) == 4


def test_jobs_at_an_open_ticket_cost_what_the_page_says(six):
    page = six.page
    opened(six, six.numbers[5])
    counted = Counted(six)
    for job, said in (
        ("take", "The ticket is yours."),
        ("tag", "quaint"),
        ("undo the last of these (the second request is where it leads)", "Undone"),
        ("assign to a colleague", "Assigned to Bastian Vogt."),
    ):
        counted.does(job)
        six.sees(said)
        page.locator("body:not([data-moving])").wait_for()
        counted.waited(job)
        settled(page)


@pytest.mark.parametrize(
    "job",
    [
        "go on to the next ticket",
        "snooze",
        "resolve, and see the next of my turn",
        "resolve, and say how the customer left",
    ],
)
def test_jobs_that_lead_on_cost_what_the_page_says(six, job):
    page = six.page
    opened(six, six.numbers[5])
    counted = Counted(six)
    counted.does(job)
    page.wait_for_url(lambda url: f"/tickets/{six.numbers[5]}/" not in url)
    page.locator("body:not([data-moving])").wait_for()
    counted.waited(job)


def test_an_answer_costs_what_the_page_says(six):
    job = "answer, and see the next of my turn"
    opened(six, six.numbers[5])
    counted = Counted(six)
    counted.does(job)
    six.sees("Submitted to")
    six.page.locator("body:not([data-moving])").wait_for()
    counted.waited(job)


@pytest.mark.parametrize("job", ["snooze without opening it", "resolve without opening it"])
def test_jobs_at_a_row_cost_what_the_page_says(six, job):
    page = six.page
    row = page.locator("#list a[data-row]").first
    number = row.get_attribute("data-number")
    row.focus()
    counted = Counted(six)
    counted.does(job)
    six.sees("Snoozed" if "snooze" in job else "Resolved")
    waited = [one for one in counted.requests if f"/tickets/{number}/" in one]
    assert len(waited) == table()[job][2]


def test_five_at_once_cost_what_the_page_says(six):
    counted = Counted(six)
    counted.does("resolve five at once")
    six.sees("5 tickets: resolved.")
    assert len([one for one in counted.requests if one.startswith("POST")]) == 1


def test_finding_a_customer_costs_what_the_page_says(six):
    job = "find the tickets of a customer"
    six.open("/inbox/")
    settled(six.page)
    counted = Counted(six)
    counted.does(job, f"{six.mark}_3")
    six.page.wait_for_url(re.compile(r"q=|/tickets/\d+/"))
    six.page.locator(f'#list a[data-number="{six.numbers[3]}"]').wait_for()
    answers = [one for one in counted.requests if "/find/" not in one or "_3" in one]
    assert 0 < len(answers) <= table()[job][2], counted.requests


def test_approving_costs_what_the_page_says(person, stack):
    job = "approve, once the words were read"
    draft = a_review(stack, "keystrokes_kim")
    rita = person("rita")
    rita.open(f"/review/{draft['id']}/")
    rita.reads()
    settled(rita.page)
    counted = Counted(rita)
    counted.does(job)
    rita.sees("Approved. The reply leaves in a few seconds")
    assert len([one for one in counted.requests if one.startswith("POST")]) == 1
