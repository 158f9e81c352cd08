"""Wiring of the package that knows who is who."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, sign-ins, departments, memberships, API tokens."""

    name = "people"

    def ready(self) -> None:
        """Make the API's description know our ways of signing in.

        Note who was kept out after too many wrong passwords, and wake the worker for who
        forgot one.
        """
        import_module("people.identity.api_schema")
        import_module("people.tasks")
        signals, throttling = (
            import_module("axes.signals"),
            import_module("people.identity.throttling"),
        )
        signals.user_locked_out.connect(throttling.note_lock, dispatch_uid="people.note_lock")
