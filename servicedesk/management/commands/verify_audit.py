"""`manage.py verify_audit`: whether the evidence still holds.

Names the first broken link and everything that does not agree.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from servicedesk.evidence.audit_check import examine

SHOWN = 50


class Command(BaseCommand):
    """Exit 0 if everything holds, 1 with a line for each fault otherwise."""

    help = "Verify the audit chain, its anchors, and that every fact has its event."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the anchors lie, and whose they are."""
        parser.add_argument(
            "--anchors", type=Path, help="the file of anchors (default: DESK_ANCHOR_FILE)"
        )
        parser.add_argument(
            "--public-key",
            default="",
            help="the public key that was written down elsewhere, hexadecimal",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Examine and report."""
        if options["anchors"] and not options["anchors"].exists():
            raise CommandError(f"There is no file {options['anchors']}.")
        report = examine(anchor_file=options["anchors"], public_key=options["public_key"])
        for fault in report.faults[:SHOWN]:
            self.stdout.write(str(fault))
        if report.faults:
            raise CommandError(
                f"{len(report.faults)} faults; {report.links} links hold up to the first "
                f"break, {report.anchors} anchors read."
            )
        self.stdout.write(
            f"ok: {report.links} links, {report.anchors} anchors, every fact has its "
            f"event, every decision its person's channel."
        )
