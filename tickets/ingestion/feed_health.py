"""Notice a feed from which nothing has come for longer than usual."""

from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Max

from core.audit import record
from core.database.db_time import desk_now
from tickets import events
from tickets.models import Feed, Mention
from tickets.states import AccountState

SILENT_AT_LEAST = timedelta(hours=1)


SILENT_TIMES = 2


USUAL = timedelta(days=14)


def notice_silence() -> int:
    """Raise or end the alarm of each silent feed; return how many are silent.

    Nothing came for twice as long as usual, an hour at least.
    """
    now, silent = desk_now(), 0
    for feed in Feed.objects.exclude(account__status=AccountState.REVOKED).select_related(
        "account"
    ):
        last = Mention.objects.filter(account=feed.account).aggregate(at=Max("ingested_at"))["at"]
        since = last if last and now - last > usual_pause(feed) else None
        silent += since is not None
        if since != feed.silent_since:
            with transaction.atomic():
                Feed.objects.filter(pk=feed.pk).update(silent_since=since)
                if since:
                    record(
                        events.FEED_SILENT, feed.account, department_id=feed.account.department_id
                    )
    return silent


def usual_pause(feed: Feed) -> timedelta:
    """Twice the longest pause of the last two weeks, an hour at least.

    A feed with few posts is never called silent.
    """
    times = list(
        Mention.objects.filter(account=feed.account, ingested_at__gt=desk_now() - USUAL)
        .order_by("-ingested_at")
        .values_list("ingested_at", flat=True)[:2000]
    )
    if len(times) < 10:
        return timedelta.max
    return max(
        SILENT_AT_LEAST, SILENT_TIMES * max(later - earlier for later, earlier in pairwise(times))
    )
