"""What the mentions timeline did not give.

Gaps are filled by search, and once a day timeline and search are held against what we have.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise

from django.db import transaction
from django.db.models import F, Max, Q

from core.audit import record
from core.clock import desk_now
from core.errors import Stale
from core.guards import DeskNow
from core.transitions import move
from tickets import events, profiles, troubles
from tickets.ingestion import take_in
from tickets.models import ConnectedAccount, Feed, Gap, Mention, ParkedPost, RawPage, Trouble
from tickets.states import GAP_MOVES, AccountState, Asked, GapStatus
from xapi.client import XClient
from xapi.errors import XError
from xapi.paging import turn, watch
from xapi.payloads import Page, XPost, id_at, read_page

SEARCH_REACHES = timedelta(days=7)
SEARCH_LAGS = timedelta(minutes=1)
MOST_NAMES = 8
PAGES_AT_ONCE = 10
MOST_PAGES = 200
MOST_COMPARED = 40
PAUSE = timedelta(minutes=1)  # after trouble with a gap
DAY = timedelta(hours=22)
SILENT_AT_LEAST = timedelta(hours=1)
SILENT_TIMES = 2
USUAL = timedelta(days=14)


def fill_gaps() -> int:
    """Go on with every open gap, a few pages each; returns how many posts were new."""
    found = 0
    now = desk_now()
    troubled = Trouble.objects.filter(asked=Asked.GAPS, at__gt=now - PAUSE).values("account")
    waits = Q(before_at__gt=now - SEARCH_LAGS) | Q(account__in=troubled)
    for gap in (
        Gap.objects.filter(~waits, status=GapStatus.FILLING)
        .exclude(account__status=AccountState.REVOKED)
        .select_related("account__department")
        .order_by("id")
    ):
        try:
            with troubles.asking(gap.account, Asked.GAPS) as client:
                found += fill(gap, client)
        except Stale:
            continue  # another worker was at it and has closed it
    return found


def fill(gap: Gap, client: XClient) -> int:
    """Search through a gap from its newer end; where it was broken off it goes on.

    Raises `XError` or `ValueError`; where X leads in a circle the search begins anew next time.
    """
    found = 0
    account = profiles.freshen(gap.account, client)
    if gap.token and len(account.handles_since(gap.updated_at)) > 1:
        begin_anew(gap)  # what X gave as the next page was of another question
    query = query_for(account.handles_since(gap.after_at))
    for _number in range(PAGES_AT_ONCE):
        page = read_page(
            client.search(query, since_id=gap.after_id, until_id=gap.before_id, token=gap.token)
        ).checked()
        with transaction.atomic():
            taken = take_in(for_us(page, account), account)
            found += len(taken.mentions)
            note_place(gap, page, len(taken.mentions))
            if not page.next_token:
                close(gap)
        if not page.next_token:
            break
        try:
            watch(page.next_token, gap.seen, MOST_PAGES)
        except XError:
            begin_anew(gap)
            raise
    return found


def begin_anew(gap: Gap) -> None:
    """Search the gap from its newer end again."""
    gap.token, gap.seen = "", []
    Gap.objects.filter(pk=gap.pk).update(token="", seen=[], updated_at=DeskNow())


def note_place(gap: Gap, page: Page, found: int) -> None:
    """Note how far the search has come, so that a broken one goes on there."""
    gap.token, gap.found = page.next_token, gap.found + found
    Gap.objects.filter(pk=gap.pk).update(
        token=gap.token,
        seen=[*gap.seen, *([gap.token] if gap.token else [])],
        found=F("found") + found,
        updated_at=DeskNow(),
    )


def close(gap: Gap) -> None:
    """Search found no more.

    What is older than search reaches may still be missing, and the gap stays visible.
    """
    reached = gap.after_at > desk_now() - SEARCH_REACHES
    move(gap, GapStatus.FILLED if reached else GapStatus.STAYS, moves=GAP_MOVES)
    record(
        events.GAP_CLOSED,
        gap,
        topic=gap.account,
        department_id=gap.account.department_id,
        status=gap.status,
        found=gap.found,
    )


def query_for(handles: list[str]) -> str:
    """Search for everything that names or answers us.

    By each handle that we bore in the time that is searched; X takes 512 characters.
    """
    return " OR ".join(f"@{one} OR to:{one}" for one in handles[:MOST_NAMES])


def for_us(page: Page, account: ConnectedAccount) -> Page:
    """Return the page without posts that X says name somebody else, and not us.

    Somebody who bears a handle of ours by now.
    """
    ours = {one.lower() for one in account.handles_since(datetime.min.replace(tzinfo=UTC))}
    return replace(
        page, posts=[post for post in page.posts if not names_another(post, account.x_id, ours)]
    )


def names_another(post: XPost, x_id: int, handles: set[str]) -> bool:
    """Whether these letters mean somebody else in this post, and nobody in it is us."""
    meant = {one.id for one in post.named if one.id}
    return x_id not in meant and any(one.id and one.handle in handles for one in post.named)


def compare_all() -> int:
    """Once a day for each feed: read timeline and search of the last day again.

    Returns how many posts had been missed.
    """
    missed = 0
    due = Q(compared_at__isnull=True) | Q(compared_at__lt=desk_now() - DAY)
    for feed in (
        Feed.objects.filter(due, newest_id__isnull=False)
        .exclude(account__status=AccountState.REVOKED)
        .select_related("account__department")
    ):
        with troubles.asking(feed.account, Asked.COMPARISON) as client:
            missed += compare(feed, client)
    return missed


def compare(feed: Feed, client: XClient) -> int:
    """Hold what X shows of the last day against what the desk has; what is missing is taken in.

    Returns how many were missing. Raises `XError` or `ValueError`, what was read is kept.
    """
    yesterday = desk_now() - timedelta(days=1)
    since, missed = id_at(yesterday), 0
    account = profiles.freshen(feed.account, client)
    query = query_for(account.handles_since(yesterday))
    for page in chain(
        pages(lambda token: client.mentions(feed.account.x_id, since_id=since, token=token)),
        pages(lambda token: client.search(query, since_id=since, token=token)),
    ):
        missed += len(take_in(for_us(page, account), account).mentions)
    with transaction.atomic():
        Feed.objects.filter(pk=feed.pk).update(compared_at=DeskNow(), compared_found=missed)
        record(
            events.FEED_COMPARED,
            feed.account,
            department_id=feed.account.department_id,
            missed=missed,
        )
    return missed


def pages(ask: Callable[[str], dict]) -> Iterator[Page]:
    """Yield the pages of a question; after forty it is enough. Raises `XError` for a circle."""
    try:
        yield from turn(ask, most=MOST_COMPARED)
    except XError as error:
        if error.code != "endless":
            raise


def notice_silence() -> int:
    """Raise or end the alarm of each silent feed; return how many are silent.

    Nothing came for twice as long as usual, an hour at least.
    """
    now, silent = desk_now(), 0
    for feed in Feed.objects.exclude(account__status=AccountState.REVOKED).select_related(
        "account"
    ):
        last = Mention.objects.filter(account=feed.account).aggregate(at=Max("taken_in_at"))["at"]
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
        Mention.objects.filter(account=feed.account, taken_in_at__gt=desk_now() - USUAL)
        .order_by("-taken_in_at")
        .values_list("taken_in_at", flat=True)[:2000]
    )
    if len(times) < 10:
        return timedelta.max
    return max(
        SILENT_AT_LEAST, SILENT_TIMES * max(later - earlier for later, earlier in pairwise(times))
    )


def forget_old_pages() -> int:
    """Raw pages live a day at most, parked posts thirty; returns how many went."""
    now = desk_now()
    gone = RawPage.objects.filter(at__lt=now - timedelta(days=1)).delete()[0]
    return gone + ParkedPost.objects.filter(at__lt=now - timedelta(days=30)).delete()[0]
