"""Django's `makemigrations`, which also freezes the SQL that a new migration names."""

from typing import Any

from django.apps import apps
from django.core.management.commands import makemigrations

from core.database.guards import Body


class Command(makemigrations.Command):
    """Write migrations, and beside them in `migrations/sql/` the bodies of guards."""

    def write_migration_files(self, changes: dict[str, list], *args: Any, **options: Any) -> None:
        """Freeze the bodies of the applications that change, unless this is a dry run."""
        if not self.dry_run:
            for label in changes:
                for model in apps.get_app_config(label).get_models():
                    for part in model._meta.constraints:
                        if isinstance(body := getattr(part, "body", None), Body):
                            body.freeze()
        super().write_migration_files(changes, *args, **options)
