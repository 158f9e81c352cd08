"""`manage.py rotate_credentials`: encrypt every account's access with the first of DESK_CREDENTIALS_KEYS, so that an old key can go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.acting import acting_through
from core.audit import record
from tickets import events
from tickets.credentials import opened, sealed
from tickets.models import ConnectedAccount


class Command(BaseCommand):
    """Put the new key first and the old one after it, run this, then take the old one away."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """All or none: an account that no key opens is named, and nothing is changed."""
        with acting_through("command:rotate_credentials"), transaction.atomic():
            accounts = list(ConnectedAccount.objects.select_for_update(no_key=True).order_by("id"))
            for account in accounts:
                values = opened(account)
                if not values and account.credentials:
                    raise CommandError(f"No key opens the access of {account}; nothing was changed. Connect it again, or add its key.")
                ConnectedAccount.objects.filter(pk=account.pk).update(credentials=sealed(values))
                record(events.CREDENTIALS_ROTATED, account, department_id=account.department_id)
        self.stdout.write(f"{len(accounts)} accounts are encrypted with the first key.")
