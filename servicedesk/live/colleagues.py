"""Which colleagues are at the desk just now.

Those who have a page of it open, in departments that the person sees.
"""

from typing import Any

from core.broker import presence
from people.access import colleagues
from people.models import User

SHOWN = 3


def here(user: User) -> dict[str, Any]:
    """Return the first three by name, and how many more there are; nobody without a broker."""
    ids = presence.who([presence.DESK]).get(presence.DESK, [])
    people = list(colleagues(user).filter(pk__in=ids)) if ids else []
    return {
        "people": [{"stamp": one.stamp, "name": one.name} for one in people[:SHOWN]],
        "more": max(0, len(people) - SHOWN),
    }
