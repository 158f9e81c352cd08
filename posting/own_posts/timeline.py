"""Our own timeline.

What stands there that the desk does not know, and how late X shows what we posted.

A post of ours is known if the desk has it, or if it is what an attempt without a known outcome
tried to post. What else stands at the place of such an attempt is for a person
(`posting.own_posts.candidates`); the rest did not come through the desk.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from core.database.db_time import desk_now
from networks.contract import Connection, Post
from networks.errors import NetworkError
from networks.ids import external_id_of, id_at, number_of, position_of
from networks.pages import Page
from networks.paging import turn
from people.models import Person
from posting.models import Delivery
from posting.own_posts import candidates
from tickets.accounts import accounts, read_failures
from tickets.ingestion import refresh
from tickets.models import ConnectedAccount, OwnPost
from tickets.states import AccountState, Asked

SIGNED = re.compile(r" \^([a-z]{2,4})$")
LAG_COUNTS = 1000
LAG_SHARE = 0.999
LAG_TIMES = 3
MOST_PAGES = 8
RECENT = timedelta(minutes=10)


def watch() -> int:
    """Read the timeline of every account; return how many were read.

    So that a post past the desk is noticed also when nothing is sent.
    """
    noticed = 0
    for account in (
        ConnectedAccount.objects.exclude(status=AccountState.REVOKED)
        .select_related("department")
        .order_by("id")
    ):
        with read_failures.asking(account, Asked.TIMELINE) as client:
            noticed += read(account, client)
    return noticed


def read(account: ConnectedAccount, client: Connection) -> int:
    """Read what is new on our timeline.

    Keep what the desk did not send, pause after a restored database; returns how many were new.

    Raises `NetworkError` where X could not be asked and `ValueError` for an answer of another
    shape.
    """
    began = desk_now()
    since = where_from(account, began)
    page = read_whole(account, client, since)
    # Only a complete reading says that a post is not shown yet
    if not page.next_token and not page.unreadable:
        note_lag(account, page, since, began)
    strangers, doubtful = unknown(page.posts, account)
    for delivery, posts in doubtful.items():
        candidates.raise_doubt(delivery, posts)
    if signs_of_a_restore(strangers, account):
        accounts.pause_by_x(account, code="restore", said="")
    kept = len(refresh.note_own_posts(strangers, account))
    page.checked()
    return kept


def where_from(account: ConnectedAccount, now: datetime) -> int:
    """From which id on.

    The newest post of ours that we know, but the last few minutes once more, since X shows some
    posts late.
    """
    newest = (
        OwnPost.objects.filter(account=account)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
    )
    recent = id_at(now - min(RECENT, timedelta(seconds=5 * settings.SETTLE_SECONDS)))
    connected = id_at(account.connected_at)
    return max(1, connected, min(newest or connected, recent))


def read_whole(account: ConnectedAccount, client: Connection, since: int) -> Page:
    """Every page since this id, newest first, at most eight.

    `next_token` stays set where there is more.

    What stood in the way after the first page is the `trouble` of the whole. Raises `NetworkError`
    where not even that one could be read.
    """
    whole = Page()
    try:
        for page in turn(
            lambda token: client.own_posts(
                number_of(account.external_id), since_id=since, token=token
            ),
            most=MOST_PAGES,
        ):
            whole.posts += page.posts
            whole.unreadable += page.unreadable
            whole.next_token = page.next_token
    except NetworkError as error:
        if not whole.next_token:
            raise
        whole.trouble = None if error.code == "endless" else error
    return whole


def unknown(
    posts: list[Post], account: ConnectedAccount
) -> tuple[list[Post], dict[Delivery, list[Post]]]:
    """Of the posts that the desk does not have.

    Those that nothing explains, and by delivery those at the place of a reply in doubt.
    """
    rest = refresh.not_kept(posts, account)
    at_places = candidates.unknown_at(rest, account)
    there = {post.id for post, _delivery in at_places}
    return [post for post in rest if post.id not in there], candidates.doubtful(at_places)


def signs_of_a_restore(strangers: Iterable[Post], account: ConnectedAccount) -> bool:
    """Whether a post signed in the desk's form stands there that nobody tried to send.

    Newer than the newest one the desk sent.

    So it looks when the database was put back to an earlier day: old approved drafts would be sent
    a second time.
    """
    sent = Delivery.objects.filter(network=OuterRef("network"), external_id=OuterRef("external_id"))
    newest = (
        OwnPost.objects.filter(Exists(sent), account=account)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
        or 0
    )
    signed = {
        match.group(1): post
        for post in strangers
        if position_of(external_id_of(post.id)) > newest
        and (match := SIGNED.search(post.text.rstrip()))
    }
    tried = Delivery.objects.filter(
        account=account,
        target_id__in=[
            external_id_of(post.replied_to) for post in signed.values() if post.replied_to
        ],
        attempts__isnull=False,
    )
    return Person.objects.filter(initials__in=list(signed)).exists() and not tried.exists()


@transaction.atomic
def note_lag(account: ConnectedAccount, page: Page, since: int, began: datetime) -> None:
    """Note the age of each of our posts that this complete reading did not show.

    Those that it should have shown.
    """
    shown = {external_id_of(post.id) for post in page.posts}
    ours = OwnPost.objects.filter(network=account.network)
    ours.filter(external_id__in=shown, seen_at__isnull=True).update(seen_at=began)
    for own in OwnPost.objects.filter(
        account=account,
        through_desk=True,
        gone_at__isnull=True,
        position__gt=since,
        written_at__lt=began,
    ).exclude(external_id__in=shown):
        age = (began - own.written_at).total_seconds()
        OwnPost.objects.filter(pk=own.pk, unseen_seconds__lt=age).update(unseen_seconds=age)


def settle_time(account: ConnectedAccount) -> timedelta:
    """How long after an attempt the absence of its post proves nothing.

    The setting, or three times the p99.9 of our own measured lag.

    A post that was never shown and is no longer recent was deleted by hand; it says nothing about
    the lag.
    """
    counting = OwnPost.objects.filter(
        Q(seen_at__isnull=False) | Q(written_at__gt=desk_now() - RECENT),
        account=account,
        through_desk=True,
    )
    lags = sorted(counting.order_by("-id").values_list("unseen_seconds", flat=True)[:LAG_COUNTS])
    measured = lags[min(len(lags) - 1, int(len(lags) * LAG_SHARE))] if lags else 0
    return timedelta(seconds=max(settings.SETTLE_SECONDS, LAG_TIMES * measured))
