"""How tests ask for what is refused: the stable code of a reason, or of a refusal."""

from collections.abc import Callable

import pytest

from core.errors import DeskError, Reason
from people.models import User


def code(reason: Reason | None) -> str | None:
    """The reason's code; None where nothing stands in the way."""
    return reason.code if reason else None


def refused(act: Callable[[], object]) -> str:
    """Do this, which must be refused by the desk itself; returns the refusal's code."""
    with pytest.raises(DeskError) as error:
        act()
    return error.value.code


def off(user: User) -> User:
    """The same person with their sign-in switched off, in memory alone."""
    user.is_active = False
    return user
