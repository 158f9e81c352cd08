"""The whole examination of the evidence, in one snapshot of the database."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from core import audit_chain
from servicedesk.evidence import anchors, facts


@dataclass
class Report:
    """What was examined, and everything that does not hold."""

    links: int = 0
    anchors: int = 0
    faults: list[audit_chain.Fault] = field(default_factory=list)


def examine(
    *, anchor_file: Path | None = None, public_key: str = "", until: datetime | None = None
) -> Report:
    """Walk the chain, hold it against the anchors, and facts against their events.

    Changes nothing. `until` is the moment to which a restored database was put back.

    Call outside a transaction: everything is judged by one snapshot of its own.
    """
    with transaction.atomic(durable=True):
        audit_chain.one_snapshot()
        broken, end = audit_chain.first_break()
        report = Report(links=end.number, faults=[broken] if broken else [])
        report.faults += audit_chain.events_without_link()
        source = anchor_file or anchors.path()
        if source and source.exists():
            found, report.anchors = anchors.faults(source, public_key=public_key, until=until)
            report.faults += found
        report.faults += facts.faults()
    return report
