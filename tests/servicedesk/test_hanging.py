"""Let a broker and a database hang (SIGSTOP), and poison a queue.

On a desk of real parts with servers of its own.
"""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from types import SimpleNamespace

import pytest
import redis

from servicedesk.launcher import postgres, valkey
from tests.freezing import frozen
from tests.stack import Stack, get, wait_until
from tests.support.waiting import stays

pytestmark = [pytest.mark.stack, pytest.mark.campaign]
# Seconds; the machine is shared, and the limits themselves are 1.5 and 3.
AT_ONCE = 1.0
SOON = 12.0
PAGE_SECONDS = 3


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A desk with a PostgreSQL and a Valkey that nobody else uses."""
    import shutil
    import tempfile
    from pathlib import Path

    directory = Path(tempfile.mkdtemp(prefix="paraph-hanging-", dir="/tmp"))
    directory.chmod(0o755)
    sockets = Path(tempfile.mkdtemp(prefix="paraph-", dir="/tmp"))
    cluster = postgres.Postgres(directory / "postgres", sockets, for_tests=True)
    database = cluster.start(directory / "postgres.log")
    broker = valkey.start(sockets, directory / "valkey.log")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("DATABASE_URL", cluster.url("desk_app")),
            ("DATABASE_OWNER_URL", cluster.url("desk_owner")),
            ("REDIS_URL", f"unix://{sockets}/valkey.sock"),
        ):
            patch.setenv(name, value)
        desk = Stack(DESK_PAGE_SECONDS=str(PAGE_SECONDS))
        try:
            desk.start()
            yield SimpleNamespace(
                desk=desk, database=database, broker=broker, url=f"unix://{sockets}/valkey.sock"
            )
        finally:
            desk.stop()
            broker.stop()
            database.stop()
            shutil.rmtree(directory, ignore_errors=True)
            shutil.rmtree(sockets, ignore_errors=True)


class Browser:
    """Cookies, redirects, forms; no window."""

    def __init__(self, url: str, who: str) -> None:
        self.url = url
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.token = re.search(
            r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("sign-in/")[1]
        )[1]
        status, _page, _seconds = self.post("sign-in/as/", username=who)
        assert status == 200
        self.token = next(one.value for one in self.jar if one.name == "csrftoken")

    def ask(self, request) -> tuple[int, str, float]:
        """Status, page, and the seconds it took."""
        began = time.monotonic()
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode(), time.monotonic() - began
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(), time.monotonic() - began

    def get(self, path: str) -> tuple[int, str, float]:
        """A page."""
        return self.ask(f"{self.url}/{path}")

    def post(self, path: str, **fields: str) -> tuple[int, str, float]:
        """A form."""
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        return self.ask(
            urllib.request.Request(f"{self.url}/{path}", data=body, headers={"Referer": self.url})
        )


def probe(url: str) -> tuple[int, dict, float]:
    """Status, JSON and seconds of a probe."""
    began = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, json.loads(answer.read()), time.monotonic() - began
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read()), time.monotonic() - began


def a_ticket(desk: Stack, handle: str) -> int:
    """The number of a ticket that was just taken in."""
    desk.x.says(handle, f"@AmselnetzHilfe my router blinks, says {handle}")
    return desk.ticket_of(handle)["number"]


def is_posted_once(own, draft, number_of):
    """See that the reply is posted once the broker is back."""
    wait_until(
        lambda: (
            own.desk.call("rita", f"drafts/{number_of}/", method="GET")[1]["status"] == "posted"
        ),
        90,
        "the reply is posted",
        own.desk.logs,
    )
    said = [
        one
        for one in own.desk.x.posted_by_desk(int(draft["revisions"][-1]["account"]))
        if "unplug it for a moment" in one["text"]
    ]
    assert len(said) == 1
    assert wait_until(
        lambda: get(f"{own.desk.url}/readyz?all"),
        90,
        "every part has proved itself again",
        own.desk.logs,
    )


def test_a_submit_does_not_wait_for_a_broker_that_hangs_and_is_posted_once_it_is_back(own):
    number, browser = a_ticket(own.desk, "hanging_broker"), Browser(own.desk.url, "aylin")
    browser.get(f"tickets/{number}/")
    with frozen(own.broker):
        status, _page, seconds = browser.post(
            f"tickets/{number}/draft/submit/", text="Please unplug it for a moment."
        )
        assert status == 200
        assert seconds < SOON / 2
        for path in ("inbox/", f"tickets/{number}/", "outbox/"):
            status, _page, seconds = browser.get(path)
            assert (status, seconds < SOON / 2) == (200, True), path
        assert probe(f"{own.desk.url}/healthz")[2] < AT_ONCE
        status, found, seconds = probe(f"{own.desk.url}/readyz?all")
        assert status == 503
        assert found["broker"].startswith("hangs")
        assert found["database"] == "ok"
        assert seconds < SOON / 2
        draft = own.desk.call("rita", "drafts/?status=in_review", method="GET")[1]["results"][0]
        number_of = draft["id"]
        assert draft["revisions"][-1]["text"].startswith("Please unplug it")
        status, _done = own.desk.call(
            "rita",
            f"drafts/{draft['id']}/approve/",
            sha256=draft["revisions"][-1]["sha256"],
            context_version=draft["context_version"],
        )
        assert status == 200
    is_posted_once(own, draft, number_of)


def test_a_frozen_database_is_said_within_seconds_and_the_words_are_kept(own):
    number = a_ticket(own.desk, "frozen_database")
    browsers = [Browser(own.desk.url, "aylin") for _number in range(12)]
    for one in browsers:
        assert one.post("language/", language="de")[0] == 200
        assert one.get(f"tickets/{number}/")[0] == 200
    with frozen(own.database), ThreadPoolExecutor(12) as together:
        forms = [
            together.submit(
                one.post, f"tickets/{number}/draft/submit/", text=f"Worte {place}", explained="x"
            )
            for place, one in enumerate(browsers)
        ]
        stays(lambda: not any(form.done() for form in forms), 0.5, "every thread is held")
        assert probe(f"{own.desk.url}/healthz")[2] < AT_ONCE
        status, found, seconds = probe(f"{own.desk.url}/readyz")
        assert status == 503
        assert found["database"].startswith("hangs")
        assert seconds < SOON / 2
        for place, form in enumerate(forms):
            status, page, seconds = form.result()
            assert status == 503, own.desk.parts["web"].tail(80)
            assert seconds < SOON
            assert "Die Datenbank des Desks antwortet nicht" in page
            assert f"Worte {place}</textarea>" in page
        status, answer = own.desk.call("rita", f"tickets/{number}/", method="GET")
        assert (status, answer["error"]["code"]) == (503, "unavailable")
    wait_until(
        lambda: browsers[0].get(f"tickets/{number}/")[0] == 200, 60, "pages are back", own.desk.logs
    )
    assert wait_until(
        lambda: get(f"{own.desk.url}/readyz?all"),
        120,
        "every part has proved itself again",
        own.desk.logs,
    )


def test_a_poisoned_queue_ends_no_worker(own):
    line = redis.Redis.from_url(own.url)
    worker = own.desk.parts["worker"].process.pid
    queue = f"{own.desk.name}:default"
    for junk in (
        b"no json",
        b"x" * 20_000_000,
        b"[]",
        b"{}",
        json.dumps({"headers": {"task": "os.system"}}).encode(),
    ):
        line.lpush(queue, junk)
        line.rpush(queue, junk)
    wait_until(
        lambda: int(line.hget(f"{own.desk.name}:desk:dropped", "n") or 0) == 10,
        60,
        "all were dropped",
        own.desk.logs,
    )
    number = a_ticket(own.desk, "poisoned_queue")
    assert number
    assert own.desk.parts["worker"].running()
    assert own.desk.parts["worker"].process.pid == worker
    assert get(f"{own.desk.url}/readyz?all")
