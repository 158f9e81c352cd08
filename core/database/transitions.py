"""The only place that writes a status."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.database.guards import DeskNow
from core.errors import IllegalMove, Reason, Stale


def move(
    obj: models.Model, to: str, *, moves: Mapping[Any, Collection[Any]], **fields: Any
) -> None:
    """Move `obj` to the status `to` and write `fields` with it.

    If `moves` allows it from the status it was loaded with.

    Refuses with `IllegalMove` what the table does not have, and with `Stale` when somebody else has
    moved it meanwhile.
    """
    was = obj.status  # type: ignore[attr-defined]
    if to not in moves[was]:
        raise IllegalMove(
            Reason(
                "illegal_move",
                _("That is not possible at this point. Load again to see where it stands now."),
            ),
            status=str(was),
            to=str(to),
        )
    changed = (
        type(obj)
        ._default_manager.filter(pk=obj.pk, status=was)
        .update(status=to, updated_at=DeskNow(), **fields)
    )
    if not changed:
        raise Stale(
            Reason(
                "moved_meanwhile",
                _("Somebody else was a moment faster. Load again to see where it stands now."),
            )
        )
    obj.status = to  # type: ignore[attr-defined]
    for name, value in fields.items():
        setattr(obj, name, value)
