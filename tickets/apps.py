"""Wiring of the package that turns mentions into tickets."""

from importlib import import_module

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Connected accounts, customers, mentions, tickets, notes."""

    name = "tickets"

    def ready(self) -> None:
        """Let the worker read the mentions of an account as soon as it is connected."""
        import_module("tickets.tasks")
