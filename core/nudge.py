"""Telling a worker that there is something to do.

Only a wake-up: the work is found in tables, with or without it.
"""

import celery
from django.db import transaction

from core import live


def nudge(task: str) -> None:
    """Send the task's name after commit.

    Never raises; silent for 30 s after a broker that refused or hung.
    """
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    if live.is_silent():
        return
    try:
        celery.current_app.send_task(task, retry=False, ignore_result=True)
    except Exception as failure:
        live.fall_silent(failure)
