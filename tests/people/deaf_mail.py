"""A mail server that takes nothing."""

from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    """Refuses every letter."""

    def send_messages(self, email_messages):
        """As a server that is away."""
        raise OSError("refused")
