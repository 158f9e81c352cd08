"""What submitted texts name, for lists.

The post and the account of each, read out of its payload in three queries in all.
"""

from collections.abc import Iterable

from django.db.models import F

from approvals.models import Revision
from tickets.models import ConnectedAccount, Mention


def newest_of(drafts: Iterable[int]) -> dict[int, Revision]:
    """Return the newest revision of each of these drafts, addressed, by the draft's key."""
    revisions = Revision.objects.filter(draft__in=list(drafts)).select_related("person")
    newest = {one.draft_id: one for one in revisions.order_by("number")}
    addressed(newest.values())
    return newest


def addressed(revisions: Iterable[Revision]) -> list[Revision]:
    """Return these revisions with `target` and `account` at hand."""
    rows = list(revisions)
    targets = [one.target_external_id for one in rows]
    posts = Mention.objects.select_related("customer", "account", "newest")
    by_key = {
        (post.network, post.external_id): post for post in posts.filter(external_id__in=targets)
    }
    by_version = {
        (post.network, post.answered): post
        for post in posts.filter(versions__external_id__in=targets).annotate(
            answered=F("versions__external_id")
        )
    }
    accounts = {
        (one.network, one.external_id): one
        for one in ConnectedAccount.objects.filter(
            external_id__in=[one.account_external_id for one in rows]
        )
    }
    for one in rows:
        answered = (one.network, one.target_external_id)
        one.target = by_version.get(answered) or by_key[answered]
        one.account = accounts[one.network, one.account_external_id]
    return rows
