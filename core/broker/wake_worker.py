"""Telling a worker that there is something to do.

Only a wake-up: the work is found in tables, with or without it.
"""

import celery
from django.db import transaction
from django.dispatch import Signal

from core.broker import page_updates


def nudge(task: celery.Task) -> None:
    """Ask a worker to run the task, after commit.

    Never raises; silent for 30 s after a broker that refused or hung.
    """
    transaction.on_commit(lambda: _send(task.name), robust=True)


def wake_on(occasion: Signal, task: celery.Task) -> None:
    """Nudge the task whenever the signal is sent.

    So a package says what happened, and need not know which task of a higher one has work then.
    """

    def woken(**_arguments: object) -> None:
        nudge(task)

    occasion.connect(woken, weak=False)


def _send(task: str) -> None:
    if page_updates.is_silent():
        return
    try:
        celery.current_app.send_task(task, retry=False, ignore_result=True)
    except Exception as failure:
        page_updates.fall_silent(failure)
