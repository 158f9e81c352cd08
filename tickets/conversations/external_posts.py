"""Posts of ours that did not come through the desk.

Which of them nobody has looked at yet, and saying that one is known.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from core.audit import record
from core.database.locking import lock_row
from core.errors import NotAllowed
from people.models import User
from tickets import events, policies
from tickets.models import KnownPost, OwnPost
from tickets.signals import post_known


def unknown() -> QuerySet[OwnPost]:
    """Return the posts that did not come through the desk and that nobody has said to know."""
    return OwnPost.objects.filter(through_desk=False, known__isnull=True)


@transaction.atomic
def mark_known(posts: Iterable[OwnPost], *, by: User) -> int:
    """Say of each of these posts that it is known; returns of how many nobody had said so.

    Refused whole where one belongs to an account of another lead's side.
    """
    marked = 0
    for own in sorted(posts, key=lambda one: one.pk):
        if reason := policies.why_not_know(own.account, by):
            raise NotAllowed(reason)
        lock_row(OwnPost, own.pk)
        if own.through_desk or KnownPost.objects.filter(own_post=own).exists():
            continue
        KnownPost.objects.create(own_post=own, by=by)
        record(
            events.OWN_POST_KNOWN,
            own,
            by=by,
            topic=own.account,
            department_id=own.account.department_id,
        )
        post_known.send(sender=OwnPost, post=own)
        marked += 1
    return marked
