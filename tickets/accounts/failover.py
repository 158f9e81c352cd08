"""What the desk does on another database server than the one it knows.

The last transactions may be missing there: what was posted may look unsent, and what was approved
may be gone. So nothing is sent before our own timelines had time to show everything, and a person
has looked.
"""

from django.db import transaction

from core.database import lineage
from tickets.accounts import accounts
from tickets.models import ConnectedAccount
from tickets.states import AccountState


@transaction.atomic
def notice() -> bool:
    """Pause every account that sends, if the database is at another place; whether it is."""
    if not lineage.note():
        return False
    pause_all()
    return True


def pause_all() -> None:
    """Pause every account that sends, as after a restore."""
    for account in ConnectedAccount.objects.filter(status=AccountState.ACTIVE).order_by("id"):
        accounts.pause_by_x(account, code="restore", said="")
