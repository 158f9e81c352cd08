"""What submitted texts name, for lists.

The post and the account of each, read out of its payload in two queries in all, seldom three.
"""

from collections.abc import Collection, Iterable

from approvals.models import Revision
from core.database import editions
from tickets.inbox.rows_at_hand import accounts_by_key
from tickets.models import ConnectedAccount, Mention, PostVersion


def newest_of(drafts: Iterable[int]) -> dict[int, Revision]:
    """Return the newest revision of each of these drafts, addressed, by the draft's key."""
    revisions = Revision.objects.filter(draft__in=list(drafts)).select_related("person")
    newest = {one.draft_id: one for one in revisions.order_by("number")}
    addressed(newest.values())
    return newest


def addressed(revisions: Iterable[Revision]) -> list[Revision]:
    """Return these revisions with `target` and `account` at hand."""
    rows = list(revisions)
    if not rows:
        return []
    targets = {one.target_external_id for one in rows}
    posts = posts_of(targets)
    named = {one.account_external_id for one in rows}
    ours: Iterable[ConnectedAccount] = ConnectedAccount.objects.filter(external_id__in=named)
    if editions.current() is not None:
        ours = accounts_by_key().values()
    accounts = {(one.network, one.external_id): one for one in ours}
    for one in rows:
        one.target = posts[one.network, one.target_external_id]
        one.account = accounts[one.network, one.account_external_id]
    return rows


def posts_of(ids: Collection[str]) -> dict[tuple[str, str], Mention]:
    """Return the posts by the ids of any of their versions, by network and id.

    One query, a second for a post whose first version never reached us.
    """
    versions = PostVersion.objects.filter(external_id__in=ids).select_related(
        "mention__customer", "mention__account", "mention__newest"
    )
    found = {(one.network, one.external_id): one.mention for one in versions}
    if left := set(ids) - {external_id for _network, external_id in found}:
        posts = Mention.objects.select_related("customer", "account", "newest")
        by_key = {
            (post.network, post.external_id): post for post in posts.filter(external_id__in=left)
        }
        found |= by_key
    return found
