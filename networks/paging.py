"""Turning pages: each page of a question once, within bounds."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from networks.errors import UNCERTAIN, NetworkError
from networks.pages import Answer, Page

ASK_AGAIN = timedelta(minutes=1)


def turn(ask: Callable[[str], Answer], *, most: int) -> Iterator[Page]:
    """Ask for the pages of one question, newest first, and hand each out as it comes.

    `ask` takes the token of a page, the first time an empty one. Raises `NetworkError` for an
    answer of errors alone; `loop` where the network names a page that was there already, and
    `endless` after `most` pages: what was handed out until then is good. `ValueError` for an answer
    of another shape.
    """
    seen: list[str] = []
    token = ""
    for _number in range(most):
        page = ask(token).page().checked()
        yield page
        token = page.next_token
        if not token:
            return
        watch(token, seen, most)


def watch(token: str, seen: list[str], most: int) -> None:
    """Note the token of the next page; raises `loop` for a known one, `endless` after `most`."""
    if token in seen:
        raise NetworkError(
            "loop",
            outcome=UNCERTAIN,
            said="the same page came a second time",
            retry_at=datetime.now(UTC) + ASK_AGAIN,
        )
    seen.append(token)
    if len(seen) >= most:
        raise NetworkError(
            "endless",
            outcome=UNCERTAIN,
            said=f"more than {most} pages",
            retry_at=datetime.now(UTC) + ASK_AGAIN,
        )
