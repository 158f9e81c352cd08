"""`manage.py rotate_credentials`.

Encrypt every account's access with the first of DESK_CREDENTIALS_KEYS, so that an old key can
go.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.channel import acting_through
from tickets.accounts import accounts
from tickets.accounts.encryption import opened
from tickets.models import ConnectedAccount


class Command(BaseCommand):
    """Put the new key first and the old one after it, run this, then take the old one away."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """All or none: an account that no key opens is named, and nothing is changed."""
        with acting_through("command:rotate_credentials"), transaction.atomic():
            connected = list(ConnectedAccount.objects.select_for_update(no_key=True).order_by("id"))
            for account in connected:
                values = opened(account)
                if not values and account.credentials:
                    raise CommandError(
                        f"No key opens the access of {account}; nothing was changed. "
                        f"Connect it again, or add its key."
                    )
                accounts.keep_access(account, values, rotated=True)
        self.stdout.write(f"{len(connected)} accounts are encrypted with the first key.")
