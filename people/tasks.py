"""Letters to those who forgot their password, and sessions that ran out."""

from celery import shared_task

from core.nudge import wake_on
from people import forgetting, sessions
from people.signals import password_link_asked_for


@shared_task
def answer_password_wishes() -> None:
    """Send the links that were asked for at sign-in."""
    forgetting.answer()


@shared_task
def forget_expired_sessions() -> None:
    """Delete the sessions that ran out."""
    sessions.forget_expired()


wake_on(password_link_asked_for, answer_password_wishes)
