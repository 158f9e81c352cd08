"""The people of the rehearsal: customers write, agents answer, others approve, a lead settles.

All of it goes over HTTP through the proxy, and whatever fails is tried again, as people do. Before
somebody sends a second time they look at X. What was approved when is written down for the judge.
"""

import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar

from campaigns.machines.servers import DistantX
from campaigns.reply_judge import Expected, bare, of_ours

PATIENCE = 8.0  # seconds that somebody waits for an answer
AHEAD = 4  # customers that wait for each office
BREATH = 0.4
LOOK_AGAIN = 3.0  # seconds after which somebody looks whether a reply has left
OPEN = {"writing", "in_review", "changes_requested", "approved"}


class Refused(Exception):
    """The desk answered with a refusal; its code."""


# What people meet at a desk that is dying: no answer, half of one, or one that says something else
TROUBLE = (OSError, HTTPException, Refused, ValueError, LookupError, TypeError)


@dataclass(frozen=True)
class Round:
    """A reply that was read, saved, submitted and approved without a fault, in seconds."""

    began: float
    ended: float
    target: int
    text: str


class Phone:
    """Calls of the desk through the proxy, as somebody."""

    def __init__(self, url: str, tokens: dict[str, str]) -> None:
        self.url, self.tokens = url, tokens

    def call(self, who: str, method: str, path: str, **body):
        """Call the API; its JSON. Raises `Refused` for a 4xx and `OSError` for anything else."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/{path}",
            data=json.dumps(body).encode() if method != "GET" else None,
            method=method,
            headers={
                "Authorization": f"Token {self.tokens[who]}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as refused:
            with refused:
                text = refused.read()
            if refused.code >= 500:
                raise OSError(f"{path}: {refused.code}") from refused
            raise Refused(json.loads(text)["error"]["code"]) from refused


class Browser:
    """A browser without a window, signed in as somebody."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url, self.name, self.password = url, name, password
        self.opener = None

    def page(self, path: str) -> str:
        """Return a page; signs in where that is needed. Raises `OSError`."""
        if self.opener is None:
            self.sign_in()
        with self.opener.open(f"{self.url}/{path}", timeout=PATIENCE) as answer:
            if "/sign-in/" in answer.url:
                self.opener = None
                raise OSError("signed out")
            return answer.read().decode()

    def sign_in(self) -> None:
        """The form, filled in."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with opener.open(f"{self.url}/sign-in/", timeout=PATIENCE) as answer:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
        fields = {"username": self.name, "password": self.password}
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        request = urllib.request.Request(
            f"{self.url}/sign-in/", data=body, headers={"Referer": self.url}
        )
        opener.open(request, timeout=PATIENCE).close()
        self.opener = opener


class Office:
    """Somebody who writes and somebody who approves, for the customers of one account."""

    def __init__(self, people: "People", number: int, account: int, writer: str, endorser: str):
        self.people, self.number, self.account = people, number, account
        self.writer, self.endorser = writer, endorser
        self.browser = Browser(people.phone.url, writer, people.password)
        self.customers: dict[int, str] = {}  # by the post that they wrote: their handle
        self.looked: dict[int, float] = {}
        self.count = 0

    def work(self) -> None:
        """Work until the people go home; what fails is tried again."""
        while not self.people.home.is_set():
            try:
                self.invite()
                for target in self.to_do():
                    self.answer(target)
                    if self.people.home.wait(BREATH):
                        return
            except TROUBLE as trouble:
                self.people.note_trouble(trouble)
            self.people.home.wait(BREATH)

    def invite(self) -> None:
        """Customers write, while new ones are wanted and fewer than `AHEAD` wait."""
        waiting = sum(target not in self.people.answered for target in self.customers)
        handle = "AmselnetzHilfe" if self.account == 901 else "AmselnetzBiz"
        while self.people.new_ones and waiting < AHEAD:
            self.count, waiting = self.count + 1, waiting + 1
            name = f"c{self.number}n{self.count}x"
            words = f"@{handle} question {self.count} of {self.number}, please"
            post = self.people.x.says(name, words)
            self.customers[post["id"]] = name

    def to_do(self) -> list[int]:
        """Posts to which no reply stands on X yet, and nobody looked a moment ago."""
        now, there = time.monotonic(), self.people.there()
        return [
            target
            for target in self.customers
            if target not in there and self.looked.get(target, -LOOK_AGAIN) < now - LOOK_AGAIN
        ]

    def answer(self, target: int) -> None:
        """Read, write, submit and approve, from wherever it stands now."""
        began = time.time()
        self.browser.page("inbox/")
        ticket = self.ticket_of(target)
        if ticket is None:
            return
        self.looked[target] = time.monotonic()
        if target in self.people.there():
            return
        draft = self.draft_of(ticket)
        if draft and draft["status"] == "approved":
            return
        words = f"Answer {target} of office {self.number}: unplug it, please."
        is_whole = draft is None
        draft = self.written(ticket, draft, words)
        self.approve(target, draft)
        self.people.answered.add(target)
        text = draft["revisions"][-1]["text"]
        if is_whole:
            self.people.rounds.append(Round(began, time.time(), target, text))

    def ticket_of(self, target: int) -> dict | None:
        """The ticket of this customer's post, None while the desk does not have it."""
        found = self.people.phone.call(self.writer, "GET", f"tickets/?q={self.customers[target]}")
        same = [one for one in found["results"] if one["conversation_id"] == str(target)]
        return same[0] if same else None

    def draft_of(self, ticket: dict) -> dict | None:
        """The open draft of a ticket."""
        path = f"drafts/?ticket={ticket['number']}"
        found = self.people.phone.call(self.writer, "GET", path)
        return next((one for one in found["results"] if one["status"] in OPEN), None)

    def written(self, ticket: dict, draft: dict | None, words: str) -> dict:
        """Return the draft with these words in review."""
        call = self.people.phone.call
        if draft is None:
            path = f"tickets/{ticket['number']}/drafts/"
            draft = call(self.writer, "POST", path, text=words)
            draft = call(self.writer, "PATCH", f"drafts/{draft['id']}/", text=words)
        newest = draft["revisions"][-1]["text"] if draft["revisions"] else ""
        if draft["status"] == "in_review" and newest.startswith(words):
            return draft
        path = f"drafts/{draft['id']}/submit/"
        version = draft["context_version"]
        return call(self.writer, "POST", path, text=words, context_version=version)

    def approve(self, target: int, draft: dict) -> None:
        """Approve the newest text; written down before, since the answer may be lost."""
        newest = draft["revisions"][-1]
        entry = self.people.expected.setdefault(target, Expected(target, self.account))
        entry.approved.setdefault(newest["text"], []).append(time.time())
        self.people.phone.call(
            self.endorser,
            "POST",
            f"drafts/{draft['id']}/approve/",
            sha256=newest["sha256"],
            context_version=draft["context_version"],
        )


