"""Wiring of the package that every other one stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Audit events, transitions, errors, guards of the database."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
