"""`manage.py seed_demo`.

The demo world into an empty database, or what is missing of it into a demo database.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.channel import acting_through
from servicedesk.demo import seeding
from servicedesk.operations import database_kind


class Command(BaseCommand):
    """Refuses a database in which people work that is not marked as demo."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """One switch."""
        parser.add_argument(
            "--only-if-empty-or-demo",
            action="store_true",
            help="do nothing, successfully, elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed."""
        if not database_kind.is_empty() and "demo" not in database_kind.marks():
            if options["only_if_empty_or_demo"]:
                return
            raise CommandError(
                "People work in this database and it is not marked as demo; nothing was done."
            )
        with acting_through("command:seed_demo"):
            seeding.seed()
