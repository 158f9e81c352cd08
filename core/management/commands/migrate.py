"""Django's `migrate`, followed by the rights of the application's role."""

from typing import Any

from django.core.management.commands import migrate

from core import grants


class Command(migrate.Command):
    """Migrate as the owner, then put the declared rights in force (see `core/grants.py`)."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Rights are a state and no history: they are set after every migrate, also where nothing was to do."""
        super().handle(*args, **options)
        grants.keep_owners_rows()
        grants.enforce()
