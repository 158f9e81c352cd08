"""Turning pages: each page of a question once, within bounds."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from xapi.errors import UNCERTAIN, XError
from xapi.payloads import Page, read_page

ASK_AGAIN = timedelta(minutes=1)


def turn(ask: Callable[[str], dict], *, most: int) -> Iterator[Page]:
    """Ask for the pages of one question, newest first, and hand each out as it comes.

    `ask` takes the token of a page, the first time an empty one. Raises `XError` for an answer of
    errors alone; `loop` where X names a page that was there already, and `endless` after `most`
    pages: what was handed out until then is good. `ValueError` for an answer of another shape.
    """
    seen: list[str] = []
    token = ""
    for _number in range(most):
        page = read_page(ask(token)).checked()
        yield page
        token = page.next_token
        if not token:
            return
        watch(token, seen, most)


def watch(token: str, seen: list[str], most: int) -> None:
    """Note the token of the next page; raises `loop` for a known one, `endless` after `most`."""
    if token in seen:
        raise XError(
            "loop",
            outcome=UNCERTAIN,
            said="the same page came a second time",
            retry_at=datetime.now(UTC) + ASK_AGAIN,
        )
    seen.append(token)
    if len(seen) >= most:
        raise XError(
            "endless",
            outcome=UNCERTAIN,
            said=f"more than {most} pages",
            retry_at=datetime.now(UTC) + ASK_AGAIN,
        )
