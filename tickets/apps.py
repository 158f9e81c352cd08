"""Wiring of the package that turns mentions into tickets."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Connected accounts, customers, mentions, tickets, notes."""

    name = "tickets"
