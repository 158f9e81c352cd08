"""The verbs on a connected account: connect, pause, resume, rest until X's limit opens."""

import re
import zlib
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.acting import through
from core.audit import record, repeats
from core.characters import says_something, without_hidden
from core.errors import IllegalMove, Invalid, NotAllowed, Reason
from core.forms import is_number
from core.guards import DeskNow
from core.locking import lock_row
from core.readable import one_line
from people.models import Department, User
from tickets import events, policies
from tickets.models import ConnectedAccount, Feed
from tickets.sealing import sealed
from tickets.states import AccountState

VALUES = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
HANDLE = re.compile(r"\w{1,15}", re.ASCII)
SIMULATED_IDS = 5_000_000_000


@transaction.atomic
def connect(*, x_id: int, handle: str, name: str, department: Department, credentials: dict[str, str], avatar_url: str = "",
            by: User | None = None) -> ConnectedAccount:
    """Connect an account of ours, or give a known one new access; its credentials are stored encrypted."""
    name = without_hidden(name)  # X's word, where nobody typed it
    account, new = ConnectedAccount.objects.get_or_create(
        x_id=x_id, defaults={"handle": handle, "name": name[:200], "department": department, "avatar_url": avatar_url})
    if not new:
        ConnectedAccount.objects.filter(pk=account.pk).update(handle=handle, name=name[:200], avatar_url=avatar_url, updated_at=DeskNow())
    keep_access(account, credentials, by=by)
    Feed.objects.get_or_create(account=account)
    record(events.ACCOUNT_CONNECTED, account, by=by, department_id=department.pk)
    return account


def keep_access(account: ConnectedAccount, credentials: dict[str, str], *, rotated: bool = False, by: User | None = None) -> None:
    """Keep the account's access, sealed for it. The database does it by a routine of its own, which writes the event; it takes no other's."""
    account.credentials = sealed(credentials, x_id=account.x_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_keep_access(%s, %s, %s, %s, %s)", [
            account.pk, account.credentials, "rotated" if rotated else "kept", by.pk if by else None, through()])


def connect_by(*, handle: str, name: str, department: Department | None, values: dict[str, str], by: User | None) -> ConnectedAccount:
    """Connect an account with the four values of OAuth 1.0a; whose it is stands in front of the access token. On the simulated X the handle suffices.

    Whether X accepts them shows at the first reading, a moment later.
    """
    if reason := policies.why_not_connect(by):
        raise NotAllowed(reason)
    handle = handle.strip().lstrip("@")
    if department is None:
        raise Invalid(Reason("department_missing", _("Choose the department that the account belongs to.")), "department")
    if not HANDLE.fullmatch(handle):
        raise Invalid(Reason("handle_odd", _("A handle has 1 to 15 letters, digits or underscores.")), "handle")
    if settings.X_IS_SIMULATED:
        x_id = SIMULATED_IDS + zlib.crc32(handle.lower().encode())
        values = {"bearer_token": f"sim-{x_id}"}
    else:
        owner, dash, _rest = values.get("access_token", "").partition("-")
        if not all(values.get(one, "").strip() for one in VALUES) or not dash or not is_number(owner, 19):
            raise Invalid(Reason("values_missing", _("All four values are needed, as X shows them; the access token begins with a number.")), "access_token")
        x_id = int(owner)
    if ConnectedAccount.objects.filter(handle__iexact=handle).exclude(x_id=x_id).exists():
        raise Invalid(Reason("handle_known", _("This handle belongs to an account that is connected already.")), "handle")
    return connect(x_id=x_id, handle=handle, name=one_line(name) or handle, department=department, credentials={k: v.strip() for k, v in values.items()}, by=by)


@transaction.atomic
def pause(account: ConnectedAccount, *, reason: str, by: User) -> ConnectedAccount:
    """Stop sending from this account at once; approved replies wait, none is lost."""
    lock_row(ConnectedAccount, account.pk)
    account = ConnectedAccount.objects.select_related("department__parent").get(pk=account.pk)
    why = policies.why_not_pause(account, by)
    if why and account.pause_reason == reason.strip()[:500] and repeats(events.ACCOUNT_PAUSED, account, by=by, code="person"):
        return account
    if why:
        raise (NotAllowed if why.code == "no_right" else IllegalMove)(why)
    if not says_something(reason):
        raise Invalid(Reason("reason_missing", _("Say why, so that the others know what to do.")), "reason")
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
        status=AccountState.PAUSED, pause_code=code, pause_reason=reason, paused_at=DeskNow(), paused_by=by, updated_at=DeskNow())
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
        raise (NotAllowed if why.code == "no_right" else IllegalMove)(why)
    ConnectedAccount.objects.filter(pk=account.pk).update(
        status=AccountState.ACTIVE, pause_code="", pause_reason="", paused_at=None, paused_by=None, rests_until=None,
        rest_code="", updated_at=DeskNow())
    account.refresh_from_db()
    record(events.ACCOUNT_RESUMED, account, by=by, department_id=account.department_id)
    return account


def rest(account: ConnectedAccount, *, until: datetime, code: str = "") -> None:
    """Send nothing from this account before then; `code` says why, where it is no limit of X's."""
    ConnectedAccount.objects.filter(pk=account.pk).update(rests_until=until, rest_code=code, updated_at=DeskNow())
