"""Letters to those who forgot their password, and sessions that ran out."""

from celery import shared_task

from core.broker.wake_worker import wake_on
from people.identity import sessions
from people.invitations import password_reset
from people.signals import password_link_asked_for


@shared_task
def answer_password_wishes() -> None:
    """Send the links that were asked for at sign-in."""
    password_reset.answer()


@shared_task
def forget_expired_sessions() -> None:
    """Delete the sessions that ran out."""
    sessions.forget_expired()


wake_on(password_link_asked_for, answer_password_wishes)
