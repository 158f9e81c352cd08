"""What ends a notice before its reader has seen it."""

from django.dispatch import receiver

from core.database.guards import DeskNow
from core.models import Event
from notices.models import Notice
from tickets import events
from tickets.models import OwnPost
from tickets.signals import post_known, undone


@receiver(post_known)
def nobody_need_be_told(post: OwnPost, **_arguments: object) -> None:
    """Count the notices of a post as seen that somebody knows by now; no e-mail follows."""
    appeared = Event.objects.filter(
        name=events.OWN_POST_APPEARED, subject_kind="tickets.ownpost", subject_id=post.pk
    )
    Notice.objects.filter(event__in=appeared, seen_at=None).update(seen_at=DeskNow())


@receiver(undone)
def it_was_undone(event: int, **_arguments: object) -> None:
    """Count the notices of what was undone as seen; no e-mail follows."""
    Notice.objects.filter(event=event, seen_at=None).update(seen_at=DeskNow())
