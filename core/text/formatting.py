"""Small words in the reader's language: lists of names, how long ago, at what time."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NAMED = 4  # names in one sentence


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


def clock(at: datetime) -> str:
    """Say the time of day: "2:05 pm" or "14:05"."""
    local = timezone.localtime(at)
    if (get_language() or "en").startswith("de"):
        return local.strftime("%H:%M")
    return local.strftime("%I:%M ").lstrip("0") + local.strftime("%p").lower()


def when(at: datetime) -> str:
    """Say when: "today at 2:05 pm"; a date where it is another day."""
    local = timezone.localtime(at)
    days = (local.date() - timezone.localdate()).days
    time = clock(at) + (" Uhr" if (get_language() or "en").startswith("de") else "")
    if days == 0:
        return _("today at {time}").format(time=time)
    if days == 1:
        return _("tomorrow at {time}").format(time=time)
    if days == -1:
        return _("yesterday at {time}").format(time=time)
    return _("on {date} at {time}").format(date=day(at), time=time)


def day(at: datetime) -> str:
    """Say the day: "22 Nov 2026" or „22. November 2026“."""
    return date_format(
        timezone.localtime(at), "j. F Y" if (get_language() or "en").startswith("de") else "j M Y"
    )


def short(at: datetime) -> str:
    """For lists: the time today, the day otherwise."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return clock(at)
    return date_format(local, "j. M" if (get_language() or "en").startswith("de") else "j M")


def quoted(text: str) -> str:
    """In the quotation marks of the reader's language."""
    return f"„{text}“" if (get_language() or "en").startswith("de") else f"“{text}”"
