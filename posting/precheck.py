"""The look at X before sending: did the customer write again, is the target still what was read, did one of us answer by hand?

What arrives between this look and the post is beyond the desk: X has no way to send only if nothing changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from approvals.models import Draft
from posting import timeline
from tickets import following, reading
from tickets.models import ConnectedAccount
from xapi.client import XClient
from xapi.errors import NOT_SENT, XError

MENTIONS = "mentions"


class PrecheckFailed(Exception):
    """X could not be asked; nothing is sent now. `error` says why, `asked` what for, if people are told."""

    def __init__(self, error: XError, asked: str = "") -> None:
        super().__init__(str(error))
        self.error, self.asked = error, asked


def read_mentions(account: ConnectedAccount, client: XClient) -> None:
    """Read the account's mentions once more and take them in.

    Where a customer wrote again, the ground moves and the approval is void.
    """
    with stopping(MENTIONS):
        reading.read_newest(account, client)


def look_before_sending(draft: Draft, account: ConnectedAccount, client: XClient) -> None:
    """Look the target up and read our newest posts; what changed is kept, and the ticket's ground moves with it."""
    newest = draft.newest
    with stopping():
        following.look_up([newest.target if newest else draft.target], client)
        timeline.read(account, client)


@contextmanager
def stopping(asked: str = "") -> Iterator[None]:
    """Whatever goes wrong inside stops the sending."""
    try:
        yield
    except XError as error:
        raise PrecheckFailed(error, asked) from error
    except ValueError as unreadable:
        told = XError("unreadable", outcome=NOT_SENT, said=str(unreadable))
        raise PrecheckFailed(told, asked) from unreadable
