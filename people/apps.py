"""Wiring of the package that knows who is who."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, sign-ins, departments, memberships, API tokens."""

    name = "people"

    def ready(self) -> None:
        """Make the API's description know our ways of signing in."""
        import_module("people.schema")
