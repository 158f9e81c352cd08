"""How fast the desk works: what an administrator chose while it runs, else what is set outside.

Chosen are times that hold nobody back and prove nothing: how long an approval can be undone, how
often mentions are read, how long a session lasts, for how long a new post opens a resolved ticket.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit import record
from core.database.guards import DeskNow
from core.errors import Invalid, Reason
from people import policies
from people.models import Pace, User
from people.models.pace import BOUNDS


@dataclass(frozen=True)
class Kind:
    """One of these times: its label, what it does, the variable that sets it outside, its unit."""

    label: Any
    help: Any
    variable: str
    setting: str
    in_settings: int = 1

    @property
    def outside(self) -> float:
        """What the environment or the default says."""
        return float(getattr(settings, self.setting)) / self.in_settings


KINDS = {
    "send_delay_seconds": Kind(
        gettext_lazy("Seconds to undo an approval"),
        gettext_lazy("An approved reply leaves after them. 0 to 60."),
        "DESK_SEND_DELAY_SECONDS",
        "SEND_DELAY_SECONDS",
    ),
    "reading_seconds": Kind(
        gettext_lazy("Seconds between two readings of mentions"),
        gettext_lazy("X counts every reading; before each reply the desk reads anyway. 5 to 3600."),
        "DESK_POLL_SECONDS",
        "POLL_SECONDS",
    ),
    "session_hours": Kind(
        gettext_lazy("Hours until people sign in again"),
        gettext_lazy("For sessions that begin or are renewed from now on. 1 to 168."),
        "DESK_SESSION_HOURS",
        "SESSION_COOKIE_AGE",
        3600,
    ),
    "reopen_days": Kind(
        gettext_lazy("Days in which a new post opens a resolved ticket"),
        gettext_lazy("Later it gets a new ticket. 0 to 365."),
        "DESK_REOPEN_DAYS",
        "REOPEN_DAYS",
    ),
}


def chosen() -> Pace:
    """Return what was chosen on the screen; an unsaved row where nothing was."""
    return Pace.objects.select_related("by__person").filter(pk=1).first() or Pace()


def holds(name: str) -> float:
    """Return the value that holds now: the chosen one, else the one set outside."""
    value = Pace.objects.filter(pk=1).values_list(name, flat=True).first()
    return KINDS[name].outside if value is None else float(value)


def send_delay() -> timedelta:
    """How long an approval can be undone before the reply may leave."""
    return timedelta(seconds=holds("send_delay_seconds"))


def reading_interval() -> timedelta:
    """How long mentions are not read again after a reading."""
    return timedelta(seconds=holds("reading_seconds"))


def session_seconds() -> int:
    """How long a session lasts from its beginning."""
    return int(holds("session_hours") * 3600)


def reopens_within() -> timedelta:
    """For how long a new post opens a resolved ticket again."""
    return timedelta(days=holds("reopen_days"))


@transaction.atomic
def choose(values: dict[str, int | None], *, by: User) -> Pace:
    """Keep these values; None gives one back to what is set outside.

    Refuses whoever is no administrator, and what lies out of bounds.
    """
    policies.require_administrator(by)
    for name, value in values.items():
        least, most = BOUNDS[name]
        if value is not None and not least <= value <= most:
            sentence = _("Choose a whole number from {least} to {most}, or leave it empty.")
            raise Invalid(Reason("pace_odd", sentence.format(least=least, most=most)), name)
    Pace.objects.get_or_create(pk=1)
    row = Pace.objects.select_for_update(no_key=True).get(pk=1)
    changes = [
        {"name": name, "before": getattr(row, name), "after": value}
        for name, value in values.items()
        if getattr(row, name) != value
    ]
    if changes:
        Pace.objects.filter(pk=1).update(by=by, at=DeskNow(), **values)
        record("setting.changed", row, by=by, changes=changes)
    return chosen()
