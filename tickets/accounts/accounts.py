"""The verbs on a connected account: connect, pause, resume, rest until X's limit opens."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.audit import record, repeats
from core.channel import current_channel
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.database.locking import lock_row
from core.errors import Invalid, Reason
from core.text.characters import says_something, without_hidden
from networks.names import Network
from people.models import Department, User
from tickets import events, policies
from tickets.accounts.encryption import sealed
from tickets.models import ConnectedAccount, Feed
from tickets.states import AccountState

KEPT_NAMES = 20


@transaction.atomic
def connect(
    *,
    external_id: str,
    handle: str,
    name: str,
    department: Department,
    credentials: dict[str, str],
    avatar_url: str = "",
    network: str = Network.X,
    by: User | None = None,
) -> ConnectedAccount:
    """Connect an account of ours, or give a known one new access.

    Its credentials are stored encrypted.
    """
    name = without_hidden(name)[:200]  # X's word, where nobody typed it
    release_handle(handle, network=network, external_id=external_id)
    account, new = ConnectedAccount.objects.get_or_create(
        network=network,
        external_id=external_id,
        defaults={
            "handle": handle,
            "name": name,
            "department": department,
            "avatar_url": avatar_url,
        },
    )
    if not new:
        call(account, handle, name)
        ConnectedAccount.objects.filter(pk=account.pk).update(
            avatar_url=avatar_url, updated_at=DeskNow()
        )
        account.refresh_from_db()
    keep_access(account, credentials, by=by)
    Feed.objects.get_or_create(account=account)
    record(events.ACCOUNT_CONNECTED, account, by=by, department_id=department.pk)
    return account


def call(account: ConnectedAccount, handle: str, name: str) -> bool:
    """Write down what X calls an account, and record what is new.

    Former handles are kept: posts of those days name it so.
    """
    name = without_hidden(name)[:200]
    lock_row(ConnectedAccount, account.pk)
    account = ConnectedAccount.objects.get(pk=account.pk)
    if (account.handle, account.name) == (handle, name):
        return False
    former = account.former_handles
    if account.handle != handle:
        former = [*former, {"handle": account.handle, "until": desk_now().isoformat()}][
            -KEPT_NAMES:
        ]
    ConnectedAccount.objects.filter(pk=account.pk).update(
        handle=handle, name=name, former_handles=former, updated_at=DeskNow()
    )
    record(
        events.ACCOUNT_RENAMED,
        account,
        department_id=account.department_id,
        was=account.handle,
        now=handle,
        called_was=account.name,
        called=name,
    )
    return True


def release_handle(handle: str, *, network: str, external_id: str) -> None:
    """Another account of ours that still bears this handle has lost it on X.

    It is called by its number until X says what it is called.
    """
    for other in (
        ConnectedAccount.objects.filter(network=network, handle__iexact=handle)
        .exclude(external_id=external_id)
        .order_by("id")
    ):
        call(other, other.external_id, other.name)
        ConnectedAccount.objects.filter(pk=other.pk).update(profile_read_at=None)


def keep_access(
    account: ConnectedAccount,
    credentials: dict[str, str],
    *,
    rotated: bool = False,
    by: User | None = None,
) -> None:
    """Keep the account's access, sealed for it.

    The database does it by a routine of its own, which writes the event; it takes no other's.
    """
    account.credentials = sealed(credentials, external_id=account.external_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tickets_keep_access(%s, %s, %s, %s, %s)",
            [
                account.pk,
                account.credentials,
                "rotated" if rotated else "kept",
                by.pk if by else None,
                current_channel(),
            ],
        )


@transaction.atomic
def pause(account: ConnectedAccount, *, reason: str, by: User) -> ConnectedAccount:
    """Stop sending from this account at once; approved replies wait, none is lost."""
    lock_row(ConnectedAccount, account.pk)
    account = ConnectedAccount.objects.select_related("department__parent").get(pk=account.pk)
    why = policies.why_not_pause(account, by)
    if (
        why
        and account.pause_reason == reason.strip()[:500]
        and repeats(events.ACCOUNT_PAUSED, account, by=by, code="person")
    ):
        return account
    if why:
        raise why.error()
    if not says_something(reason):
        raise Invalid(
            Reason("reason_missing", _("Say why, so that the others know what to do.")), "reason"
        )
    _set_paused(account, code="person", reason=reason.strip()[:500], by=by)
    return account


@transaction.atomic
def pause_by_x(account: ConnectedAccount, *, code: str, said: str) -> None:
    """X refused the whole account: stop sending until a person has done what the banner says."""
    account = ConnectedAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    if account.status == AccountState.ACTIVE:
        _set_paused(account, code=code, reason=said[:500], by=None)


def _set_paused(account: ConnectedAccount, *, code: str, reason: str, by: User | None) -> None:
    ConnectedAccount.objects.filter(pk=account.pk).update(
        status=AccountState.PAUSED,
        pause_code=code,
        pause_reason=reason,
        paused_at=DeskNow(),
        paused_by=by,
        updated_at=DeskNow(),
    )
    account.refresh_from_db()
    record(events.ACCOUNT_PAUSED, account, by=by, department_id=account.department_id, code=code)


@transaction.atomic
def resume(account: ConnectedAccount, *, by: User) -> ConnectedAccount:
    """Let the account send again."""
    lock_row(ConnectedAccount, account.pk)
    account = ConnectedAccount.objects.select_related("department__parent").get(pk=account.pk)
    why = policies.why_not_resume(account, by)
    if why and repeats(events.ACCOUNT_RESUMED, account, by=by):
        return account
    if why:
        raise why.error()
    ConnectedAccount.objects.filter(pk=account.pk).update(
        status=AccountState.ACTIVE,
        pause_code="",
        pause_reason="",
        paused_at=None,
        paused_by=None,
        rests_until=None,
        rest_code="",
        updated_at=DeskNow(),
    )
    account.refresh_from_db()
    record(events.ACCOUNT_RESUMED, account, by=by, department_id=account.department_id)
    return account


def rest(account: ConnectedAccount, *, until: datetime, code: str = "") -> None:
    """Send nothing from this account before then; `code` says why, where it is no limit of X's."""
    ConnectedAccount.objects.filter(pk=account.pk).update(
        rests_until=until, rest_code=code, updated_at=DeskNow()
    )
