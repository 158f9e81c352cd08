"""Entry points for the worker."""

from celery import shared_task

from approvals.escalation import reminders
from approvals.reviews import voiding
from core.channel import acting_through


@shared_task
def void_what_no_longer_holds() -> None:
    """Look for approvals that no longer hold."""
    with acting_through("worker"):
        voiding.void_all()


@shared_task
def call_overdue() -> None:
    """Call lead, deputy and the parent's lead to what waits too long."""
    with acting_through("worker"):
        reminders.call_all()
