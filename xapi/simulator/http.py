"""The little of HTTP that the simulator needs on top of ASGI.

A request, an answer, a dropped line, a stream.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

BODY_LIMIT = 1_000_000
MEDIA_BODY_LIMIT = 8_000_000


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
        """Return the body as JSON; None without a body. Raises ValueError."""
        return json.loads(self.body) if self.body else None

    @property
    def limit(self) -> int:
        """The most bytes that the body may have."""
        return body_limit(self.path)

    def form(self) -> dict[str, str]:
        """Return the body as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass
class Answer:
    """One answer.

    `drop` cuts the line instead of sending it, `delay` waits first.

    `lines` makes it a stream that stays open. `later` is asked in a thread first and gives the
    answer that is sent in place of this one.
    """

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    delay: float = 0
    lines: AsyncIterator[str] | None = None
    later: Callable[[], Callable[[], "Answer"]] | None = None


class Route(NamedTuple):
    """One endpoint under `/2/`.

    Its handler takes the request, the user, and what the pattern caught.

    `endpoint` is its name among the rate limits, `parameters` what its query may hold, `who` whose
    access it wants: a `user`'s, the `app`'s, or `any`.
    """

    method: str
    pattern: str
    endpoint: str
    handler: Callable[..., "tuple[int, dict] | Answer"]
    parameters: frozenset[str] = frozenset()
    who: str = "any"


def body_limit(path: str) -> int:
    """Pictures may be larger than anything else."""
    return MEDIA_BODY_LIMIT if path.startswith("/2/media/") else BODY_LIMIT


def as_json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Answer with an answer in JSON."""
    return Answer(
        json.dumps(body, ensure_ascii=False).encode(),
        status,
        "application/json; charset=utf-8",
        headers or {},
    )


async def read(scope: dict, receive: Any, send: Any) -> Request:
    """Read the whole request.

    What is over the limit is cut and refused by the length of the body.
    """
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"") if len(body) <= body_limit(scope["path"]) else b""
        more = message.get("more_body", False)
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    return Request(scope["method"], scope["path"], query, headers, body, send)


async def reply(answer: Answer, send: Any) -> None:
    """Send the answer, or cut the line under it."""
    if answer.delay:
        await asyncio.sleep(answer.delay)
    if answer.drop:
        cut(send)
        return
    headers = {
        "content-type": answer.kind,
        "content-length": str(len(answer.body)),
        "x-content-type-options": "nosniff",
        "content-security-policy": (
            "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"
        ),
        **answer.headers,
    }
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                (name.encode(), value.encode("latin-1", "replace"))
                for name, value in headers.items()
            ],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})


def cut(send: Any) -> None:
    """End the connection without an answer, as a network does.

    Uvicorn's own transport is aborted.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise RuntimeError("this server does not let a line be cut")
    transport.abort()


async def stream(
    lines: AsyncIterator[str], send: Any, *, receive: Any, kind: str = "text/event-stream"
) -> None:
    """Stream texts until they end, or until the other side is gone."""
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", kind.encode()),
                (b"cache-control", b"no-cache"),
                (b"x-accel-buffering", b"no"),
            ],
        }
    )
    sending = asyncio.ensure_future(_send_all(lines, send))
    gone = asyncio.ensure_future(_gone(receive))
    await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
    for task in (sending, gone):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    with contextlib.suppress(Exception):
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_all(lines: AsyncIterator[str], send: Any) -> None:
    try:
        async for line in lines:
            await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
    finally:
        await lines.aclose()  # type: ignore[attr-defined]


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
