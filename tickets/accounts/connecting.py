"""Connecting an account of ours.

X is asked whose access it is before anything is kept, on the screen and by command alike.
"""

import re
from collections.abc import Mapping

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import Invalid, NotAllowed, Reason
from core.text.formatting import when
from core.text.readable import one_line
from networks.contract import Profile
from networks.errors import MISSHAPEN, NOT_SENT, NetworkError
from networks.ids import external_id_of
from networks.names import Network
from networks.registry import network_of
from people.models import Department, User
from tickets import policies
from tickets.accounts import accounts
from tickets.models import ConnectedAccount

VALUES = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
HANDLE = re.compile(r"\w{1,15}", re.ASCII)
ASK_SECONDS = 10  # somebody sits before the form; a longer wait helps nobody
AWAY = {"no_connection", "no_answer", "server", "unreadable", "errors_alone"}


def connect_by(
    *,
    handle: str,
    name: str,
    department: Department | None,
    values: Mapping[str, str],
    by: User | None,
) -> ConnectedAccount:
    """Connect an account with the four values of OAuth 1.0a, once X has said that they are its own.

    On the simulated X the handle suffices: the account is made there. Raises `Invalid` with a
    sentence where the values are refused, another account's, or X cannot be asked. Asks over the
    network, so never inside a transaction.
    """
    handle = checked(handle, department, by=by)
    owner, credentials = asked(handle, values, name=one_line(name))
    return kept(owner, credentials, handle=handle, name=name, department=department, by=by)


def checked(handle: str, department: Department | None, *, by: User | None) -> str:
    """Return the handle without its @; refuses what needs no question to X."""
    if reason := policies.why_not_connect(by):
        raise NotAllowed(reason)
    if department is None:
        raise Invalid(
            Reason("department_missing", _("Choose the department that the account belongs to.")),
            "department",
        )
    handle = handle.strip().lstrip("@＠")
    if not HANDLE.fullmatch(handle):
        raise Invalid(
            Reason("handle_odd", _("A handle has 1 to 15 letters, digits or underscores.")),
            "handle",
        )
    return handle


def asked(
    handle: str, values: Mapping[str, str], *, name: str = ""
) -> tuple[Profile, dict[str, str]]:
    """Whose access these values are, as X says, and the access to keep."""
    credentials = {one: values.get(one, "").strip() for one in VALUES}
    if settings.X_IS_SIMULATED and not any(credentials.values()):
        credentials = {"bearer_token": f"sim-{made_on_simulated_x(handle, name)}"}
    elif not all(credentials.values()):
        raise Invalid(
            Reason("values_missing", _("All four values are needed, as X shows them.")),
            "access_token",
        )
    return owner_of(credentials), credentials


def owner_of(credentials: dict[str, str]) -> Profile:
    """Ask X whose access this is; raises `Invalid` with a sentence where X does not say."""
    network = network_of(Network.X)
    client = network.open_connection(
        credentials,
        base_url=settings.X_API_URL,
        vocabulary=settings.X_VOCABULARY,
        timeout=min(settings.X_TIMEOUT_SECONDS, ASK_SECONDS),
    )
    try:
        body = client.me()
        try:
            return network.read_profile(body["data"])
        except MISSHAPEN as wrong:
            raise network.error_in(body, outcome=NOT_SENT) from wrong
    except (NetworkError, UnicodeError) as error:
        raise Invalid(why_not(error), "access_token") from error
    finally:
        client.close()


def why_not(error: NetworkError | UnicodeError) -> Reason:
    """Return what X's answer means for whoever fills in the form, and what to do."""
    if not isinstance(error, NetworkError):
        return Reason("x_refuses", _(VALUES_WRONG))
    code, sentence = ANSWERS.get(error.code, REFUSES)
    if error.code in AWAY:
        code, sentence = "x_away", IS_AWAY
    return Reason(
        code,
        _(sentence).format(
            reason=error.said.rstrip(". "),
            when=when(error.retry_at) if error.retry_at else "",
        ),
    )


VALUES_WRONG = gettext_noop(
    "X does not accept these four values. Copy each of them once more from your app at "
    "developer.x.com, and see that all four belong to the same app and account."
)
IS_AWAY = gettext_noop(
    "X cannot be reached or does not answer as usual. Nothing is connected yet; what you typed is "
    "still here. Try again in a moment."
)
NO_CREDIT = gettext_noop(
    "The app’s credit or monthly cap at X is used up. Top it up at developer.x.com, then try again."
)
REFUSES = (
    "x_refuses",
    gettext_noop("X refuses and says: “{reason}”. Nothing is connected yet."),
)
ANSWERS = {
    "401": ("x_refuses", VALUES_WRONG),
    "429": (
        "x_limit",
        gettext_noop("X’s limit is used up. Nothing is connected yet; try again {when}."),
    ),
    "402": ("x_credit", NO_CREDIT),
    "capped": ("x_credit", NO_CREDIT),
    "locked": (
        "x_locked",
        gettext_noop(
            "X has locked or suspended the account that these values belong to. Unlock it at X, "
            "then try again."
        ),
    ),
    "permission": (
        "x_permission",
        gettext_noop(
            "X does not let this app in: “{reason}”. Give it the right to read and write at "
            "developer.x.com, then create a new access token."
        ),
    ),
    "not_x": (
        "x_away",
        gettext_noop(
            "Something between the desk and X answers in its place: “{reason}”. Ask whoever "
            "runs the network."
        ),
    ),
}


def kept(
    owner: Profile,
    credentials: dict[str, str],
    *,
    handle: str,
    name: str,
    department: Department | None,
    by: User | None,
) -> ConnectedAccount:
    """Keep the account that X named.

    Refuses one that is not the typed one, and one that another department has connected. An account
    of ours that bore the handle so far has lost it on X (`accounts.release_handle`).
    """
    if owner.handle.lower() != handle.lower():
        sentence = _(
            "These values belong to @{owner}, not to @{handle}. Nothing is connected. Take the "
            "values of @{handle}, or connect @{owner}."
        ).format(owner=owner.handle, handle=handle)
        raise Invalid(Reason("values_of_another", sentence), "handle")
    known = (
        ConnectedAccount.objects.filter(network=Network.X, external_id=external_id_of(owner.id))
        .select_related("department")
        .first()
    )
    if known is not None and department is not None and known.department_id != department.pk:
        sentence = _(
            "@{handle} is connected already, by {department}. Choose {department} to give the "
            "account new values."
        ).format(handle=owner.handle, department=known.department.name)
        raise Invalid(Reason("account_elsewhere", sentence), "department")
    assert department is not None
    return accounts.connect(
        external_id=external_id_of(owner.id),
        handle=owner.handle,
        name=one_line(name) or owner.name,
        department=department,
        avatar_url=owner.avatar_url,
        credentials=credentials,
        by=by,
    )


def made_on_simulated_x(handle: str, name: str) -> int:
    """Make this account on the simulated X, or take the one that is there; its id."""
    wanted = {"username": handle, "account": True, "hue": 214, **({"name": name} if name else {})}
    try:
        answer = requests.post(
            f"{settings.X_API_URL}/_control/users", json=wanted, timeout=ASK_SECONDS
        )
        return int(answer.json()["id"])
    except (requests.RequestException, ValueError, KeyError, TypeError) as wrong:
        away = NetworkError("no_connection", outcome=NOT_SENT, said=type(wrong).__name__)
        raise Invalid(why_not(away), "handle") from wrong
