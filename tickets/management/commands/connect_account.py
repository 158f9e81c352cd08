"""`manage.py connect_account`: connect one of our accounts on X.

The four OAuth 1.0a values are asked for, tried, and stored encrypted.
"""

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.channel import acting_through
from core.errors import DeskError
from people.models import Department
from tickets.accounts import connecting


class Command(BaseCommand):
    """Asks X who the values belong to before anything is stored."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Which department owns the account."""
        parser.add_argument("--department", required=True, help="English name of the department")

    def handle(self, *args: Any, **options: Any) -> None:
        """Connect, or say why not."""
        department = Department.objects.filter(name_en=options["department"]).first()
        if department is None:
            raise CommandError(f"There is no department {options['department']}.")
        credentials = {name: getpass.getpass(f"{name}: ").strip() for name in connecting.VALUES}
        try:
            owner = connecting.owner_of(credentials)
            with acting_through("command:connect_account"):
                connecting.kept(
                    owner, credentials, handle=owner.handle, name="", department=department, by=None
                )
        except DeskError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"@{owner.handle} is connected to {department.name_en}.")
