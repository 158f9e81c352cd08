"""The look at X before sending: is the target still what was read, and did somebody of ours answer by hand meanwhile?"""

from approvals.models import Draft
from posting import timeline
from tickets import following
from tickets.models import ConnectedAccount
from xapi.client import XClient
from xapi.errors import XError


class PrecheckFailed(Exception):
    """X could not be asked; nothing is sent now. `error` says why."""

    def __init__(self, error: XError) -> None:
        super().__init__(str(error))
        self.error = error


def look_before_sending(draft: Draft, account: ConnectedAccount, client: XClient) -> None:
    """Look the target up and read our newest posts; what changed is kept, and the ticket's ground moves with it."""
    try:
        newest = draft.newest
        following.look_up([newest.target if newest else draft.target], client)
        timeline.read(account, client)
    except XError as error:
        raise PrecheckFailed(error) from error
    except ValueError as unreadable:
        raise PrecheckFailed(XError("unreadable", outcome="not_sent", said=str(unreadable))) from unreadable
