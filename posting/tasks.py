"""Entry points for the worker."""

from celery import shared_task

from core.acting import acting_through
from posting import delivery, reconciliation


@shared_task
def send_due() -> None:
    """Send what is approved and due."""
    with acting_through("worker"):
        delivery.send_due()


@shared_task
def look_up_uncertain() -> None:
    """Find out what became of uncertain replies."""
    with acting_through("worker"):
        reconciliation.look_up_uncertain()
