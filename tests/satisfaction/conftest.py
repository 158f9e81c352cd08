"""Tickets that were resolved with a word about how the customer left."""

import pytest

from tests import factories
from tickets import lifecycle
from tickets.models import Outcome
from tickets.outcomes import recording
from xapi.payloads import XUser


@pytest.fixture
def resolved(desk, monkeypatch):
    """`resolved("content", by=desk.aylin)`: the outcome of a new ticket by a new customer.

    It is drawn for the blind sample unless `drawn=False`; chance alone is stood in for.
    """
    customers = iter(range(1, 10_000))

    def make(value="content", *, by=None, drawn=True):
        n = next(customers)
        person = XUser(id=60_000 + n, handle=f"left_{n}", name=f"Robin {n}", followers=1)
        [ticket] = factories.arrive(desk, factories.post(by=person), users=(person,))
        monkeypatch.setattr(recording, "is_drawn", lambda *_a, **_k: drawn)
        said = recording.Said(value)
        lifecycle.resolve(ticket, reason="done", by=by or desk.aylin, left=said)
        return Outcome.objects.filter(ticket=ticket).latest("pk") if value else None

    return make
