"""`manage.py demo_people`: the demo's people as JSON, with what a script needs to act as them."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from people import demo
from servicedesk.operations.database_kind import refuse_without_mark


class Command(BaseCommand):
    """Print everybody in the demo.

    Username, password, name, role, department, initials and API token.
    """

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses a database that is no demo."""
        refuse_without_mark("demo")
        self.stdout.write(json.dumps(demo.listing(), ensure_ascii=False, indent=1))
