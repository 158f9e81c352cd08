"""A sign of life of each worker and of beat: a file that is touched while its loop turns.

`/readyz?all` says whether any worker and beat work together; this says it of one process, for
whatever watches that process (a container's health check). Off where `DESK_ALIVE_FILE` is empty.
"""

from pathlib import Path
from typing import Any

from celery import bootsteps
from celery.beat import PersistentScheduler
from django.conf import settings

EVERY = 5.0  # seconds


def say() -> None:
    """Touch the file, if one is named."""
    if settings.ALIVE_FILE:
        Path(settings.ALIVE_FILE).touch()


class WorkerIsAlive(bootsteps.StartStopStep):
    """Part of each worker: its own timer touches the file, so a loop that stands does not."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        """Say it now, and every five seconds from now on."""
        say()
        self.timer = parent.timer.call_repeatedly(EVERY, say, priority=10)

    def stop(self, parent: Any) -> None:
        """Say nothing more."""
        self.timer.cancel()


class Scheduler(PersistentScheduler):
    """Celery's own beat, which says at each look at its timetable that it lives."""

    def tick(self, *arguments: Any, **named: Any) -> float:
        """As Celery's; returns the seconds until the next look."""
        say()
        seconds: float = super().tick(*arguments, **named)
        return seconds
