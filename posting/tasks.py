"""Entry points for the worker."""

from celery import shared_task

from approvals.signals import draft_decided
from core.broker.wake_worker import wake_on
from core.channel import acting_through
from posting import reconciliation, takedown
from posting.own_posts import timeline
from posting.sending import delivery
from tickets.signals import sending_resumed


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


@shared_task
def watch_own_posts() -> None:
    """Notice posts on our accounts that did not come through the desk."""
    with acting_through("worker"):
        timeline.watch()


@shared_task
def take_down_due() -> None:
    """Delete on X what a lead ordered to be deleted."""
    with acting_through("worker"):
        takedown.carry_out()


wake_on(draft_decided, send_due)
wake_on(sending_resumed, send_due)
