"""The look at X before sending.

Did the customer write again, is the target still what was read, did one of us answer by hand?

What arrives between this look and the post is beyond the desk: X has no way to send only if
nothing changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from approvals.models import Draft
from core.database.db_time import desk_now
from networks.contract import Connection
from networks.errors import NOT_SENT, NetworkError
from posting.own_posts import timeline
from tickets.ingestion import polling, refresh
from tickets.models import ConnectedAccount, Mention

MENTIONS = "mentions"
LOOK = "look"
TARGET = "target"


class PrecheckFailed(Exception):
    """X could not be asked; nothing is sent now.

    `error` says why. `asked` says what for: the account's mentions, what stands there (`LOOK`), or
    this one reply's post (`TARGET`), which holds nothing else up.
    """

    def __init__(self, error: NetworkError, asked: str) -> None:
        super().__init__(str(error))
        self.error, self.asked = error, asked


def read_mentions(account: ConnectedAccount, client: Connection) -> None:
    """Read the account's mentions once more and take them in.

    Where a customer wrote again, the context version moves and the approval is void.
    """
    with stopping(MENTIONS):
        polling.read_newest(account, client)


def look_before_sending(draft: Draft, account: ConnectedAccount, client: Connection) -> None:
    """Look the target up and read our newest posts; what changed is a new context version."""
    target = target_of(draft)
    with stopping(LOOK):
        looked = refresh.look_up([target], client)
        timeline.read(account, client)
    if target.pk in looked.unclear:
        said = looked.unclear[target.pk]
        raise PrecheckFailed(NetworkError("unclear", outcome=NOT_SENT, said=said), TARGET)


def target_of(draft: Draft) -> Mention:
    """Return the post that the draft's newest text answers."""
    return draft.newest.target if draft.newest else draft.target


def is_unclear(target: Mention) -> bool:
    """Whether X said lately neither that this post stands nor that it is gone: ask again later."""
    lately = desk_now() - refresh.EVERY / 2
    return target.unclear_since is not None and target.seen_at > lately


@contextmanager
def stopping(asked: str) -> Iterator[None]:
    """Whatever goes wrong inside stops the sending."""
    try:
        yield
    except NetworkError as error:
        raise PrecheckFailed(error, asked) from error
    except ValueError as unreadable:
        told = NetworkError("unreadable", outcome=NOT_SENT, said=str(unreadable))
        raise PrecheckFailed(told, asked) from unreadable