class People:
    """Everybody, what they did, and what the witness shows."""

    OFFICES = ((901, "aylin", "rita"), (901, "bastian", "tomasz"), (902, "nele", "farida"))

    def __init__(self, x: DistantX, phone: Phone, password: str) -> None:
        self.x, self.phone, self.password = x, phone, password
        self.expected: dict[int, Expected] = {}
        self.answered: set[int] = set()
        self.rounds: list[Round] = []
        self.count: Counter = Counter()
        self.new_ones, self.may_resume, self.home = True, True, threading.Event()
        self.threads: list[threading.Thread] = []
        self.offices = [Office(self, number, *who) for number, who in enumerate(self.OFFICES)]

    def come(self) -> None:
        """Begin to work, each office for itself, and the lead."""
        for work in (*(office.work for office in self.offices), self.lead):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self.threads.append(thread)

    def go(self) -> None:
        """End the day."""
        self.home.set()
        for thread in self.threads:
            thread.join(PATIENCE * 4)

    def note_trouble(self, trouble: Exception) -> None:
        """Count what people met."""
        what = f"refused: {trouble}" if isinstance(trouble, Refused) else type(trouble).__name__
        self.count[what] += 1

    def posts(self) -> list[dict]:
        """Everything that our accounts said, by the witness."""
        return of_ours(self.x.history(), {901, 902})

    def there(self) -> set[int]:
        """The posts under which a reply stands on X."""
        return {post["reply_to"] for post in self.posts()}

    def waiting(self) -> list[int]:
        """The customers' posts under which no reply stands on X."""
        there = self.there()
        asked = [target for office in self.offices for target in list(office.customers)]
        return [target for target in asked if target not in there]

    def lead(self) -> None:
        """Settle what the desk cannot find out, and resume what it paused after a restore."""
        while not self.home.wait(1):
            for work in (self.settle, self.resume) if self.may_resume else (self.settle,):
                try:
                    work()
                except TROUBLE as trouble:
                    self.note_trouble(trouble)

    def settle(self) -> None:
        """Say of a reply in doubt whether it stands on X."""
        public = {(post["reply_to"], bare(post["text"])): post["id"] for post in self.posts()}
        for one in self.phone.call("lena", "GET", "deliveries/?status=for_a_person")["results"]:
            draft = self.phone.call("lena", "GET", f"drafts/{one['draft']}/")
            newest = draft["revisions"][-1]
            found = public.get((int(newest["target"]), newest["text"]))
            if found:
                self.phone.call("lena", "POST", f"deliveries/{one['id']}/public/", post=str(found))
            else:
                self.phone.call("lena", "POST", f"deliveries/{one['id']}/absent/")
            self.count["a person settled a reply in doubt"] += 1

    def resume(self) -> None:
        """Resume every paused account, as soon as the desk lets a person."""
        for account in self.phone.call("lena", "GET", "accounts/")["results"]:
            if account["status"] != "paused":
                continue
            try:
                self.phone.call("lena", "POST", f"accounts/{account['id']}/resume/")
                self.count[f"resumed after: {account['pause_code']}"] += 1
            except Refused as refused:
                self.note_trouble(refused)

    def seconds_to_work(self, since: float) -> float | None:
        """Seconds from then until a reply that was begun after it was saved and approved."""
        ends = [one.ended for one in list(self.rounds) if one.began >= since]
        return round(min(ends) - since, 1) if ends else None

    def seconds_to_post(self, since: float) -> float | None:
        """Seconds from then until a reply left that was approved after it."""
        late = {
            target
            for target, entry in list(self.expected.items())
            if any(min(times) >= since for times in entry.approved.values())
        }
        left = [post["at"] / 1000 for post in self.posts() if post["reply_to"] in late]
        return round(min(left) - since, 1) if left else None
