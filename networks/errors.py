"""What can go wrong with a network, sorted by what it means for the desk.

Each adapter says its network's failures in these words, so that nobody above it knows another
class of error.
"""

from datetime import datetime

NOT_SENT = "not_sent"
UNCERTAIN = "uncertain"
REFUSED = "refused"
# Codes that concern the whole account: nothing more is sent for it until a person looks.
ACCOUNT_WIDE = frozenset(
    {"401", "402", "capped", "permission", "locked", "foreign_access", "unopened_access"}
)
# What reading an object of another shape raises.
MISSHAPEN = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


class NetworkError(Exception):
    """A request to a network did not do what it should.

    `outcome` is what is known of a write: `not_sent`, `refused` or `uncertain`. `code` names the
    case (`docs/reference/x-errors.md` has those of X). `permanent` says that trying again will not
    help; `retry_at` when it may; `status` is the HTTP status, `said` the network's own words.
    """

    def __init__(
        self,
        code: str,
        *,
        outcome: str,
        said: str = "",
        status: int | None = None,
        permanent: bool = False,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(f"{code}: {said}" if said else code)
        self.code = code
        self.outcome = outcome
        self.said = said[:500]
        self.status = status
        self.permanent = permanent
        self.retry_at = retry_at
