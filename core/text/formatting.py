"""Small words in the reader's language: lists of names, how long ago, at what time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NAMED = 4  # names in one sentence
ZONES_IN_GERMAN = {"CET": "MEZ", "CEST": "MESZ", "EET": "OEZ", "EEST": "OESZ", "WET": "WEZ"}
# "12" or "24", as the reader chose; empty: as the language has it
hours_of_day: ContextVar[str] = ContextVar("hours_of_day", default="")


@contextmanager
def hours_as_chosen(chosen: str) -> Iterator[None]:
    """Say the time of day by 12 or by 24 hours within; empty: as the language has it."""
    token = hours_of_day.set(chosen)
    try:
        yield
    finally:
        hours_of_day.reset(token)


def is_german() -> bool:
    """Whether the reader's language is German."""
    return (get_language() or "en").startswith("de")


def listed(names: list[str], most: int = 0) -> str:
    """Say names in words: "Rita Sommer, Lena Brandt or Samuel Okafor".

    Of more than `most` names the others are counted.
    """
    if most and len(names) > most + 1:
        others = len(names) - most
        names = [*names[:most], ngettext("{n} other", "{n} others", others).format(n=others)]
    if len(names) < 2:
        return "".join(names)
    return _("{names} or {last}").format(names=", ".join(names[:-1]), last=names[-1])


def duration(span: timedelta) -> str:
    """Say a span: "2 minutes".

    In German in the dative, for after "seit", "in", "nach" and "vor".
    """
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
    if seconds < 3600:
        return ngettext("{n} minute", "{n} minutes", seconds // 60).format(n=seconds // 60)
    if seconds < 86400:
        return ngettext("{n} hour", "{n} hours", seconds // 3600).format(n=seconds // 3600)
    return ngettext("{n} day", "{n} days", seconds // 86400).format(n=seconds // 86400)


def ago(at: datetime | None) -> str:
    """Say how long ago it was: "2 minutes ago"."""
    if at is None:
        return ""
    span = timezone.now() - at
    return (
        _("just now")
        if span < timedelta(seconds=10)
        else _("{duration} ago").format(duration=duration(span))
    )


def clock(at: datetime, *, seconds: bool = False) -> str:
    """Say the time of day: "2:05 pm" or "14:05", with `seconds` to the second."""
    local = timezone.localtime(at)
    if has_24_hours():
        return local.strftime("%H:%M:%S" if seconds else "%H:%M")
    written = local.strftime("%I:%M:%S" if seconds else "%I:%M").lstrip("0")
    return f"{written} {'am' if local.hour < 12 else 'pm'}"


def has_24_hours() -> bool:
    """Whether the reader counts the hours of a day to 24; in German unless 12 was chosen."""
    return (hours_of_day.get() or ("24" if is_german() else "12")) == "24"


def oclock(at: datetime, *, seconds: bool = False) -> str:
    """Say the time of day in a sentence: "2:05 pm" or „14:05 Uhr“."""
    return clock(at, seconds=seconds) + (" Uhr" if is_german() and has_24_hours() else "")


def when(at: datetime) -> str:
    """Say when: "today at 2:05 pm"; a date where it is another day."""
    days = days_from_today(at)
    time = oclock(at)
    if days == 0:
        return _("today at {time}").format(time=time)
    if days == 1:
        return _("tomorrow at {time}").format(time=time)
    if days == -1:
        return _("yesterday at {time}").format(time=time)
    return _("on {date} at {time}").format(date=day(at), time=time)


def until(at: datetime) -> str:
    """Say when for after "until" and "since", without the "on" and "at" that `when` has.

    "2:05 pm", "tomorrow, 2:05 pm", "3 Dec 2026, 2:05 pm".
    """
    days = days_from_today(at)
    if days == 0:
        return oclock(at)
    if days == 1:
        return _("tomorrow, {time}").format(time=oclock(at))
    if days == -1:
        return _("yesterday, {time}").format(time=oclock(at))
    return f"{day(at)}, {oclock(at)}"


def exact(at: datetime) -> str:
    """Say a time that proves something: date, second and zone.

    "25 Nov 2026, 5:36:12 pm (CET)" or „25. November 2026, 17:36:12 Uhr (MEZ)“.
    """
    return f"{day(at)}, {oclock(at, seconds=True)} ({zone(at)})"


def zone(at: datetime) -> str:
    """Say the short name of the reader's zone at that time: "CET", „MEZ“, or "UTC+05:30"."""
    name = timezone.localtime(at).tzname() or ""
    if name[:1] in {"", "+", "-"}:
        offset = timezone.localtime(at).strftime("%z")
        return f"UTC{offset[:3]}:{offset[3:5]}"
    return ZONES_IN_GERMAN.get(name, name) if is_german() else name


def days_from_today(at: datetime) -> int:
    """Return how many days lie between today and this time, both in the reader's zone."""
    return (timezone.localtime(at).date() - timezone.localdate()).days


def day(at: date) -> str:
    """Say the day, of a date or of a time: "22 Nov 2026" or „22. November 2026“."""
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    return date_format(local, "j. F Y" if is_german() else "j M Y")


def month(first: date) -> str:
    """Say the month of a day: "November 2026"."""
    return date_format(first, "F Y")


def short(at: datetime) -> str:
    """For lists: the time today, the day otherwise."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return clock(at)
    return date_format(local, "j. M" if is_german() else "j M")


def quoted(text: str) -> str:
    """In the quotation marks of the reader's language."""
    return f"„{text}“" if is_german() else f"“{text}”"
