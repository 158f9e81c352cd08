"""Entry points for the worker."""

from celery import shared_task

from approvals import voiding
from core.acting import acting_through


@shared_task
def void_what_no_longer_holds() -> None:
    """Look for approvals that no longer hold."""
    with acting_through("worker"):
        voiding.void_all()
