"""Service hours: when a department is on duty, and how service time is counted.

Times are given, nothing here asks a clock.

Days off come from the package `holidays` by country and state, and by hand. Spans are local
times; a change to summer time makes a day shorter.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays
from django.utils.translation import gettext as _

from core.errors import Invalid, Reason
from people.models import Department

SPAN = re.compile(r"^\s*([0-9]{1,2})(?::([0-9]{2}))?\s*[-–]\s*([0-9]{1,2})(?::([0-9]{2}))?\s*$")
FARTHEST = 60  # days without service after which nobody waits any more


def known_zone(name: str) -> bool:
    """Whether this is a time zone of the IANA list."""
    return name in available_timezones()


@lru_cache(maxsize=1)
def countries() -> list[str]:
    """Return the countries whose holidays are known, by their two letters."""
    return sorted(
        one for one in holidays.list_supported_countries(include_aliases=False) if len(one) == 2
    )


def subdivisions(country: str) -> list[str]:
    """Return the states of a country, as the package names them."""
    return list(holidays.list_supported_countries(include_aliases=False).get(country, []))


def named_subdivisions(country: str) -> list[tuple[str, list[str]]]:
    """Return the same, each with the names that people call it by."""
    listed = subdivisions(country)
    if not listed:
        return []
    names = holidays.country_holidays(country, years=[]).get_subdivision_aliases()
    return [(code, [str(one) for one in names.get(code, [])]) for code in listed]


def spans_of(written: dict[str, str]) -> dict[str, list[list[str]]]:
    """Read the spans of each weekday (0 is Monday).

    Out of what was written: `8:00-12:00, 13:00-17:30`.

    Raises `Invalid` with the day as its field.
    """
    found: dict[str, list[list[str]]] = {}
    for day, text in written.items():
        spans: list[list[str]] = []
        for part in filter(str.strip, text.split(",")):
            match = SPAN.fullmatch(part)
            start, end = (
                (_minutes(match[1], match[2]), _minutes(match[3], match[4])) if match else (0, 0)
            )
            if not start < end <= 24 * 60 or (spans and start < _read(spans[-1][1])):
                raise Invalid(
                    Reason(
                        "hours_odd",
                        _(
                            "Write service hours like 8:00-12:00, 13:00-17:30, the earlier ones "
                            "first."
                        ),
                    ),
                    f"hours_{day}",
                )
            spans.append([_written(start), _written(end)])
        if spans:
            found[day] = spans
    return found


def is_holiday(department: Department, day: date) -> bool:
    """Whether nobody is on duty that whole day."""
    country = department.holiday_country
    return day in department.holidays_by_hand or (
        bool(country) and day in _national(country, department.holiday_state, day.year)
    )


@lru_cache(maxsize=200)
def _national(country: str, state: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=state or None, years=year))


def services(
    department: Department, start: datetime, *, days: int = FARTHEST
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans of service from `start` on, in their order, for so many days.

    A span that has begun is cut at `start`.
    """
    zone = ZoneInfo(department.time_zone)
    first = start.astimezone(zone).date()
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        if is_holiday(department, day):
            continue
        for begin, end in _spans(department, day):
            opens, closes = _at(day, begin, zone), _at(day, end, zone)
            if closes > max(opens, start):
                yield max(opens, start), closes


def _spans(department: Department, day: date) -> list[tuple[int, int]]:
    if not department.hours:
        return [(0, 24 * 60)]
    return [
        (_read(start), _read(end)) for start, end in department.hours.get(str(day.weekday()), [])
    ]


def on_duty(department: Department, at: datetime) -> bool:
    """Whether this moment lies within the hours of service."""
    return any(opens <= at < closes for opens, closes in services(department, at, days=1))


def after(department: Department, start: datetime, minutes: float) -> datetime | None:
    """Return the moment at which so many minutes of service have passed since `start`.

    None where service never goes on.
    """
    left = timedelta(minutes=minutes)
    for opens, closes in services(department, start):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def due(department: Department, start: datetime) -> datetime:
    """When a first reply is due for what came in then.

    Where service never goes on, as if round the clock.
    """
    if not department.hours and not department.holiday_country and not department.holidays_by_hand:
        return start + timedelta(minutes=department.reply_minutes)
    return after(department, start, department.reply_minutes) or start + timedelta(
        minutes=department.reply_minutes
    )


def between(department: Department, start: datetime, end: datetime) -> timedelta:
    """How much time of service lies between two moments."""
    total = timedelta()
    for opens, closes in services(department, start, days=(end - start).days + 2):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return a local time of a day as a moment; midnight at its end is the next day's beginning.

    A time that the change to summer time leaves out is the moment of that change.
    """
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    while True:
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == local:
            return moment
        local += timedelta(minutes=1)


def _minutes(hours: str, minutes: str | None) -> int:
    return int(hours) * 60 + int(minutes or 0) if int(minutes or 0) < 60 else 10**6


def _read(written: str) -> int:
    hours, _colon, minutes = written.partition(":")
    return int(hours) * 60 + int(minutes)


def _written(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
