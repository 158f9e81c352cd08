"""Wiring of the package that posts."""

from importlib import import_module

from django.apps import AppConfig


class PostingConfig(AppConfig):
    """The outbox: approved revisions become posts on X, never twice."""

    name = "posting"

    def ready(self) -> None:
        """Let the worker send as soon as a draft is decided or an account goes on."""
        import_module("posting.tasks")
