"""Which notices each person wants, by which ways, and when the desk keeps quiet."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, Reason
from notices.kinds import DEFAULT, KINDS, NoticeKind, Way
from people.models import User


def ways_of(user: User, kind: str) -> list[str]:
    """Return the ways by which this person wants to hear about something of this kind.

    None means not at all.
    """
    chosen = user.notices.get(kind)
    return [str(one) for one in (DEFAULT[kind] if chosen is None else chosen)]


@transaction.atomic
def choose_notices(
    user: User,
    *,
    ways: dict[str, list[str]],
    quiet_from: str,
    quiet_until: str,
    quiet_days: list[int],
) -> User:
    """Keep which notices this person wants, and their quiet hours.

    `HH:MM`, both empty: none; days of the week from 0, Monday. Refuses half an interval. Refuses
    half an interval.
    """
    begin, end = clock_time(quiet_from, "quiet_from"), clock_time(quiet_until, "quiet_until")
    if (begin is None) != (end is None) or (begin is not None and begin == end):
        raise Invalid(
            Reason(
                "quiet_half",
                _("Quiet hours have a beginning and an end; leave both empty for none."),
            ),
            "quiet_until",
        )
    user.notices = {
        kind: [way for way in Way.values if way in ways.get(kind, [])] for kind in NoticeKind.values
    }
    user.quiet_from, user.quiet_until = begin, end
    user.quiet_days = sorted({one for one in quiet_days if 0 <= one <= 6})
    user.save(update_fields=["notices", "quiet_from", "quiet_until", "quiet_days"])
    record("notices.chosen", user, by=user, topic=user.person)
    return user


def clock_time(written: str, field: str) -> time | None:
    """Return a time of day as `22:00`; None for an empty one."""
    if not written.strip():
        return None
    try:
        return datetime.strptime(written.strip()[:5], "%H:%M").time()
    except ValueError as odd:
        raise Invalid(Reason("time_odd", _("Write the time like 22:00.")), field) from odd


def zone_of(user: User) -> ZoneInfo:
    """Return the zone that the person chose, or of their first department, or of the desk."""
    if user.time_zone:
        return ZoneInfo(user.time_zone)
    first = next((one.department for one in user.memberships if one.department), None)
    return ZoneInfo(first.time_zone if first else settings.TIME_ZONE)


def quiet_until(user: User, at: datetime) -> datetime | None:
    """Until when the desk keeps quiet for this person at that moment.

    None outside their quiet hours. Hours over midnight belong to the day they begin on.
    """
    zone = zone_of(user)
    local = at.astimezone(zone)
    for _day in range(8):
        end = _ends(user, local)
        if end is None:
            break
        local = end
    return local.astimezone(at.tzinfo) if local > at else None


def _ends(user: User, local: datetime) -> datetime | None:
    """Return the end of the quiet time that holds at this local moment.

    A whole day, or the span of hours.
    """
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    if local.weekday() in user.quiet_days:
        return midnight
    begin, end = user.quiet_from, user.quiet_until
    if begin is None or end is None:
        return None
    now = local.time()
    if begin < end:
        return datetime.combine(local.date(), end, local.tzinfo) if begin <= now < end else None
    if now >= begin:
        return datetime.combine(local.date() + timedelta(days=1), end, local.tzinfo)
    return datetime.combine(local.date(), end, local.tzinfo) if now < end else None


def shown(user: User) -> list[dict[str, Any]]:
    """Each kind with the ways chosen, for the screen."""
    return [
        {"kind": one.kind, "sentence": one.sentence, "ways": ways_of(user, one.kind)}
        for one in KINDS
    ]
