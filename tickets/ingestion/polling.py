"""Reading the mentions of an account.

A sweep over pages that survives being broken off, overlaps, and notices gaps.

Each page is stored raw before it is read, and the reading position moves only when every page
of the sweep is in.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from networks.contract import Connection
from networks.errors import MISSHAPEN, NOT_SENT, NetworkError
from networks.ids import id_at, made_at, number_of
from networks.pages import Page
from networks.paging import turn, watch
from networks.registry import network_of
from people.hours import pace
from tickets import events
from tickets.accounts import read_failures
from tickets.accounts.credentials import client_for
from tickets.ingestion.intake import ingest
from tickets.models import ConnectedAccount, Feed, Gap, ParkedPost, RawPage, Trouble
from tickets.states import AccountState, Asked

OVERLAP = timedelta(minutes=5)
LATE = timedelta(minutes=1)  # so much later than others a post may become visible
PAUSE_ALLOWED = timedelta(seconds=15)
PAGES_PER_SWEEP = 20  # at once
MOST_PAGES = 60  # before a sweep is begun anew
BEGIN_ANEW = {"bad_request", "loop", "endless"}


def read_all(*, every: timedelta = timedelta(0)) -> int:
    """Read the mentions of every account that is due; returns how many mentions were new.

    Due is what was not read or tried in vain for so long, and does not rest.
    """
    now = desk_now()
    tried = Trouble.objects.filter(asked=Asked.MENTIONS, at__gt=now - every)
    feeds = (
        Feed.objects.filter(Q(rests_until__isnull=True) | Q(rests_until__lte=now))
        .filter(Q(read_at__isnull=True) | Q(read_at__lte=now - every))
        .exclude(account__in=tried.values("account"))
        .exclude(account__status=AccountState.REVOKED)
        .select_related("account__department")
        .order_by("id")
    )
    return sum(read(feed) for feed in feeds)


def read(feed: Feed) -> int:
    """Read what is new for one account, unless another worker is at it.

    Trouble is written down and shown.
    """
    now = desk_now()
    free = Feed.objects.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now), pk=feed.pk)
    if not free.update(leased_until=now + lease()):
        return 0
    feed.refresh_from_db()
    client = client_for(feed.account)
    try:
        take_up_stored(feed)
        found = sweep(feed, client)
        Feed.objects.filter(pk=feed.pk).update(read_at=DeskNow(), rests_until=None)
        read_failures.end(feed.account, Asked.MENTIONS)
        return found
    except NetworkError as trouble:
        read_failures.note(feed.account, Asked.MENTIONS, trouble)
        restart = {"sweep_token": ""} if trouble.code in BEGIN_ANEW else {}
        Feed.objects.filter(pk=feed.pk).update(rests_until=trouble.retry_at, **restart)
        return 0
    finally:
        client.close()
        Feed.objects.filter(pk=feed.pk).update(leased_until=None)


def sweep(feed: Feed, client: Connection) -> int:
    """Walk over the pages since the last position, the newest first.

    From where a broken sweep stopped.
    """
    if not feed.sweep_token:
        begin(feed)
    found = 0
    for _number in range(PAGES_PER_SWEEP):
        body = client.mentions(
            number_of(feed.account.external_id), since_id=feed.sweep_since, token=feed.sweep_token
        )
        with transaction.atomic():
            raw = RawPage.objects.create(feed=feed, body=body)
        page = take_up(raw, feed).checked()
        found += len(page.posts)
        turn_page(feed, page)
        if not page.next_token:
            finish(feed)
            break
    return found


def read_newest(account: ConnectedAccount, client: Connection) -> int:
    """Take in at once what came since the last sweep, before something is sent.

    Returns how many posts there were.

    It neither waits for a reader at work nor keeps one waiting: the feed's lease and position stay
    as they are, and what is read twice is known. Raises `NetworkError` where X could not be asked
    for all of it, and `ValueError` for an answer of another shape.
    """
    feed = Feed.objects.get(account=account)
    if feed.rests_until and feed.rests_until > desk_now():
        code = read_failures.code_of(account, Asked.MENTIONS) or "429"
        raise NetworkError(
            code, outcome=NOT_SENT, said="the mentions rest", retry_at=feed.rests_until
        )
    found, since = 0, since_for(feed)
    for page in turn(
        lambda token: client.mentions(number_of(account.external_id), since_id=since, token=token),
        most=PAGES_PER_SWEEP,
    ):
        ingest(page, account)
        found += len(page.posts)
    return found


def since_for(feed: Feed) -> int | None:
    """From which post on: a little before the newest known one, since X shows some posts late.

    None for the first reading.
    """
    return max(id_at(made_at(feed.newest_position) - OVERLAP), 1) if feed.newest_position else None


def begin(feed: Feed) -> None:
    """Start a sweep."""
    feed.sweep_since = since_for(feed)
    feed.sweep_newest = feed.sweep_oldest = None
    feed.sweep_token, feed.sweep_count, feed.sweep_seen = "", 0, []
    feed.save(
        update_fields=[
            "sweep_since",
            "sweep_newest",
            "sweep_oldest",
            "sweep_token",
            "sweep_count",
            "sweep_seen",
        ]
    )


def turn_page(feed: Feed, page: Page) -> None:
    """Note how far this sweep has come.

    Raises `NetworkError` where X leads us in a circle, or no end shows.
    """
    ids = [post.id for post in page.posts]
    feed.sweep_newest = max([*ids, feed.sweep_newest or 0, page.newest_id or 0]) or None
    feed.sweep_oldest = min(
        [*ids, *([feed.sweep_oldest] if feed.sweep_oldest else [])], default=None
    )
    feed.sweep_count += len(ids) + len(page.unreadable)
    feed.sweep_token, feed.leased_until = page.next_token, desk_now() + lease()
    if page.next_token:
        watch(page.next_token, feed.sweep_seen, MOST_PAGES)
    feed.save(
        update_fields=[
            "sweep_newest",
            "sweep_oldest",
            "sweep_count",
            "sweep_token",
            "sweep_seen",
            "leased_until",
        ]
    )


@transaction.atomic
def finish(feed: Feed) -> None:
    """Every page is in: look for a gap, then move the reading position."""
    if missed := unread(feed):
        after, before = missed
        gap, new = Gap.objects.get_or_create(
            account=feed.account,
            after_position=after,
            before_position=before,
            defaults={"after_at": made_at(after), "before_at": made_at(before)},
        )
        if new:
            record(
                events.GAP_FOUND, gap, topic=feed.account, department_id=feed.account.department_id
            )
    feed.newest_position = max(feed.newest_position or 0, feed.sweep_newest or 0) or None
    feed.sweep_token = ""
    feed.save(update_fields=["newest_position", "sweep_token"])


def unread(feed: Feed) -> tuple[int, int] | None:
    """Between which two ids this sweep may have left posts behind.

    None if everywhere it was complete.

    A sweep begins before the newest known post, so it ends at a known one unless X stopped handing
    out (at 800, fewer where posts came in while it was read) or that post is gone meanwhile. Then
    it has not reached back to those either that X shows late, so the gap begins before the newest
    known post, or where an earlier gap ends. When in doubt it is a gap: the search then finds
    nothing in it.
    """
    newest_known = feed.newest_position or id_at(feed.account.connected_at)
    if not feed.sweep_oldest or is_complete(feed, newest_known):
        return None
    begins = id_at(made_at(newest_known) - LATE) if feed.newest_position else newest_known
    earlier = (
        Gap.objects.filter(
            account=feed.account, after_position__lte=begins, before_position__gt=begins
        )
        .order_by("-before_position")
        .first()
    )
    if earlier:
        begins = earlier.before_position
    return (begins, feed.sweep_oldest) if begins < feed.sweep_oldest else None


def is_complete(feed: Feed, newest_known: int) -> bool:
    """Whether the sweep ended where it began: at a known post, with fewer than is handed out."""
    limits = network_of(feed.account.network).limits
    if feed.sweep_count < limits.may_miss:
        return True
    reached_known = feed.sweep_oldest is not None and feed.sweep_oldest <= newest_known
    return reached_known and feed.sweep_count < limits.handed_out


def take_up_stored(feed: Feed) -> None:
    """Pages that were stored but not read: a worker died between the two."""
    for raw in feed.rawpage_set.order_by("id"):
        take_up(raw, feed)


def take_up(raw: RawPage, feed: Feed) -> Page:
    """Read a stored page and forget the raw form, in one transaction.

    A page of another shape is parked whole.
    """
    with transaction.atomic():
        try:
            page = network_of(feed.account.network).read_page(raw.body)
        except ValueError as wrong:
            page = Page()
            ParkedPost.objects.create(
                account=feed.account, raw=raw.body, mark=f"page-{raw.pk}", why=str(wrong)[:200]
            )
        ingest(page, feed.account)
        raw.delete()
    return page


def read_parked_again() -> int:
    """Try every parked post once more, after our reading has learned something.

    Returns how many became readable.
    """
    done = 0
    for parked in ParkedPost.objects.filter(read_at__isnull=True).select_related(
        "account__department"
    ):
        try:
            post = network_of(parked.account.network).read_post(parked.raw)
        except MISSHAPEN:
            continue
        with transaction.atomic():
            ingest(Page(posts=[post]), parked.account)
            ParkedPost.objects.filter(pk=parked.pk, read_at__isnull=True).update(read_at=DeskNow())
        done += 1
    return done


def lease() -> timedelta:
    """How long a reader holds its feed without turning a page.

    Who died leaves it to the next one after that.
    """
    return timedelta(seconds=settings.X_TIMEOUT_SECONDS) + PAUSE_ALLOWED


def overdue_after() -> timedelta:
    """When a feed that was not read counts as silent."""
    return max(timedelta(seconds=60), pace.reading_interval() * 4)
