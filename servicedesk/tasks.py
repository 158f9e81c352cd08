"""The sign of life of worker and beat."""

from celery import shared_task

from core.guards import DeskNow
from core.models import Heartbeat


@shared_task
def heartbeat() -> None:
    """Beat sent this, a worker ran it: both live."""
    if not Heartbeat.objects.filter(name="worker").update(at=DeskNow()):
        Heartbeat.objects.get_or_create(name="worker")
