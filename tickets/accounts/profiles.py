"""What X calls our accounts: read once a day, and before a search asks for their names.

An account is its number. Handle and name are X's to say: whoever keeps the account there can
change them, and the handle is then free for others. So nothing is found by a handle here that X
gives a number for; what is shown and searched for follows what X says, with an event.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from core.database.db_time import desk_now
from core.database.guards import DeskNow
from networks.contract import Connection, Profile
from networks.errors import MISSHAPEN, UNCERTAIN, NetworkError
from networks.ids import external_id_of
from networks.registry import network_of
from tickets.accounts import accounts, read_failures
from tickets.models import ConnectedAccount, Trouble
from tickets.states import AccountState, Asked

DAY = timedelta(hours=22)
FRESH = timedelta(hours=1)
PAUSE = timedelta(minutes=15)


def read_all() -> int:
    """Read the profile of every account that is due; returns how many are called otherwise now."""
    renamed, now = 0, desk_now()
    due = Q(profile_read_at__isnull=True) | Q(profile_read_at__lt=now - DAY)
    troubled = Trouble.objects.filter(asked=Asked.PROFILE, at__gt=now - PAUSE).values("account")
    for account in (
        ConnectedAccount.objects.filter(due)
        .exclude(pk__in=troubled)
        .exclude(status=AccountState.REVOKED)
        .order_by(F("profile_read_at").asc(nulls_first=True), "id")
    ):
        with read_failures.asking(account, Asked.PROFILE) as client:
            renamed += read(account, client)
    return renamed


def read(account: ConnectedAccount, client: Connection) -> bool:
    """Ask X what this account is called; returns whether that is new. Raises `NetworkError`."""
    try:
        user = network_of(account.network).read_profile(client.me()["data"])
    except MISSHAPEN as wrong:
        raise NetworkError(
            "unreadable", outcome=UNCERTAIN, said=f"the profile: {wrong}"[:200]
        ) from wrong
    return follow(account, user)


def freshen(account: ConnectedAccount, client: Connection) -> ConnectedAccount:
    """Return the account as X calls it now, or did within the last hour.

    Before a search asks for its name. Raises `NetworkError`.
    """
    row = ConnectedAccount.objects.select_related("department").get(pk=account.pk)
    if row.profile_read_at and row.profile_read_at > desk_now() - FRESH:
        return row
    read(row, client)
    return ConnectedAccount.objects.select_related("department").get(pk=account.pk)


@transaction.atomic
def follow(account: ConnectedAccount, user: Profile) -> bool:
    """Call the account as X does; returns whether handle or name are new.

    Does nothing for another number.
    """
    if external_id_of(user.id) != account.external_id:
        return False
    accounts.release_handle(user.handle, network=account.network, external_id=account.external_id)
    is_new = accounts.call(account, user.handle, user.name)
    ConnectedAccount.objects.filter(pk=account.pk).update(
        avatar_url=user.avatar_url or F("avatar_url"), profile_read_at=DeskNow()
    )
    return is_new
