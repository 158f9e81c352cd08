"""Letters to those who forgot their password."""

from celery import shared_task

from people import forgetting


@shared_task
def answer_password_wishes() -> None:
    """Send the links that were asked for at sign-in."""
    forgetting.answer()
