"""What a page has read of a row already, and what it knows not to be there."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet


def is_read(row: Model, name: str) -> bool:
    """Whether the rows of this relation were read together with the row."""
    return name in getattr(row, "_prefetched_objects_cache", {})


def read(row: Any, name: str, rows: Callable[[], QuerySet[Any]], *, has: bool = True) -> None:
    """Read the rows of a relation for a page, as Django's prefetching does, but for one row.

    From then on `row.name.all()` asks nothing. Where it `has` none, nothing is asked at all.
    """
    relation = row._meta.get_field(name)
    if has:
        found = rows().filter(**{relation.field.name: row.pk})
        for one in found:
            setattr(one, relation.field.name, row)
    else:
        found = relation.related_model._default_manager.none()
        found._result_cache = []
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found
