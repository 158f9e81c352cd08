"""The content of posts that are gone on X goes here too.

That they were there, and what we said, stays.

Only once X has said twice, an hour apart, that a post is gone or hidden (`refresh.py`).
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from core.audit import record
from core.database.db_time import desk_now
from tickets import events
from tickets.models import Mention, ParkedPost, PostVersion, RawPage

AT_ONCE = 200


def empty_gone() -> int:
    """Empty text, links, pictures and all else of posts that are surely gone.

    Returns of how many mentions.
    """
    gone = Mention.objects.filter(gone_confirmed_at__isnull=False).filter(
        ~Q(versions__text="")
        | ~Q(versions__media=[])
        | ~Q(versions__links=[])
        | ~Q(versions__named=[])
        | ~Q(versions__extras=[])
    )
    emptied = 0
    for mention in gone.distinct().select_related("ticket").order_by("id")[:AT_ONCE]:
        emptied += empty(mention)
    return emptied


@transaction.atomic
def empty(mention: Mention) -> bool:
    """Remove the content of every version, and of what was parked of it.

    Does nothing and returns False for a post that X shows again meanwhile.
    """
    sure = Mention.objects.select_for_update(no_key=True).filter(
        pk=mention.pk, gone_confirmed_at__isnull=False
    )
    if not sure.first():
        return False
    ids = list(PostVersion.objects.filter(mention=mention).values_list("external_id", flat=True))
    PostVersion.objects.filter(mention=mention).update(
        text="", links=[], media=[], named=[], extras=[]
    )
    ParkedPost.objects.filter(account_id=mention.account_id, raw__id__in=ids).delete()
    department = mention.ticket.department_id if mention.ticket else None
    record(
        events.MENTION_EMPTIED, mention, topic=mention.ticket or mention, department_id=department
    )
    return True


def forget_old_pages() -> int:
    """Raw pages live a day at most, parked posts thirty; returns how many went."""
    now = desk_now()
    gone = RawPage.objects.filter(at__lt=now - timedelta(days=1)).delete()[0]
    return gone + ParkedPost.objects.filter(at__lt=now - timedelta(days=30)).delete()[0]
