"""What submitted texts name, for lists.

The post and the account of each, read out of its payload in three queries in all.
"""

from collections.abc import Iterable

from django.db.models import F

from approvals.models import Revision
from tickets.models import ConnectedAccount, Mention


def addressed(revisions: Iterable[Revision]) -> list[Revision]:
    """Return these revisions with `target` and `account` at hand."""
    rows = list(revisions)
    targets = [one.target_x_id for one in rows]
    posts = Mention.objects.select_related("customer", "account", "newest")
    by_number = {post.x_key: post for post in posts.filter(x_key__in=targets)}
    by_version = {
        post.answered: post
        for post in posts.filter(versions__x_id__in=targets).annotate(answered=F("versions__x_id"))
    }
    accounts = {
        (one.network, one.x_id): one
        for one in ConnectedAccount.objects.filter(x_id__in=[one.account_x_id for one in rows])
    }
    for one in rows:
        one.target = by_version.get(one.target_x_id) or by_number[one.target_x_id]
        one.account = accounts[one.network, one.account_x_id]
    return rows
