"""The content of posts that are gone on X goes here too, within 24 hours. That they were there, and what we said, stays."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from core.audit import record
from core.clock import desk_now
from tickets import events
from tickets.models import Mention, ParkedPost, PostVersion
from tickets.states import MentionState

WAIT = timedelta(minutes=10)
AT_ONCE = 200


def empty_gone() -> int:
    """Empty the text, links and pictures of posts that X no longer shows since ten minutes; returns how many mentions."""
    gone = Mention.objects.filter(status__in=[MentionState.DELETED, MentionState.HIDDEN], updated_at__lt=desk_now() - WAIT).filter(
        ~Q(versions__text="") | ~Q(versions__media=[]) | ~Q(versions__links=[])).distinct().select_related("ticket").order_by("id")[:AT_ONCE]
    for mention in gone:
        empty(mention)
    return len(gone)


@transaction.atomic
def empty(mention: Mention) -> None:
    """Remove the content of every version, and of what was parked of it."""
    ids = list(PostVersion.objects.filter(mention=mention).values_list("x_id", flat=True))
    PostVersion.objects.filter(mention=mention).update(text="", links=[], media=[])
    ParkedPost.objects.filter(account_id=mention.account_id, raw__id__in=[str(one) for one in ids]).delete()
    record(events.MENTION_EMPTIED, mention, topic=mention.ticket or mention, department_id=mention.ticket.department_id if mention.ticket else None)
