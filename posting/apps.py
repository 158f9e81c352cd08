"""Wiring of the package that posts."""

from django.apps import AppConfig


class PostingConfig(AppConfig):
    """The outbox: approved revisions become posts on X, never twice."""

    name = "posting"
