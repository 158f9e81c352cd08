"""Which browsers somebody is signed in with, and ending them.

What ended never comes back; open pages and streams notice at once.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.database.db_time import desk_now
from core.errors import NotAllowed
from people import policies
from people.identity.signing_in import mark_of
from people.models import BrowserSession, Person, User

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Shown:
    """One session as a list shows it.

    `mark` is its name in events and cannot be used to sign in.
    """

    mark: str
    username: str
    browser: str
    address: str
    started_at: datetime | None
    used_at: datetime
    is_this: bool


def of(person: Person, *, this: str | None = None) -> list[Shown]:
    """Return this person's living sessions, the last used first.

    `this` is the key of the one that asks.
    """
    rows = (
        BrowserSession.objects.filter(user__person=person, expire_date__gt=desk_now())
        .select_related("user")
        .order_by("-used_at")
    )
    return [
        Shown(
            mark_of(row.session_key).removeprefix("session:"),
            row.user.username if row.user else "",
            browser_of(row.agent),
            row.address,
            row.started_at,
            row.used_at,
            row.session_key == this,
        )
        for row in rows
    ]


def browser_of(agent: str) -> str:
    """Browser and system in words, as far as they say."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    if browser and system:
        return _("{browser} on {system}").format(browser=browser, system=system)
    return browser or system or _("a browser that does not say which")


@transaction.atomic
def end(person: Person, *, mark: str, by: User) -> bool:
    """End one session of this person; by themselves or by an administrator.

    Whether there was one.
    """
    may_end(person, by)
    for row in BrowserSession.objects.filter(user__person=person).select_related("user__person"):
        if row.user and mark_of(row.session_key) == f"session:{mark}":
            row.delete()
            record("session.ended", row.user, by=by, topic=person, session=mark)
            return True
    return False


@transaction.atomic
def end_all(user: User, *, by: User | None, but: str | None = None) -> int:
    """End every session of this sign-in, except the one with the key `but`; how many there were."""
    rows = BrowserSession.objects.filter(user=user).exclude(session_key=but or "")
    ended, _kinds = rows.delete()
    if ended:
        record("sessions.ended", user, by=by, topic=user.person, n=ended)
    return ended


@transaction.atomic
def end_all_of(person: Person, *, by: User, but: str | None = None) -> int:
    """End every session of this person, under whichever sign-in.

    Except the one with the key `but`.
    """
    may_end(person, by)
    return sum(end_all(user, by=by, but=but) for user in person.users.all())


def may_end(person: Person, by: User) -> None:
    """Raise where this is somebody else's and they do not set up people."""
    if by.person_id != person.pk and (reason := policies.why_not_manage(by)):
        raise NotAllowed(reason)


def over(keys: list[str]) -> set[str]:
    """Those of these sessions that are over, or whose sign-in is."""
    return set(keys) - set(
        BrowserSession.objects.filter(
            session_key__in=keys, expire_date__gt=desk_now(), user__is_active=True
        ).values_list("session_key", flat=True)
    )


def forget_expired() -> int:
    """Delete the sessions that ran out, with what they say of where somebody was; how many."""
    return BrowserSession.objects.filter(expire_date__lt=desk_now()).delete()[0]
