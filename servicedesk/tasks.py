"""Sign of life of worker and beat, anchor of the audit chain, backups, our accounts."""

import requests
from celery import shared_task
from django.conf import settings

from core.broker.wake_worker import wake_on
from core.channel import acting_through
from core.database.guards import DeskNow
from core.models import Heartbeat
from networks.ids import external_id_of, number_of
from networks.names import Network
from servicedesk.backups import nightly
from servicedesk.evidence import anchors
from tickets.accounts import failover
from tickets.models import ConnectedAccount
from tickets.signals import account_connected


@shared_task
def heartbeat() -> None:
    """Beat sent this, a worker ran it: both live."""
    if not Heartbeat.objects.filter(name="worker").update(at=DeskNow()):
        Heartbeat.objects.get_or_create(name="worker")


@shared_task
def anchor() -> None:
    """Write the head of the audit chain outside the database, every five minutes.

    Where the last one is ahead of the chain, the database was put back: nothing is sent.
    """
    if anchors.is_ahead():
        with acting_through("worker"):
            failover.pause_all()
        anchors.write()
    anchors.write_if_due()


@shared_task
def back_up() -> None:
    """Make the backup that this night wants: a full one weekly, else an incremental one."""
    nightly.back_up_if_due(keep=settings.BACKUP_KEEP)


@shared_task
def rehearse_restore() -> None:
    """Prove once a week that the backups can be restored."""
    nightly.rehearse_if_due()


@shared_task
def join_simulated_x() -> None:
    """Make connected accounts that the simulated X does not know there.

    Nothing happens with the real one.
    """
    if not settings.X_IS_SIMULATED:
        return
    users = f"{settings.X_API_URL}/_control/users"
    known = {external_id_of(one["id"]) for one in requests.get(users, timeout=10).json()}
    for account in ConnectedAccount.objects.filter(network=Network.X).exclude(
        external_id__in=known
    ):
        requests.post(
            users,
            json={
                "username": account.handle,
                "name": account.name,
                "id": number_of(account.external_id),
                "account": True,
                "hue": 214,
            },
            timeout=10,
        )


wake_on(account_connected, join_simulated_x)
