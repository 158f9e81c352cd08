"""Fixtures of the tests of posting."""

import pytest

from posting.models import Delivery
from posting.sending import delivery

# The stories that the tables of these guards change.
from tests.approvals.stories import story  # noqa: F401
from tests.posting.stories import outbox  # noqa: F401


@pytest.fixture
def public(ready, x):
    """A reply that stands on X."""
    draft, shown = ready
    delivery.send_due()
    return Delivery.objects.get(), shown
