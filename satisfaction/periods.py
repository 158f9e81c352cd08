"""The months of which figures are told: whole ones that are over, so that none overlap.

Of two figures whose spans overlap, the difference would tell of single days, and so of whoever
worked then.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core.text import formatting


@dataclass(frozen=True)
class Month:
    """A calendar month that is over: from its first moment to that of the next month."""

    begins: datetime
    ends: datetime

    @property
    def label(self) -> str:
        """Say which month it is, as the desk counts its days, wherever the reader is."""
        here = timezone.localtime(self.begins, timezone.get_default_timezone())
        return formatting.month(here.date())


def begin_of(at: datetime, *, months: int = 0) -> datetime:
    """Return the first moment of the month of `at`, or of so many months later (or before)."""
    number = at.year * 12 + at.month - 1 + months
    naive = datetime(number // 12, number % 12 + 1, 1)
    return timezone.make_aware(naive, timezone.get_default_timezone())


def finished_months(now: datetime, *, count: int) -> list[Month]:
    """Return the last months that are over, the newest first, in the desk's own time zone."""
    here = timezone.localtime(now, timezone.get_default_timezone())
    return [
        Month(begin_of(here, months=-back), begin_of(here, months=1 - back))
        for back in range(1, count + 1)
    ]
