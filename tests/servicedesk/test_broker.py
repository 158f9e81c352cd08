"""The broker is away: nobody waits for it, and workers are back soon after it."""

import pytest
from kombu.exceptions import OperationalError

from core.broker import page_updates, wake_worker
from servicedesk.celery import app
from servicedesk.operations.broker import LONGEST, QuickConnection

NOWHERE = "redis+socket:///nonexistent/valkey.sock"


@pytest.fixture
def sleeps(monkeypatch):
    """How long kombu slept, without sleeping."""
    found = []
    monkeypatch.setattr("kombu.utils.functional.sleep", found.append)
    return found


def test_who_submits_does_not_wait_for_a_broker_that_is_away(sleeps, monkeypatch):
    calls, send = [], app.send_task
    with QuickConnection(NOWHERE, transport_options=app.conf.broker_transport_options) as line:
        monkeypatch.setattr(
            app,
            "send_task",
            lambda name, **options: calls.append(name) or send(name, connection=line, **options),
        )
        page_updates._silent_until = 0
        wake_worker._send("posting.tasks.send_due")
        wake_worker._send("posting.tasks.send_due")
    assert calls == ["posting.tasks.send_due"]  # the second one is silent
    assert sleeps == []
    assert page_updates.is_silent()
    page_updates._silent_until = 0


def test_a_worker_tries_again_every_few_seconds_however_long_it_takes(sleeps):
    waits = []
    with pytest.raises(OperationalError), QuickConnection(NOWHERE) as line:
        line.ensure_connection(lambda error, wait: waits.append(wait), 30)
    assert len(waits) == 30
    assert max(waits) == LONGEST
