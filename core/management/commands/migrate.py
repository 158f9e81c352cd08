"""Django's `migrate`, followed by the rights of the application's role."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from core.database import grants, superseded


class Command(migrate.Command):
    """Migrate as the owner, then put the declared rights in force (`core.database.grants`)."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a database from before 0.1.0; else migrate, and set the rights.

        Rights are a state and no history: they are set after every migrate, also where nothing
        was to do.
        """
        recorder = MigrationRecorder(connections[options["database"]])
        if superseded.is_too_old(recorder.applied_migrations()):
            raise CommandError(superseded.SENTENCE, returncode=superseded.EXIT_STATUS)
        super().handle(*args, **options)
        grants.keep_owners_rows()
        grants.enforce()
