"""Time zones: which there are to choose from, by continent, and in which one somebody reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core.text import formatting
from people import company
from people.models import User

AREAS = {
    "Europe": _("Europe"),
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}
HOURS = ("", "12", "24")


@lru_cache(maxsize=1)
def places() -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the zones of each area with the place that people know them by, in its order."""
    found: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for name in sorted(available_timezones()):
        area, _slash, place = name.partition("/")
        if area in found and place:
            found[area].append((name, place.replace("_", " ").replace("/", ", ")))
    return {area: tuple(listed) for area, listed in found.items()}


def choices(standing: str = "") -> list[tuple[Any, Any]]:
    """Return the zones in groups, as a list to choose from takes them.

    `standing` is what is chosen now; it has a line of its own where no group has it.
    """
    groups: list[tuple[Any, Any]] = [(AREAS[area], listed) for area, listed in places().items()]
    known = {name for listed in places().values() for name, _place in listed} | {"UTC"}
    others = [("UTC", "UTC"), *([(standing, standing)] if standing not in known | {""} else [])]
    return [*groups, (_("Other"), tuple(others))]


def zone_of(user: Any) -> ZoneInfo:
    """Return the zone in which somebody reads times: the chosen one, else the desk's."""
    return ZoneInfo(getattr(user, "time_zone", "") or settings.TIME_ZONE)


@contextmanager
def times_as_read_by(user: Any) -> Iterator[None]:
    """Say times within in the zone and with the hours of this reader; nobody: as the desk does."""
    with (
        timezone.override(zone_of(user)),
        formatting.hours_as_chosen(getattr(user, "hours", "")),
    ):
        yield


@contextmanager
def as_read_by(user: User | None) -> Iterator[None]:
    """Write to somebody within: language, zone and hours are theirs, else the company's."""
    language = user.language if user else ""
    with translation.override(language or company.language()), times_as_read_by(user):
        yield
