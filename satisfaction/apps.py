"""Wiring of the package that says how content customers are."""

from django.apps import AppConfig


class SatisfactionConfig(AppConfig):
    """Checks of outcomes, surveys and their answers, and the figures made of them."""

    name = "satisfaction"
