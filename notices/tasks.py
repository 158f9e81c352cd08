"""Entry points for the worker: make notices, send them by e-mail, remind, throw away."""

from celery import shared_task

from notices import dispatch, notice_email


@shared_task
def tell() -> None:
    """Make the notices that are missing."""
    dispatch.tell()


@shared_task
def write_emails() -> None:
    """Send by e-mail the notices that are wanted so."""
    notice_email.send_due()


@shared_task
def remind_to_confirm() -> None:
    """Remind those who have not confirmed a guideline.

    Asked seldom: everybody concerned is looked at each time.
    """
    dispatch.remind()


@shared_task
def forget_old_notices() -> None:
    """Throw notices of more than a month ago away."""
    dispatch.forget_old()
