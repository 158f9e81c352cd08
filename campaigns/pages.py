"""Everything that a browser or a program can send to the desk, spoilt.

No answer is a 500, and every refusal of the API has its form.

Each request is drawn from the seed and its own number alone, so that one can be made
again by itself. Each is sent in a transaction that is rolled back.
"""

import io
import json
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from campaigns import hostile
from campaigns.asked import Forms, Page, every_page, watched
from campaigns.payloads import mutate
from campaigns.permission_table import ACTORS
from tests import odd_pictures

LOOKERS = ("nobody", "aylin", "lena", "max")  # together they reach every page


@dataclass
class Sent:
    """One request, as it can be made again by hand."""

    number: int
    page: Page
    actor: str
    method: str
    address: str
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    session: dict[str, Any] = field(default_factory=dict)
    csrf: bool = False

    def __str__(self) -> str:
        said = f"request {self.number}: {self.actor}: {self.method} {self.address[:400]!r}"
        if self.body or self.content_type:
            said += f" {self.content_type[:100]!r} ({len(self.body)} bytes) {self.body[:300]!r}"
        return said + "".join(
            f" {name}={value!r:.200}"
            for name, value in (("headers", self.headers), ("session", self.session))
            if value
        )


def figures_of(pages, looked, chosen, counts, statuses, slowest, violations, kinds):
    """Return the figures of a run, and its violations."""
    slow = sorted(slowest, key=lambda key: -slowest[key])[:5]
    few, many = (min(counts.values(), default=0), max(counts.values(), default=0))
    return {
        "requests": sum(counts.values()),
        "pages": len(chosen),
        "looked for": looked,
        "inputs per page": f"{few} to {many}",
        "names asked for": sum(len(one) for page in pages for one in page.names.values()),
        "actors": len(ACTORS),
        "statuses": dict(sorted(statuses.items())),
        "kinds of faults": dict(kinds),
        "slowest": {key: f"{slowest[key]:.1f} s" for key in slow},
    }, violations


