"""Wiring of the package that tells people what concerns them."""

from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices made from the audit trail: in the desk, by e-mail, on the desktop."""

    name = "notices"

    def ready(self) -> None:
        """Let what ends a notice be heard."""
        import_module("notices.receivers")
