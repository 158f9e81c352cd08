"""Valkey is gone for minutes, PostgreSQL is restarted.

Junk lies in the queue, Valkey hangs, PostgreSQL is frozen: people go on working, and
what was approved is posted once, soon after.

All times are the real ones. `--minutes` is how long Valkey is gone. People sign in and
read in the browser's way (session, form, cookies) and draft, submit and approve over
HTTP; nothing they do may fail or hang meanwhile. Judged by the simulator's history.
"""

import json
import re
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from http.cookiejar import CookieJar

from campaigns.world import World, patiently
from tests.freezing import frozen
from tests.stack import get, wait_until

GONE_MINUTES = 0.4
EVERY = 8.0
HANGS = 5.0
SENTENCE = (
    15.0  # seconds until a page says that the database does not answer; the limit itself is 5
)
JUNK = (
    b"no json",
    b"x" * 20_000_000,
    b"[]",
    b"{}",
    b"[" * 50_000,
    b'{"headers": {"task": "os.system"}}',
)
AFTER_BROKER = 30.0
AFTER_DATABASE = 15.0
PASSWORD = "a-long-password"


def run(options) -> tuple[dict, list[str]]:
    """Run it; figures and violations."""
    gone = (options.minutes or GONE_MINUTES) * 60
    with World(
        seed=options.seed, scale=1.0, DESK_TICK_SECONDS="2", DESK_POLL_SECONDS="15"
    ) as world:
        scene = Scene(world)
        world.start_parts(web=True)
        wait_until(
            lambda: get(f"{world.url}/readyz?all"), 90, "every part has proved itself", world.logs
        )
        broker = scene.without_the_broker(gone)
        database = [scene.with_the_database_restarted(how) for how in ("SIGINT", "SIGQUIT")]
        hanging = {
            "poisoned queue": scene.with_a_poisoned_queue(),
            "hanging broker": scene.with_a_broker_that_hangs(),
            "frozen database": scene.with_a_frozen_database(),
        }
        return {
            "Valkey gone, seconds": round(gone),
            **broker,
            "PostgreSQL restarted": database,
            "seconds until a person sees a sentence": hanging,
        }, scene.violations


