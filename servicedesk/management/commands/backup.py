"""`manage.py backup`: copy the whole database into DESK_BACKUP_DIRECTORY, and prove the copy."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from servicedesk.backups import catalogue, journal
from servicedesk.backups.catalogue import FULL, INCREMENTAL
from servicedesk.backups.faults import BackupFault
from servicedesk.database import wal_archive


class Command(BaseCommand):
    """The worker does the same every night where the directory is set."""

    help = (
        "Make a backup in DESK_BACKUP_DIRECTORY (a full one, unless told otherwise) and verify it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which kind, how many stay, and two questions."""
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument(
            "--incremental",
            action="store_true",
            help="copy only what changed since the newest backup",
        )
        kind.add_argument("--list", action="store_true", help="list the backups that there are")
        kind.add_argument(
            "--server-settings",
            action="store_true",
            help="print what a PostgreSQL of your own must have in postgresql.conf",
        )
        parser.add_argument(
            "--keep",
            type=int,
            default=settings.BACKUP_KEEP,
            help="how many full backups stay, each with what builds on it "
            f"(default: {settings.BACKUP_KEEP}, by DESK_BACKUP_KEEP)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make one, or answer."""
        if options["keep"] < 1:
            raise CommandError("--keep must be at least 1.")
        try:
            if options["server_settings"]:
                self.print_settings()
            elif options["list"]:
                self.list_backups()
            else:
                self.make(INCREMENTAL if options["incremental"] else FULL, options["keep"])
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault

    def make(self, kind: str, keep: int) -> None:
        """Make one, and say what it is."""
        backup = journal.make(kind, keep=keep)
        self.stdout.write(
            f"{backup.name}: {filesizeformat(backup.size)}, verified, "
            f"audit chain at link {backup.number}"
        )

    def list_backups(self) -> None:
        """One line for each."""
        for one in catalogue.backups(catalogue.directory()):
            self.stdout.write(f"{one.name}: {filesizeformat(one.size)}, complete {one.ended_at}")

    def print_settings(self) -> None:
        """In the spelling of postgresql.conf."""
        for name, value in wal_archive.server_settings(catalogue.directory()).items():
            doubled = value.replace("'", "''")
            self.stdout.write(f"{name} = '{doubled}'")
