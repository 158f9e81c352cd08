"""The way to X for an account.

Its own access, before its first use compared with whose X says it is.

X is asked once for every process and every change of the access (`users/me`); what it said is
remembered. An access that belongs to another account pauses this one, and nothing is read,
sent, handed over or deleted with it. Where X cannot be asked, nothing happens now.
"""

import hashlib
from functools import partial

from django.conf import settings

from networks.contract import Connection
from networks.errors import MISSHAPEN, NOT_SENT, NetworkError
from networks.ids import external_id_of, number
from networks.registry import network_of
from tickets.accounts import accounts
from tickets.accounts.encryption import opened, sealed
from tickets.models import ConnectedAccount

__all__ = ["FOREIGN", "UNOPENED", "client_for", "opened", "sealed"]

FOREIGN = "foreign_access"
UNOPENED = "unopened_access"
_owners: dict[tuple[str, str], str] = {}


def client_for(account: ConnectedAccount) -> Connection:
    """Return the account's own access to X, compared before its first request."""
    client = network_of(account.network).open_connection(
        opened(account),
        base_url=settings.X_API_URL,
        vocabulary=settings.X_VOCABULARY,
        timeout=settings.X_TIMEOUT_SECONDS,
    )
    client.before = partial(compare, account)
    return client


def compare(account: ConnectedAccount, client: Connection) -> None:
    """Hold the access against its account.

    Raises `NetworkError` (`not_sent`) where it is another's, cannot be opened, or X cannot be
    asked.
    """
    kept = bytes(account.credentials)
    if kept and not opened(account):
        stop(account, UNOPENED, "no key opens the access for this account")
    mark = (account.external_id, hashlib.sha256(kept).hexdigest())
    if mark not in _owners:
        _owners[mark] = external_id_of(owner_of(client))
    if _owners[mark] != account.external_id:
        stop(account, FOREIGN, f"the access belongs to {_owners[mark]}")


def stop(account: ConnectedAccount, code: str, said: str) -> None:
    """Pause the account and refuse the request."""
    accounts.pause_by_x(account, code=code, said=said)
    raise NetworkError(code, outcome=NOT_SENT, said=said, permanent=True)


def owner_of(client: Connection) -> int:
    """Whose access this is, as X says; a failure to find out means that nothing was sent."""
    try:
        return number(client.me()["data"]["id"])
    except NetworkError as error:
        raise NetworkError(
            error.code,
            outcome=NOT_SENT,
            said=error.said,
            status=error.status,
            permanent=error.permanent,
            retry_at=error.retry_at,
        ) from error
    except MISSHAPEN as wrong:
        said = f"whose access it is: {wrong}"[:200]
        raise NetworkError("unreadable", outcome=NOT_SENT, said=said) from wrong
