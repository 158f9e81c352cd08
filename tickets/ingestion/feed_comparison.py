"""Compare, once a day, what X shows of the last day with what the desk has."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain

from django.db import transaction
from django.db.models import Q

from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from networks.contract import Connection
from networks.errors import NetworkError
from networks.ids import id_at, number_of
from networks.pages import Answer, Page
from networks.paging import turn
from networks.registry import network_of
from tickets import events
from tickets.accounts import profiles, read_failures
from tickets.ingestion import gaps
from tickets.ingestion.intake import ingest
from tickets.models import Feed
from tickets.states import AccountState, Asked

MOST_COMPARED = 40


DAY = timedelta(hours=22)


def compare_all() -> int:
    """Once a day for each feed: read timeline and search of the last day again.

    Returns how many posts had been missed.
    """
    missed = 0
    due = Q(compared_at__isnull=True) | Q(compared_at__lt=desk_now() - DAY)
    for feed in (
        Feed.objects.filter(due, newest_position__isnull=False)
        .exclude(account__status=AccountState.REVOKED)
        .select_related("account__department")
    ):
        with read_failures.asking(feed.account, Asked.COMPARISON) as client:
            missed += compare(feed, client)
    return missed


def compare(feed: Feed, client: Connection) -> int:
    """Hold what X shows of the last day against what the desk has; what is missing is taken in.

    Returns how many were missing. Raises `NetworkError` or `ValueError`, what was read is kept.
    """
    yesterday = desk_now() - timedelta(days=1)
    since, missed = id_at(yesterday), 0
    account = profiles.freshen(feed.account, client)
    number = number_of(feed.account.external_id)
    query = network_of(account.network).query_for(account.handles_since(yesterday))
    for page in chain(
        pages(lambda token: client.mentions(number, since_id=since, token=token)),
        pages(lambda token: client.search(query, since_id=since, token=token)),
    ):
        missed += len(ingest(gaps.for_us(page, account), account).mentions)
    with transaction.atomic():
        Feed.objects.filter(pk=feed.pk).update(compared_at=DeskNow(), compared_found=missed)
        record(
            events.FEED_COMPARED,
            feed.account,
            department_id=feed.account.department_id,
            missed=missed,
        )
    return missed


def pages(ask: Callable[[str], Answer]) -> Iterator[Page]:
    """Yield the pages of a question, forty at most; raises `NetworkError` for a circle."""
    try:
        yield from turn(ask, most=MOST_COMPARED)
    except NetworkError as error:
        if error.code != "endless":
            raise
