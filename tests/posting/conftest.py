"""Fixtures of the tests of posting."""

import pytest

from posting import delivery
from posting.models import Delivery


@pytest.fixture
def public(ready, x):
    """A reply that stands on X."""
    draft, shown = ready
    delivery.send_due()
    return Delivery.objects.get(), shown
