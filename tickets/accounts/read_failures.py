"""What X does not let us read just now: noted where people see it, gone once X answers again."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q, QuerySet

from core.database.guards import DeskNow
from networks.contract import Connection
from networks.errors import ACCOUNT_WIDE, UNCERTAIN, NetworkError
from tickets.accounts import accounts
from tickets.accounts.credentials import client_for
from tickets.models import ConnectedAccount, Trouble
from tickets.states import AccountState, Asked

PASSING = {"no_connection", "no_answer", "server", "unreadable", "not_x", "429"}
LASTS = timedelta(minutes=2)
log = logging.getLogger(__name__)


@contextmanager
def asking(account: ConnectedAccount, asked: Asked) -> Iterator[Connection]:
    """Yield the account's client for what the desk asks on its own.

    What X does not let us read is noted, an answer ends the trouble.
    """
    client = client_for(account)
    try:
        yield client
        end(account, asked)
    except (NetworkError, ValueError) as trouble:
        note(account, asked, trouble)
    finally:
        client.close()


def note(account: ConnectedAccount, asked: Asked, trouble: NetworkError | ValueError) -> None:
    """Write down what stood in the way; what concerns the whole account stops its sending too."""
    error = (
        trouble
        if isinstance(trouble, NetworkError)
        else NetworkError("unreadable", outcome=UNCERTAIN, said=str(trouble))
    )
    log.warning("%s of %s: %s", asked, account, error)
    if error.code in ACCOUNT_WIDE:
        accounts.pause_by_x(account, code=error.code, said=error.said)
    met = {"code": error.code, "said": error.said}
    known, new = Trouble.objects.get_or_create(account=account, asked=asked, defaults=met)
    if not new:
        Trouble.objects.filter(pk=known.pk).update(**met, at=DeskNow())


def end(account: ConnectedAccount, asked: Asked) -> None:
    """X answers again."""
    Trouble.objects.filter(account=account, asked=asked).delete()


def standing() -> QuerySet[Trouble]:
    """Return the troubles of accounts that are in use, by account."""
    return (
        Trouble.objects.exclude(account__status=AccountState.REVOKED)
        .select_related("account__department")
        .order_by("account", "asked")
    )


def worth_a_banner() -> QuerySet[Trouble]:
    """Those that everybody should know of.

    What passes by itself counts after two minutes; what also paused the account has a banner
    already.
    """
    lasts = ~Q(code__in=PASSING) | Q(since__lt=DeskNow() - LASTS)
    return standing().filter(lasts).exclude(code__in=ACCOUNT_WIDE)


def code_of(account: ConnectedAccount, asked: Asked) -> str:
    """Return the code of a trouble that lasts; empty where there is none."""
    return (
        Trouble.objects.filter(account=account, asked=asked).values_list("code", flat=True).first()
        or ""
    )
