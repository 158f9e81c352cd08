"""`manage.py rehearse_restore`: prove that the backups can be restored."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from servicedesk.backups import journal, rehearsal
from servicedesk.backups.faults import BackupFault

DEFAULT = int(rehearsal.BACK.total_seconds() // 60)


class Command(BaseCommand):
    """The worker does the same every week where a directory for backups is set."""

    help = "Restore into a directory that is thrown away, examine the result, and write it down."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How far back."""
        parser.add_argument(
            "--minutes",
            type=int,
            default=DEFAULT,
            help=f"how long before the newest WAL the moment lies (default: {DEFAULT})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rehearse and report."""
        try:
            done = journal.rehearse(back=timedelta(minutes=options["minutes"]))
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault
        found, moment = done.findings, done.plan.moment
        to = moment.isoformat(timespec="seconds") if moment else "the end of the archive"
        self.stdout.write(
            f"ok: {done.plan.newest.name} restored to {to}; {found.head.number} links and "
            f"{found.anchors} anchors hold, {found.tickets} tickets"
        )
