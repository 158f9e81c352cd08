"""`manage.py export_evidence FILE.zip`: the evidence as a signed archive with its own verifier."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from servicedesk.evidence import export


class Command(BaseCommand):
    """Refuses to overwrite a file."""

    help = (
        "Write chain, replies, anchor and manifest into a ZIP file; `python3 verify.py "
        "FILE.zip` checks it anywhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        if options["file"].exists():
            raise CommandError(f"{options['file']} is there already.")
        manifest = export.write(options["file"])
        signed = (
            f"signed with {manifest['key']}"
            if manifest["key"]
            else "not signed: DESK_ANCHOR_KEY is not set"
        )
        self.stdout.write(f"{options['file']}: {manifest['head']['number']} links, {signed}")
