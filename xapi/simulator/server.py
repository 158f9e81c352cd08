"""The simulator as one ASGI application.

The API with its faults, the control interface, the public page.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from xapi.simulator import http, refusals
from xapi.simulator.api import APP, Api
from xapi.simulator.control import Control
from xapi.simulator.faults import PROBLEMS, Fault, Faults, Plan
from xapi.simulator.http import Answer, Request, as_json
from xapi.simulator.marketplace.public import Public
from xapi.simulator.marketplace.scenarios import Script
from xapi.simulator.marketplace.staging import Staging
from xapi.simulator.nouns import Refused, User
from xapi.simulator.sending.hooks import challenge
from xapi.simulator.store import Store

JOURNAL_LIMIT = 200_000
ANSWERS_BYTES = 10_000_000


def not_found(_fault: Fault, vocabulary: str) -> Answer:
    """Answer with an answer of errors alone, in the vocabulary of the request."""
    problem = refusals.problem(
        "resource-not-found",
        vocabulary,
        title="Not Found Error",
        detail="Could not find it.",
    )
    return as_json({"errors": [problem]})


# What comes instead of the API's answer, by the kind of a fault.
INSTEAD: dict[str, Callable[[Fault, str], Answer]] = {
    "undeleted": lambda fault, _vocabulary: as_json({"data": {"deleted": False}}),
    "drop": lambda fault, _vocabulary: Answer(drop=True),
    "hang": lambda fault, _vocabulary: Answer(drop=True, delay=fault.seconds),
    "redirect": lambda fault, _vocabulary: Answer(
        b"", 307, headers={"location": "https://example.com/elsewhere"}
    ),
    "errors": not_found,
}


class Server:
    """Everything behind one port.

    Holds no lock: one event loop, and every handler runs to its end.
    """

    def __init__(
        self,
        *,
        history: Path | None,
        world: dict[str, Any],
        base: str,
        desk_url: str = "",
        zone: ZoneInfo | None = None,
    ) -> None:
        self.store = Store(history)
        self.api, self.faults = Api(self.store, base), Faults()
        self.journal: list[dict[str, Any]] = []
        self.answers: deque[tuple[dict, bytes]] = deque()
        self.answered, self.fault = 0, ""
        self.restore()
        self.script = Script(self.store, world)
        self.control, self.public = (
            Control(self.store, self),
            Public(self.store, world, desk_url, Staging(self.script, self.faults), zone),
        )
        self.tasks: set[asyncio.Task] = set()

    def restore(self) -> None:
        """Set again what was set before a restart."""
        self.api.limits.on, self.api.limits.most = (
            bool(self.store.settings["limits"]),
            dict(self.store.settings["most"]),
        )
        self.faults.plans = [Plan(**plan) for plan in self.store.settings["plans"]]

    async def __call__(self, scope: dict, receive: Any, send: Any) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
        elif scope["type"] == "http":
            request = await http.read(scope, receive, send)
            if request.path == "/stream":
                await http.stream(self.public.stream(), send, receive=receive)
                return
            answer = await self.answer(request)
            if answer.lines is None:
                await http.reply(answer, send)
            else:
                await http.stream(answer.lines, send, receive=receive, kind="application/json")

    async def lifespan(self, receive: Any, send: Any) -> None:
        """Run the scripted customers while the server runs."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.tasks |= {
                    asyncio.create_task(self.script.run()),
                    asyncio.create_task(self.watch_hooks()),
                }
                await send({"type": "lifespan.startup.complete"})
            else:
                for task in self.tasks:
                    task.cancel()
                self.public.close()
                self.api.push.cut()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def watch_hooks(self) -> None:
        """Challenge every webhook once an hour, by the simulator's clock."""
        while True:
            await asyncio.sleep(1)
            for hook in self.api.push.hooks.due():
                self.api.push.hooks.judged(
                    hook["id"], await asyncio.to_thread(challenge, hook["url"])
                )

    async def answer(self, request: Request) -> Answer:
        """Hand the request to its side."""
        if len(request.body) > request.limit:
            return as_json(
                {
                    "title": "Payload Too Large",
                    "detail": f"The body is over {request.limit // 1_000_000} MB.",
                },
                413,
            )
        if request.path.startswith("/2/"):
            return await self.journaled(request)
        if request.path.startswith("/_control/"):
            return self.control.answer(request)
        try:
            return self.public.answer(request)
        except Refused as refused:
            return self.public.refusal(request, refused.detail)
        except (KeyError, ValueError):
            return self.public.refusal(request, "That is not there (any more).")

    async def journaled(self, request: Request) -> Answer:
        """Answer a request under /2/ and note it with its outcome."""
        try:
            body = request.json() if len(request.body) <= http.BODY_LIMIT else None
        except ValueError:
            body = None
        answer = self.with_faults(request)
        fault = self.fault
        if answer.later is not None:
            headers = answer.headers
            answer = (await asyncio.to_thread(answer.later))()
            answer.headers |= headers
        entry = {
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "json": body,
            "status": 0 if answer.drop else answer.status,
            "at_ms": self.store.now(),
        }
        self.journal.append(entry)
        del self.journal[:-JOURNAL_LIMIT]
        if not answer.drop and answer.lines is None:
            self.keep_answer({**entry, "fault": fault}, answer.body)
        return answer

    def keep_answer(self, entry: dict[str, Any], body: bytes) -> None:
        """Keep the newest answers, so many bytes of them, for who holds them to X's description."""
        self.answers.append((entry, body))
        self.answered += len(body)
        while self.answered > ANSWERS_BYTES:
            self.answered -= len(self.answers.popleft()[1])

    def with_faults(self, request: Request) -> Answer:
        """Answer with the API's answer, or what a waiting fault makes of it."""
        user = self.user_of(request)
        fault = self.faults.next_for(request.method, request.path, user.id if user else None)
        self.fault = fault.kind if fault else ""
        if fault is None:
            return self.api.answer(request, user)
        vocabulary = fault.vocabulary or refusals.vocabulary_of(request.query)
        if fault.kind in PROBLEMS:
            return self.problem(fault, vocabulary)
        if refusals.known(fault.kind):
            answer = refusals.refused(fault.kind, request, fault.vocabulary)
            answer.headers |= fault.headers
            return answer
        if fault.kind == "late":
            return self.late(request, user, fault)
        if fault.kind in INSTEAD:
            return INSTEAD[fault.kind](fault, vocabulary)
        return spoiled(self.api.answer(request, user), fault, vocabulary)

    def problem(self, fault: Fault, vocabulary: str) -> Answer:
        """One of the plain refusals, with the limit's headers where it is one of a limit."""
        status, body = PROBLEMS[fault.kind]
        headers = {}
        if status == 429:
            headers = {
                "x-rate-limit-limit": "100",
                "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": str(self.store.now() // 1000 + int(fault.seconds)),
            }
        whole = refusals.placed(body, vocabulary) if "title" in body else body
        return as_json(whole, status, {**headers, **fault.headers})

    def late(self, request: Request, user: User | None, fault: Fault) -> Answer:
        """Post, but show it to nobody for a while.

        The answer comes as always, or is lost if `body` says so.
        """
        answer = self.api.answer(request, user)
        if answer.status == 201:
            self.store.show_from(
                int(json.loads(answer.body)["data"]["id"]),
                self.store.now() + int(fault.seconds * 1000),
            )
        answer.drop = fault.body == "lost"
        return answer

    def user_of(self, request: Request) -> User | None:
        """Whose token signs the request.

        `sim-<user id>`, as a bearer token or as OAuth 1.0a access token; `sim-app` is the app's
        own.
        """
        given = request.headers.get("authorization", "")
        if given == "Bearer sim-app":
            return APP
        match = re.search(r'(?:^Bearer |oauth_token=")sim-([0-9]+)', given)
        user = self.store.users.get(int(match.group(1))) if match else None
        return user if user and user.account else None


def spoiled(answer: Answer, fault: Fault, vocabulary: str) -> Answer:
    """Answer with the true answer, delivered badly."""
    if fault.kind == "lost":
        answer.drop = True
    elif fault.kind in {"loop", "endless"}:
        return circling(answer, fault)
    elif fault.kind == "partial":
        body = json.loads(answer.body or b"{}")
        body["errors"] = [
            refusals.problem(
                "resource-not-found",
                vocabulary,
                title="Not Found Error",
                detail="Could not find user.",
                resource_type="user",
            )
        ]
        return as_json(body, answer.status, answer.headers)
    elif fault.kind == "slow":
        answer.delay = fault.seconds
    elif fault.kind == "no_id":
        return as_json({"data": {"text": "posted, says X, and nothing more"}}, answer.status)
    elif fault.kind == "html":
        return Answer(b"<html><body>Over capacity</body></html>", 503, "text/html")
    elif fault.kind == "garbage":
        body = fault.body
        return (
            as_json(body, answer.status)
            if body is not None
            else Answer(b'{"data": [{"id": 12.5', answer.status)
        )
    return answer


def circling(answer: Answer, fault: Fault) -> Answer:
    """Answer with a page that always names a next one.

    The same first page again, or (`endless`) ever another name for it.
    """
    body = json.loads(answer.body or b"{}")
    name = 2**62 + (fault.times if fault.kind == "endless" else 0)
    body["meta"] = {"result_count": 0, **body.get("meta", {}), "next_token": f"p{name}"}
    return as_json(body, answer.status, answer.headers)
