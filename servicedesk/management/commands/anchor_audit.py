"""`manage.py anchor_audit`.

Write the head of the audit chain outside the database now, make a key, or show the public one.
"""

import base64
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from servicedesk.evidence import anchors


class Command(BaseCommand):
    """The worker does the same every five minutes."""

    help = "Anchor the head of the audit chain in DESK_ANCHOR_FILE, signed with DESK_ANCHOR_KEY."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two questions about keys."""
        parser.add_argument(
            "--new-key",
            action="store_true",
            help="print a new private key for DESK_ANCHOR_KEY and do nothing else",
        )
        parser.add_argument(
            "--public-key",
            action="store_true",
            help="print the public key, to be written down elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Anchor, or answer."""
        if options["new_key"]:
            self.stdout.write(base64.b64encode(os.urandom(32)).decode())
            return
        key = anchors.private_key()
        if key is None:
            raise CommandError(
                "DESK_ANCHOR_KEY is not set. `manage.py anchor_audit --new-key` makes one."
            )
        if options["public_key"]:
            self.stdout.write(anchors.public_hex(key))
            return
        if not anchors.write():
            raise CommandError("DESK_ANCHOR_FILE is not set; nothing was anchored.")
        self.stdout.write(f"anchored in {anchors.path()}")