class Scene:
    """A desk, what people do, and how long it takes them."""

    def __init__(self, world: World) -> None:
        from people.identity.tokens import issue
        from tests import factories

        self.world, self.factories = world, factories
        world.x.control("limits", on=False)
        for handle, number in (("AmselnetzHilfe", 901), ("AmselnetzBiz", 902)):
            world.x.control("users", username=handle, name=handle, account=True, id=number)
        self.desk = factories.make_desk()
        self.tokens = {
            name: issue(getattr(self.desk, name), name="campaign") for name in ("aylin", "rita")
        }
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.violations: list[str] = []
        self.approved: list[str] = []

    def timed(self, what: str, act):
        """Do it and note how long it took; what fails or hangs is a violation."""
        began = time.monotonic()
        try:
            return act()
        except Exception as wrong:
            self.violations.append(f"{what}: {type(wrong).__name__}: {wrong}")
            return None
        finally:
            took = time.monotonic() - began
            self.seconds[what].append(took)
            if took > HANGS:
                self.violations.append(f"{what}: took {took:.1f} s")

    def browser(self):
        """A browser without a window: cookies and redirects."""
        return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def sign_in(self, browser, name: str) -> None:
        """The form, filled in."""
        page = browser.open(f"{self.world.url}/sign-in/", timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        body = urllib.parse.urlencode(
            {"csrfmiddlewaretoken": token, "username": name, "password": PASSWORD}
        ).encode()
        answer = browser.open(
            urllib.request.Request(
                f"{self.world.url}/sign-in/", data=body, headers={"Referer": self.world.url}
            ),
            timeout=30,
        )
        assert answer.url.endswith("/inbox/"), answer.url

    def call(self, who: str, method: str, path: str, **body) -> dict:
        """The API."""
        data = json.dumps(body).encode() if method != "GET" else None
        request = urllib.request.Request(
            f"{self.world.url}/api/v1/{path}",
            data=data,
            method=method,
            headers={
                "Authorization": f"Token {self.tokens[who]}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def ticket(self, number: int):
        """A customer's post, taken in as the feed would."""
        from tickets.accounts.credentials import client_for
        from tickets.ingestion.intake import ingest
        from tickets.models import Ticket

        post = self.world.x.says(f"customer{number}", f"@AmselnetzHilfe question {number}")

        def take():
            client = client_for(self.desk.account)
            try:
                return list(ingest(client.posts([post["id"]]).page(), self.desk.account).tickets)
            finally:
                client.close()

        return Ticket.objects.get(pk__in=patiently(take, self.world))

    def signs_in_and_reads(self, ticket, browser):
        """Sign in as Aylin and read, each timed."""
        self.timed("sign in", lambda: self.sign_in(browser, "aylin"))
        for what, path in (
            ("read the inbox", "inbox/"),
            ("read the ticket", f"tickets/{ticket.number}/"),
            ("read the outbox", "outbox/"),
        ):
            self.timed(
                what, lambda path=path: browser.open(f"{self.world.url}/{path}", timeout=30).read()
            )

    def a_reply(self, number: int) -> None:
        """Signing in, reading, drafting, approving: each timed."""
        ticket, words = self.ticket(number), f"Answer {number}: unplug it, please."
        browser = self.browser()
        self.signs_in_and_reads(ticket, browser)
        draft = self.timed(
            "begin a reply",
            lambda: self.call("aylin", "POST", f"tickets/{ticket.number}/drafts/", text=words),
        )
        if not draft:
            return
        self.timed(
            "save", lambda: self.call("aylin", "PATCH", f"drafts/{draft['id']}/", text=words)
        )
        sent = self.timed(
            "submit",
            lambda: self.call(
                "aylin",
                "POST",
                f"drafts/{draft['id']}/submit/",
                text=words,
                context_version=draft["context_version"],
            ),
        )
        if sent:
            done = self.timed(
                "approve",
                lambda: self.call(
                    "rita",
                    "POST",
                    f"drafts/{draft['id']}/approve/",
                    sha256=sent["revisions"][-1]["sha256"],
                    context_version=sent["context_version"],
                ),
            )
            if done:
                self.approved.append(words)

    def said(self) -> dict[str, int]:
        """How often each approved reply stands on X."""
        posts = [post["text"] for post in self.world.x.posted_by_desk()]
        return {words: sum(words in text for text in posts) for words in self.approved}

    def until_all_are_said(self, within: float, what: str) -> float | None:
        """Seconds until everything approved stands on X."""
        began = time.monotonic()
        while time.monotonic() < began + within + 60:
            if all(self.said().values()):
                took = time.monotonic() - began
                if took > within:
                    self.violations.append(f"{what}: {took:.1f} s")
                return round(took, 1)
            time.sleep(0.25)
        self.violations.append(f"{what}: not all were posted")
        return None

    def without_the_broker(self, gone: float) -> dict:
        """Valkey is gone; people work on."""
        from servicedesk.launcher import valkey

        self.a_reply(0)
        self.until_all_are_said(60, "before anything is broken")
        self.seconds.clear()
        self.world.broker.process.kill()
        self.world.broker.process.wait(10)
        until, number = time.monotonic() + gone, 0
        while time.monotonic() < until:
            number += 1
            self.a_reply(number)
            print(f"without Valkey: {number} replies approved", file=sys.stderr, flush=True)
            time.sleep(max(0.0, min(EVERY, until - time.monotonic())))
        waiting = sum(not count for count in self.said().values())
        (self.world.sockets / "valkey.sock").unlink(missing_ok=True)
        self.world.broker = valkey.start(self.world.sockets, self.world.directory / "valkey.log")
        took = self.until_all_are_said(AFTER_BROKER, "after Valkey's return")
        time.sleep(10)
        self.violations += [
            f"twice: {words!r}" for words, count in self.said().items() if count > 1
        ]
        return {
            "replies approved meanwhile": number,
            "waiting at Valkey's return": waiting,
            "posted within seconds of Valkey's return": took,
            "seconds people waited (median, longest)": {
                what: [round(statistics.median(all_), 2), round(max(all_), 2)]
                for what, all_ in self.seconds.items()
            },
        }

    def with_the_database_restarted(self, how: str) -> dict:
        """PostgreSQL is stopped and started; nothing is repaired by hand."""
        browser = self.browser()
        self.sign_in(browser, "rita")
        began = time.monotonic()
        self.world.restart_database(how)
        started = time.monotonic() - began

        def back() -> float:
            while True:
                try:
                    browser.open(f"{self.world.url}/inbox/", timeout=30).read()
                    return time.monotonic() - began
                except OSError:
                    if time.monotonic() > began + 120:
                        return time.monotonic() - began
                    time.sleep(0.1)

        page = back()
        if page > AFTER_DATABASE:
            self.violations.append(f"PostgreSQL ({how}): the inbox was back after {page:.1f} s")
        number = 1000 + len(self.approved)
        self.a_reply(number)
        posted = self.until_all_are_said(
            AFTER_DATABASE, f"PostgreSQL ({how}): a reply approved afterwards"
        )
        wait_until(
            lambda: get(f"{self.world.url}/readyz?all"), 60, "every part has proved itself again"
        )
        return {
            "how": how,
            "server back, seconds": round(started, 1),
            "inbox back, seconds": round(page, 1),
            "a new reply posted, seconds after its approval": posted,
            "every part ready, seconds": round(time.monotonic() - began, 1),
        }

    def with_a_poisoned_queue(self) -> dict:
        """Junk lies in the queue of the workers: none ends, and the next reply is posted."""
        import redis

        line = redis.Redis.from_url(self.world.environment["REDIS_URL"])
        workers = {name: part.process.pid for name, part in self.world.parts.items()}
        for junk in JUNK:
            line.lpush(f"{self.world.name}:default", junk)
            line.rpush(f"{self.world.name}:default", junk)
        began = time.monotonic()
        self.a_reply(2001)
        seen = round(time.monotonic() - began, 1)
        posted = self.until_all_are_said(AFTER_BROKER, "a reply approved beside a poisoned queue")
        dropped = int(line.hget(f"{self.world.name}:desk:dropped", "n") or 0)
        if dropped < 2 * len(JUNK):
            self.violations.append(f"poisoned queue: {dropped} of {2 * len(JUNK)} were dropped")
        for name, part in self.world.parts.items():
            if not part.running() or part.process.pid != workers[name]:
                self.violations.append(f"poisoned queue: {name} ended")
        return {
            "a whole reply, signing in to approval": seen,
            "posted after its approval": posted,
            "messages dropped": dropped,
        }

    def with_a_broker_that_hangs(self) -> dict:
        """Valkey is stopped in the middle of everything.

        The longest that anybody waits for anything.
        """
        self.seconds.clear()
        with frozen(self.world.broker):
            for number in (2002, 2003):
                self.a_reply(number)
        longest = {what: round(max(all_), 1) for what, all_ in self.seconds.items()}
        posted = self.until_all_are_said(AFTER_BROKER, "after Valkey went on")
        return {**longest, "posted after Valkey went on": posted}

    def with_a_frozen_database(self) -> dict:
        """PostgreSQL is stopped with all its processes.

        A page says so, the probe answers, and all goes on afterwards.
        """
        browser = self.browser()
        self.sign_in(browser, "rita")
        with frozen(self.world.database):
            took = {
                "a page": self.until_a_sentence(browser, "inbox/", 503),
                "/healthz": self.until_a_sentence(browser, "healthz", 200),
                "/readyz": self.until_a_sentence(browser, "readyz", 503),
            }
        for what, limit in (("a page", SENTENCE), ("/healthz", 1.0), ("/readyz", 5.0)):
            if took[what] > limit:
                self.violations.append(f"frozen database: {what} took {took[what]} s")
        wait_until(
            lambda: get(f"{self.world.url}/readyz?all"),
            60,
            "every part has proved itself again",
            self.world.logs,
        )
        self.a_reply(2004)
        return {
            **took,
            "a reply posted after its approval": self.until_all_are_said(
                AFTER_DATABASE * 2, "after PostgreSQL went on"
            ),
        }

    def until_a_sentence(self, browser, path: str, wanted: int) -> float:
        """Seconds until this address answers.

        Another status than the one that is wanted is a violation.
        """
        began = time.monotonic()
        try:
            status = browser.open(f"{self.world.url}/{path}", timeout=60).status
        except urllib.error.HTTPError as refused:
            status = refused.code
        if status != wanted:
            self.violations.append(f"frozen database: {path} answered {status}")
        return round(time.monotonic() - began, 1)
