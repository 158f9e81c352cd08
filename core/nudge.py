"""Telling a worker that there is something to do. Only a wake-up: the work is found in tables, with or without it."""

import logging
import time

import celery
from django.db import transaction

log = logging.getLogger(__name__)
_silent_until = 0.0


def nudge(task: str) -> None:
    """Send the task's name after commit. Never raises; silent for 30 s after a broker that refused."""
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        celery.current_app.send_task(task, retry=False, ignore_result=True)
    except Exception as failure:
        _silent_until = time.monotonic() + 30
        log.warning("Workers are not nudged for 30 s: %s", failure)
