"""Entry points for the worker. Each finds its work in the tables and may run twice, late or never."""

from celery import shared_task

from core.acting import acting_through
from tickets import following, lifecycle, reading


@shared_task
def poll_mentions() -> None:
    """Read what is new on X."""
    with acting_through("worker"):
        reading.read_all()
        following.follow_open_tickets()


@shared_task
def read_parked() -> None:
    """Try parked posts once more: our reading may have learned something since."""
    with acting_through("worker"):
        reading.read_parked_again()


@shared_task
def wake_snoozed() -> None:
    """Bring snoozed tickets back."""
    with acting_through("worker"):
        lifecycle.wake_due()
