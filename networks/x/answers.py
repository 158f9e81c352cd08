"""X's answers and failures in the desk's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from networks.errors import NetworkError
from networks.pages import Page, Unreadable
from xapi import payloads
from xapi.errors import XError


def read_page(body: Any) -> Page:
    """Read one answer; `ValueError` for one of another shape. Its posts are those of `xapi`."""
    page = payloads.read_page(body)
    return Page(
        posts=list(page.posts),
        users={**page.users},
        unreadable=[Unreadable(one.raw, one.why) for one in page.unreadable],
        missing=page.missing,
        newest_id=page.newest_id,
        next_token=page.next_token,
        trouble=in_desk_words(page.trouble) if page.trouble else None,
    )


def in_desk_words(error: XError) -> NetworkError:
    """Return the same failure as the desk knows it; code and outcome are the same in both."""
    return NetworkError(
        error.code,
        outcome=error.outcome,
        said=error.said,
        status=error.status,
        permanent=error.permanent,
        retry_at=error.retry_at,
    )


@contextmanager
def telling_failures() -> Iterator[None]:
    """Let whatever X's client raises inside leave as `NetworkError`."""
    try:
        yield
    except XError as error:
        raise in_desk_words(error) from error
