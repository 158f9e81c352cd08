"""`manage.py connect_account`: connect one of our accounts on X. The four OAuth 1.0a values are asked for, tried, and stored encrypted."""

import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.acting import acting_through
from people.models import Department
from tickets import accounts
from xapi.client import XClient
from xapi.errors import XError
from xapi.payloads import read_user

VALUES = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


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
        credentials = {name: getpass.getpass(f"{name}: ").strip() for name in VALUES}
        client = XClient(credentials, base_url=settings.X_API_URL, vocabulary=settings.X_VOCABULARY, timeout=settings.X_TIMEOUT_SECONDS)
        try:
            user = read_user(client.me()["data"])
        except (XError, ValueError, KeyError) as wrong:
            raise CommandError(f"X does not accept these values: {wrong}") from wrong
        with acting_through("command:connect_account"):
            accounts.connect(x_id=user.id, handle=user.handle, name=user.name, avatar_url=user.avatar_url, department=department,
                             credentials=credentials)
        self.stdout.write(f"@{user.handle} is connected to {department.name_en}.")