def run(
    scene: Any, *, seed: int, wanted: int, only: str = "", minutes: float | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Send so many requests; return figures and violations.

    `only` names pages, or one `request:NUMBER`; `minutes` ends it earlier.
    """
    sender = Sender(scene)
    pages = every_page(scene)
    began = time.monotonic()
    look(sender, pages, LOOKERS)
    look(sender, pages, LOOKERS[1:2])  # what the first look's forms and links lead to
    looked = f"{time.monotonic() - began:.0f} s"
    alone = re.fullmatch(r"request:(\d+)", only)
    chosen = [one for one in pages if alone or re.search(only, one.key)]
    numbers = [int(alone[1])] if alone else range(wanted)
    counts: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    violations: list[str] = []
    kinds: Counter[str] = Counter()
    began = time.monotonic()
    for number in numbers:
        if minutes and time.monotonic() - began > minutes * 60:
            break
        sent = drawn(random.Random(f"{seed}:{number}"), number, chosen[number % len(chosen)])
        counts[sent.page.key] += 1
        sent_at = time.monotonic()
        status, wrong = sender.send(sent)
        slowest[sent.page.key] = max(slowest.get(sent.page.key, 0), time.monotonic() - sent_at)
        statuses[str(status)] += 1
        if alone:
            print(sent, "->", status, wrong)
        if wrong:
            kinds[re.sub(r"[0-9]{3,}|'[^']*'", "…", wrong)[:120]] += 1
            violations.append(f"seed {seed}, {sent}: {wrong}")
            print(violations[-1][:1200], file=sys.stderr, flush=True)
    return figures_of(pages, looked, chosen, counts, statuses, slowest, violations, kinds)


def look(sender: "Sender", pages: list[Page], actors: tuple[str, ...]) -> None:
    """Ask every page with good input, as these people.

    Noted is what it asks for, shows and links to.
    """
    by_path = {one.path: one for one in pages}
    for page in pages:
        for actor in actors:
            for method in page.methods if page.is_api else ("GET", "POST"):
                plain = Sent(-1, page, actor, method, page.path)
                if method != "GET":
                    plain.body, plain.content_type = as_sent(page, everything_known(page))
                with watched(page):
                    status, _wrong = sender.send(plain)
                if status != 405:
                    page.answers.add(method)
                if method == "GET":  # a refused form shows again whatever was sent
                    note_forms(sender.said, page, by_path)


def everything_known(page: Page) -> dict[str, Any]:
    """Return a value for each name that this page is known to take."""
    return page.body | {
        name: sorted(known)[0]
        for name, known in sorted(page.known.items())
        if name not in page.body
    }


def note_forms(said: str, page: Page, by_path: dict[str, Page]) -> None:
    """Note the fields of the forms in this answer with the pages that they are sent to."""
    forms = Forms()
    forms.feed(said)
    for path, fields in forms.found.items():
        target = by_path.get(path or page.path)
        for name, values in fields.items() if target else ():
            target.names["words"].add(name)
            target.known[name] |= values
    for path, names in forms.files.items():
        if target := by_path.get(path or page.path):
            target.names["FILES"] |= names


def as_sent(page: Page, fields: dict[str, Any]) -> tuple[bytes, str]:
    """Good input as this page takes it."""
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    if page.takes_json:
        return json.dumps(
            {name: value for name, value in fields.items() if name in page.body}
        ).encode(), "application/json"
    files = {name: a_file("a.png", odd_pictures.plain()) for name in sorted(page.names["FILES"])}
    return encode_multipart(
        BOUNDARY, {**{name: value for name, value in fields.items()}, **files}
    ), MULTIPART_CONTENT


def a_file(name: str, content: bytes) -> io.BytesIO:
    """A file as a form brings it."""
    made = io.BytesIO(content)
    made.name = name
    return made


def spoil_the_session(chance: random.Random, sent, own):
    """Put something odd into one of the session's values."""
    if own and chance.random() < 0.05:
        sent.session = {
            chance.choice(own): chance.choice(
                [
                    None,
                    "",
                    "a",
                    -1,
                    2**70,
                    [],
                    {},
                    "9999-12-31T23:59:59-23:59",
                    "0001-01-01",
                    "\x00",
                    1.5,
                    True,
                ]
            )
        }


VALUES = {"Cookie": hostile.COOKIES, "Content-Type": hostile.CONTENT_TYPES}


def drawn(chance: random.Random, number: int, page: Page) -> Sent:
    """One request to this page."""
    actor = chance.choice(ACTORS[2:]) if chance.random() < 0.85 else chance.choice(ACTORS[:2])
    methods = sorted(page.answers) or ["GET", "POST"]
    method = (
        chance.choice(methods)
        if chance.random() < 0.96
        else chance.choice(["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
    )
    sent = Sent(number, page, actor, method, address(chance, page, method))
    if method not in {"GET", "HEAD", "OPTIONS"}:
        sent.body, sent.content_type = body(chance, page)
    if chance.random() < 0.2:
        names = sorted({*hostile.HEADERS, *page.names["header"]})
        for name in chance.sample(names, chance.choice([1, 1, 2])):
            sent.headers[name] = chance.choice(VALUES.get(name, hostile.HEADER_VALUES))
    own = sorted(name for name in page.names["session"] if not name.startswith("_"))
    spoil_the_session(chance, sent, own)
    sent.csrf = chance.random() < 0.02
    return sent


def address(chance: random.Random, page: Page, method: str) -> str:
    """The address, its places and parameters spoilt now and then."""
    path = page.path
    if "<" in page.route and chance.random() < 0.1:
        places = [found.span() for found in re.finditer(r"(?<=/)[^/]+(?=/)", path)]
        begin, end = chance.choice(places)
        odd = (
            chance.choice(hostile.RAW)
            if chance.random() < 0.3
            else hostile.quote(hostile.word(chance)[:3000])
        )
        path = path[:begin] + odd.replace("?", "") + path[end:]
    names = sorted(page.names["words"])
    if not names or (method != "GET" and chance.random() < 0.8):
        return path
    pairs = [
        (name, hostile.word(chance, sorted(page.known.get(name, ()))))
        for name in chance.choices(names, k=chance.choice([1, 1, 2, 3]))
        for _again in range(chance.choice([1, 1, 1, 2]))
    ]
    if chance.random() < 0.05:
        pairs.append(("format", chance.choice(["json", "xml", "\x00", "api", "a" * 300])))
    return f"{path}?{hostile.encoded(chance, pairs)}"


def body(chance: random.Random, page: Page) -> tuple[bytes, str]:
    """A body with some fields spoilt, of another kind, or no body at all."""
    if chance.random() < 0.12:
        return chance.choice(hostile.BODIES), chance.choice(
            [
                chance.choice(hostile.CONTENT_TYPES),
                "application/json",
                "multipart/form-data; boundary=x",
            ]
        )
    if page.takes_json or chance.random() < 0.02:
        return in_json(chance, page)
    return in_a_form(chance, page)


def in_json(chance: random.Random, page: Page) -> tuple[bytes, str]:
    """The operation's fields, with one to three values of any type."""
    said: Any = {name: value for name, value in page.body.items() if chance.random() < 0.93}
    for _number in range(chance.choice([1, 1, 2, 3])):
        if not isinstance(said, dict):
            break
        names = sorted({*page.body, *(page.names["words"] if chance.random() < 0.1 else ())}) or [
            "text"
        ]
        if chance.random() < 0.2 and said:
            said = mutate(chance, said)
        else:
            said[chance.choice(names)] = hostile.value(chance)
    return hostile.as_json(said, chance), chance.choice(
        ["application/json"] * 40 + hostile.CONTENT_TYPES
    )


def in_a_form(chance: random.Random, page: Page) -> tuple[bytes, str]:
    """Spoil one to three of the form's fields.

    They are spoilt, repeated, swapped for files, or files for words.
    """
    names = sorted({*page.names["words"], *page.names["FILES"]} - {"csrfmiddlewaretoken"}) or [
        "text"
    ]
    pairs = []
    for name in names:
        known = sorted(page.known.get(name, ())) or [""]
        good = page.body.get(name, chance.choice(known))
        if chance.random() < 0.85:
            pairs += [(name, str(one)) for one in (good if isinstance(good, list) else [good])]
    for name in chance.choices(names, k=chance.choice([1, 1, 2, 3])):
        kept = [pair for pair in pairs if pair[0] != name or chance.random() < 0.2]
        pairs = kept + [
            (name, hostile.word(chance, sorted(page.known.get(name, ()))))
            for _again in range(chance.choice([1, 1, 1, 3]))
        ]
    if not page.names["FILES"] and chance.random() < 0.8:
        return hostile.encoded(chance, pairs).encode(
            "utf-8", "surrogatepass"
        ), "application/x-www-form-urlencoded"
    return in_parts(
        chance, pairs, sorted(page.names["FILES"]), names
    ), "multipart/form-data; boundary=x"


def in_parts(
    chance: random.Random, pairs: list[tuple[str, str]], files: list[str], names: list[str]
) -> bytes:
    """The same as a form with files.

    Where a file is wanted mostly an odd picture, and now and then a file in place of words.
    """
    lines = []
    wanted = [name for name in files if chance.random() < 0.9] + (
        [chance.choice(names)] if chance.random() < 0.1 else []
    )
    for name, said in pairs:
        if name not in wanted:
            lines += [
                b"--x",
                f'Content-Disposition: form-data; name="{name}"'.encode(),
                b"",
                said.encode("utf-8", "surrogatepass"),
            ]
    for name in wanted:
        file = chance.choice(["a.png", "a", "", "../a.png", "a\x00.png", "x" * 300, "é.jpg", ".."])
        lines += [
            b"--x",
            f'Content-Disposition: form-data; name="{name}"; filename="{file}"'.encode(),
            b"Content-Type: " + chance.choice([b"image/png", b"", b"\xff", b"text/html"]),
            b"",
            odd_pictures.drawn(chance),
        ]
    return b"\r\n".join([*lines, b"--x--", b""])


class Sender:
    """Sends requests as everybody, keeps what was answered, and judges it."""

    def __init__(self, scene: Any) -> None:
        import logging

        from django.core.signals import got_request_exception

        self.scene, self.said, self.raised = scene, "", ""
        got_request_exception.connect(self.note)
        for name in ("django.request", "django.security", "django", "axes"):
            logging.getLogger(name).setLevel("CRITICAL")

    def note(self, **_sent: Any) -> None:
        """Keep what a view raised, and where."""
        import sys
        import traceback

        kind, error, trace = sys.exc_info()
        ours = [one for one in traceback.extract_tb(trace) if "/.venv/" not in one.filename][-1:]
        place = "".join(f" at {one.filename.rsplit('/', 3)[-3:]}:{one.lineno}" for one in ours)
        self.raised = f"{kind.__name__ if kind else ''}: {str(error)[:200]}{place}"

    def send(self, sent: Sent) -> tuple[int, str]:
        """The answer's status, and what is wrong with it: empty if nothing is."""
        from django.db import transaction
        from django.test.client import Client

        scene = self.scene
        client: Client = scene.strangers if sent.page.is_api else scene.clients[sent.actor]
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in sent.headers.items()
            if not name.startswith("Content-")
        }
        headers |= {
            name.upper().replace("-", "_"): value
            for name, value in sent.headers.items()
            if name.startswith("Content-")
        }
        if sent.page.is_api and sent.actor in scene.keys:
            headers.setdefault("HTTP_AUTHORIZATION", f"Token {scene.keys[sent.actor]}")
        cookies = client.cookies.copy()
        client.handler.enforce_csrf_checks = sent.csrf
        self.raised = ""
        try:
            with transaction.atomic():
                if sent.session and sent.actor in scene.keys:
                    session = client.session
                    session.update(sent.session)
                    session.save()
                answer = client.generic(
                    sent.method, sent.address, sent.body, content_type=sent.content_type, **headers
                )
                content = b"".join(answer) if answer.streaming else answer.content
                transaction.set_rollback(True)
        except Exception as raised:  # what no handler caught
            return 599, f"{type(raised).__name__}: {str(raised)[:200]} {self.raised}"
        finally:
            client.cookies = cookies
            client.handler.enforce_csrf_checks = False
        self.said = content.decode(errors="replace")
        return answer.status_code, judged(sent, answer, content, self.raised)


def judged(sent: Sent, answer: Any, content: bytes, raised: str) -> str:
    """What is wrong with an answer; empty if nothing is."""
    if sent.page.key == "readyz" and answer.status_code == 503 and not raised:
        return ""  # its own answer: there is no worker here
    if answer.status_code >= 500 or raised:
        return f"{answer.status_code}: {raised}"
    if answer.status_code < 400 or sent.method == "HEAD":
        return ""
    if urlsplit(sent.address).path.startswith("/api/v1/"):
        try:
            error = json.loads(content)["error"]
            return "" if error["code"] and error["message"] else "an error without code or sentence"
        except (ValueError, KeyError, TypeError):
            return f"{answer.status_code}: no error in the API's form: {content[:80]!r}"
    if (
        answer.status_code != 405 and not content.strip()
    ) or b"<h1>Bad Request (400)</h1>" in content:
        return f"{answer.status_code}: no sentence: {content[:80]!r}"
    return ""
