"""The sign of life of worker and beat, and the anchor of the audit chain."""

from celery import shared_task

from core.guards import DeskNow
from core.models import Heartbeat
from servicedesk.evidence import anchors


@shared_task
def heartbeat() -> None:
    """Beat sent this, a worker ran it: both live."""
    if not Heartbeat.objects.filter(name="worker").update(at=DeskNow()):
        Heartbeat.objects.get_or_create(name="worker")


@shared_task
def anchor() -> None:
    """Write the head of the audit chain outside the database, every five minutes."""
    anchors.write_if_due()
