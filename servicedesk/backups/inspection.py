"""What a restored database holds: its evidence, its tickets, and whether its accounts open.

The desk's own functions look; for that, a thread of its own has the restored database in the place
of the desk's.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.db.utils import load_backend

from core import audit_chain
from core.audit_chain import Fault, Head
from core.models import Event
from servicedesk import env
from servicedesk.backups.catalogue import Backup
from servicedesk.backups.faults import BackupFault
from servicedesk.backups.programs import last_line
from servicedesk.backups.recovery import Recovered
from servicedesk.evidence import anchors, audit_check
from tickets.accounts import accounts, encryption
from tickets.models import ConnectedAccount, Ticket
from tickets.states import AccountState

Answer = TypeVar("Answer")


@dataclass
class Findings:
    """What was found.

    `is_older` says that this code has migrations which the database has not: nothing else was then
    asked. `beyond` is the last link that the anchors know of, where the chain ends before.
    """

    is_older: bool = False
    head: Head = field(default_factory=lambda: Head(0, audit_chain.GENESIS))
    faults: list[Fault] = field(default_factory=list)
    anchors: int = 0
    beyond: int = 0
    tickets: int = 0
    newest: datetime | None = None
    closed: list[str] = field(default_factory=list)


def inspect(recovered: Recovered, backup: Backup, moment: datetime | None) -> Findings:
    """Examine everything and change nothing."""
    return on_database(recovered, lambda: look(backup, moment))


def look(backup: Backup, moment: datetime | None) -> Findings:
    """Examine the database of this thread."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return Findings(is_older=True)
    newest = Event.objects.aggregate(at=Max("at"))["at"]
    until = moment or newest
    report = audit_check.examine(until=until)
    head = audit_chain.head()
    faults = report.faults
    if backup.number and audit_chain.hash_of_link(backup.number) != backup.hash:
        faults.append(
            Fault("chain_rewritten", f"link {backup.number}", "the backup knew another one")
        )
    last = anchors.last()
    return Findings(
        head=head,
        faults=faults,
        anchors=report.anchors,
        beyond=last.number if last and last.number > head.number else 0,
        tickets=Ticket.objects.count(),
        newest=newest,
        closed=[str(one) for one in ours() if not encryption.opened(one)],
    )


def ours() -> list[ConnectedAccount]:
    """Return the accounts that are not revoked."""
    return list(ConnectedAccount.objects.exclude(status=AccountState.REVOKED).order_by("id"))


def pause_all(recovered: Recovered) -> list[str]:
    """Let no account send before a person has looked: X may know more than this database.

    Returns the accounts' names. They bear the same reason as where the desk notices a restore by
    itself (`posting.own_posts.timeline`).
    """

    def pause() -> list[str]:
        for account in ours():
            accounts.pause_by_x(account, code="restore", said="")
        return [str(one) for one in ours()]

    return on_database(recovered, pause)


def on_database(recovered: Recovered, work: Callable[[], Answer]) -> Answer:
    """Call this in a thread of its own, whose database is the restored one.

    Raises `BackupFault` where that database does not answer as it should.
    """

    def run() -> Answer:
        address = recovered.address(name=settings.DATABASES[DEFAULT_DB_ALIAS]["NAME"], user=user)
        values = connections.settings[DEFAULT_DB_ALIAS] | env.database(address)
        backend = load_backend(values["ENGINE"])
        connections[DEFAULT_DB_ALIAS] = backend.DatabaseWrapper(values, DEFAULT_DB_ALIAS)
        try:
            return work()
        except DatabaseError as error:
            raise BackupFault("not_examined", said=last_line(str(error))) from error
        finally:
            connections.close_all()

    user = settings.APP_ROLE
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()
