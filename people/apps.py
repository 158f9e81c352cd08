"""Wiring of the package that knows who is who."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, sign-ins, departments, memberships, API tokens."""

    name = "people"
