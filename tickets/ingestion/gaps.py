"""What the mentions timeline did not give.

Gaps are filled by search, and once a day timeline and search are held against what we have.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from core.audit import record
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from core.database.transitions import move
from core.errors import Stale
from networks.contract import Connection, Post
from networks.errors import NetworkError
from networks.ids import number_of
from networks.pages import Page
from networks.paging import watch
from networks.registry import network_of
from tickets import events
from tickets.accounts import profiles, read_failures
from tickets.ingestion.intake import ingest
from tickets.models import ConnectedAccount, Gap, Trouble
from tickets.states import GAP_MOVES, AccountState, Asked, GapStatus

SEARCH_REACHES = timedelta(days=7)
SEARCH_LAGS = timedelta(minutes=1)
PAGES_AT_ONCE = 10
MOST_PAGES = 200
PAUSE = timedelta(minutes=1)  # after trouble with a gap


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
            with read_failures.asking(gap.account, Asked.GAPS) as client:
                found += fill(gap, client)
        except Stale:
            continue  # another worker was at it and has closed it
    return found


def fill(gap: Gap, client: Connection) -> int:
    """Search through a gap from its newer end; where it was broken off it goes on.

    Raises `NetworkError` or `ValueError`; where X leads in a circle the search begins anew next
    time.
    """
    found = 0
    account = profiles.freshen(gap.account, client)
    if gap.token and len(account.handles_since(gap.updated_at)) > 1:
        begin_anew(gap)  # what X gave as the next page was of another question
    query = network_of(account.network).query_for(account.handles_since(gap.after_at))
    for _number in range(PAGES_AT_ONCE):
        page = (
            client.search(
                query, since_id=gap.after_position, until_id=gap.before_position, token=gap.token
            )
            .page()
            .checked()
        )
        with transaction.atomic():
            taken = ingest(for_us(page, account), account)
            found += len(taken.mentions)
            note_place(gap, page, len(taken.mentions))
            if not page.next_token:
                close(gap)
        if not page.next_token:
            break
        try:
            watch(page.next_token, gap.seen, MOST_PAGES)
        except NetworkError:
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


def for_us(page: Page, account: ConnectedAccount) -> Page:
    """Return the page without posts that X says name somebody else, and not us.

    Somebody who bears a handle of ours by now.
    """
    ours = {one.lower() for one in account.handles_since(datetime.min.replace(tzinfo=UTC))}
    number = number_of(account.external_id)
    return replace(
        page, posts=[post for post in page.posts if not names_another(post, number, ours)]
    )


def names_another(post: Post, number: int, handles: set[str]) -> bool:
    """Whether these letters mean somebody else in this post, and nobody in it is us."""
    meant = {one.id for one in post.named if one.id}
    return number not in meant and any(one.id and one.handle in handles for one in post.named)
