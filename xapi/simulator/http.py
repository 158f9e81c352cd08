"""The little of HTTP that the simulator needs on top of ASGI: a request, an answer, a dropped line, a stream."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

BODY_LIMIT = 1_000_000


@dataclass
class Request:
    """One request, its body read."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    send: Any = None

    def json(self) -> Any:
        """The body as JSON; None without a body. Raises ValueError."""
        return json.loads(self.body) if self.body else None

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass
class Answer:
    """One answer. `drop` cuts the line instead of sending it, `delay` waits first."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    delay: float = 0


def as_json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """An answer in JSON."""
    return Answer(json.dumps(body, ensure_ascii=False).encode(), status, "application/json; charset=utf-8", headers or {})


async def read(scope: dict, receive: Any, send: Any) -> Request:
    """The whole request; what is over the limit is cut and refused by the length of the body."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"") if len(body) <= BODY_LIMIT else b""
        more = message.get("more_body", False)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    return Request(scope["method"], scope["path"], query, headers, body, send)


async def reply(answer: Answer, send: Any) -> None:
    """Send the answer, or cut the line under it."""
    if answer.delay:
        await asyncio.sleep(answer.delay)
    if answer.drop:
        cut(send)
        return
    headers = {"content-type": answer.kind, "content-length": str(len(answer.body)), "x-content-type-options": "nosniff",
               "content-security-policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'", **answer.headers}
    await send({"type": "http.response.start", "status": answer.status,
                "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]})
    await send({"type": "http.response.body", "body": answer.body})


def cut(send: Any) -> None:
    """End the connection without an answer, as a network does: uvicorn's own transport is aborted."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise RuntimeError("this server does not let a line be cut")
    transport.abort()


async def stream(lines: Any, send: Any) -> None:
    """A stream of events; `lines` is an asynchronous iterator of texts, a comment keeps the line open."""
    await send({"type": "http.response.start", "status": 200, "headers": [
        (b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no")]})
    async for line in lines:
        await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
