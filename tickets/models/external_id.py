"""Ids as a network gives them: text that the desk compares and never counts with."""

from typing import Any

from django.db import models
from django.db.models import Q

from networks.names import Network

LONGEST = 200


class ExternalIdField(models.CharField):
    """The id of an account, customer, post or conversation on its network, letter for letter.

    It says nothing of the order of posts: that is their `position`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = LONGEST
        kwargs["db_collation"] = "C"
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return what a migration writes: a text column of its own length and order of letters."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def network_field() -> models.CharField:
    """Return the column that says on which network an id counts."""
    return models.CharField(max_length=20, choices=Network.choices, db_default=Network.X)


def network_known(table: str) -> models.CheckConstraint:
    """Refuse rows of a network that the desk does not know."""
    return models.CheckConstraint(
        condition=Q(network__in=Network.values), name=f"{table}_network_known"
    )
