"""Start the worker of a campaign.

The desk's own, in which chance cuts the process down at named places. Chance is all
that is mocked.

`PARAPH_PLACES` is JSON: `seed`, `shares` (kind to chance at each passing), `pause`
(seconds of a stop), `log` (a file).
"""

import functools
import json
import os
import random
import signal
import subprocess
import threading

from celery.signals import worker_process_init

from servicedesk.celery import app

ORDERS = json.loads(os.environ.get("PARAPH_PLACES") or "{}")
_chance = random.Random()
_posting = threading.local()


def hit(place: str) -> None:
    """Chance decides whether this passing of the place is cut, and how."""
    drawn = _chance.random()
    for kind, share in ORDERS.get("shares", {}).items():
        drawn -= share
        if drawn < 0:
            with open(ORDERS["log"], "a") as log:
                log.write(json.dumps({"place": place, "kind": kind, "pid": os.getpid()}) + "\n")
            return cut(kind, place)
    return None


def cut(kind: str, place: str) -> None:
    """Kill, exception, database gone, or stopped until after the lease."""
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif kind == "exception":
        raise RuntimeError(f"the campaign breaks off: {place}")
    elif kind == "database gone":
        from django.db import connection

        if connection.connection is not None:
            connection.connection.close()
    elif kind == "stop":
        subprocess.Popen(["sh", "-c", f"sleep {ORDERS['pause']}; kill -CONT {os.getpid()}"])
        os.kill(os.getpid(), signal.SIGSTOP)


def before(module, name: str, place: str) -> None:
    """Pass a place before this function."""
    original = getattr(module, name)

    @functools.wraps(original)
    def passing(*args, **kwargs):
        hit(place)
        return original(*args, **kwargs)

    setattr(module, name, passing)


def after(module, name: str, place: str, only=lambda *args: True) -> None:
    """Pass a place after this function."""
    original = getattr(module, name)

    @functools.wraps(original)
    def passing(*args, **kwargs):
        result = original(*args, **kwargs)
        if only(*args):
            hit(place)
        return result

    setattr(module, name, passing)


def mark_the_desk():
    """Put the places into the desk's own functions."""
    from core.models import Event
    from posting import reconciliation
    from posting.sending import delivery
    from tickets.ingestion import polling

    after(delivery, "record_posted", "after the outcome's commit")
    after(reconciliation, "find", "in the middle of a reconciliation")
    after(reconciliation, "record", "after a reconciliation, before its commit")
    after(Event, "save", "while an audit event is appended")
    before(polling, "take_up", "after a page was stored, before the reading position moved")
    before(polling, "turn_page", "after a page was taken in, before the reading position moved")
    after(polling, "turn_page", "between two pages of a mentions sweep")


def mark_the_wire():
    """Put the places around a request to X and its answer."""
    import urllib3.connection

    from xapi.client import XClient

    original_post, original_send, original_answer = (
        XClient.create_post,
        urllib3.connection.HTTPConnection.send,
        urllib3.connection.HTTPConnection.getresponse,
    )

    def create_post(self, *args, **kwargs):
        _posting.on = True
        try:
            return original_post(self, *args, **kwargs)
        finally:
            _posting.on = False

    def send(self, data):
        if getattr(_posting, "on", False) and len(data) > 20:
            half = len(data) // 2
            original_send(self, data[:half])
            hit("while the request is being written")
            return original_send(self, data[half:])
        return original_send(self, data)

    def getresponse(self, *args, **kwargs):
        if getattr(_posting, "on", False):
            hit("after the request was written, before the answer")
        return original_answer(self, *args, **kwargs)

    XClient.create_post = create_post
    urllib3.connection.HTTPConnection.send = send
    urllib3.connection.HTTPConnection.getresponse = getresponse


@worker_process_init.connect
def install(**_: object) -> None:
    """In each forked child: other seeds, the same places."""
    if not ORDERS:
        return
    _chance.seed(f"{ORDERS['seed']}:{os.getpid()}")

    from posting.sending import delivery

    before(delivery, "claim", "before the claim")
    after(
        delivery,
        "record",
        "after the claim, before its commit",
        lambda name, *rest: name == "reply.sending",
    )
    before(delivery, "send", "after the claim's and the attempt's commit, before the request")
    after(
        delivery,
        "record",
        "after the answer, before its commit",
        lambda name, *rest: name in {"reply.posted", "reply.uncertain", "reply.not_sent"},
    )
    mark_the_desk()

    mark_the_wire()


__all__ = ["app"]
