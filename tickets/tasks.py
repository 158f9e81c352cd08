"""Entry points for the worker.

Each finds its work in the tables and may run twice, late or never.
"""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from core.broker.wake_worker import wake_on
from core.channel import acting_through
from people.hours import pace
from tickets import lifecycle
from tickets.accounts import profiles
from tickets.ingestion import feed_comparison, feed_health, gaps, polling, refresh, retention
from tickets.signals import account_connected
from tickets.undo import entries


@shared_task
def poll_mentions() -> None:
    """Read what is new on X."""
    with acting_through("worker"):
        # Half a call of the timetable early: a reading that took a while is no reason to miss one
        late = timedelta(seconds=settings.POLL_TICK_SECONDS / 2)
        polling.read_all(every=max(pace.reading_interval() - late, timedelta(0)))
        refresh.follow_open_tickets()


@shared_task
def read_parked() -> None:
    """Try parked posts once more: our reading may have learned something since."""
    with acting_through("worker"):
        polling.read_parked_again()


@shared_task
def wake_snoozed() -> None:
    """Bring snoozed tickets back, and forget what can be undone no more."""
    with acting_through("worker"):
        lifecycle.wake_due()
        entries.forget_old()


@shared_task
def fill_gaps() -> None:
    """Fill gaps by search."""
    with acting_through("worker"):
        gaps.fill_gaps()


@shared_task
def compare_with_x() -> None:
    """Once a day per feed, whenever that is due."""
    with acting_through("worker"):
        feed_comparison.compare_all()


@shared_task
def read_profiles() -> None:
    """Once a day per account, whenever that is due."""
    with acting_through("worker"):
        profiles.read_all()


@shared_task
def notice_silence() -> None:
    """Raise the alarm of silent feeds."""
    with acting_through("worker"):
        feed_health.notice_silence()


@shared_task
def empty_gone() -> None:
    """Remove the content of posts that are gone on X, and old raw pages."""
    with acting_through("worker"):
        retention.empty_gone()
        retention.forget_old_pages()


wake_on(account_connected, poll_mentions)
