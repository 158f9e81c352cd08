"""What a page has read of a row already, and what it knows not to be there."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from core.database.prepared import Given, rows_of


def is_read(row: Model, name: str) -> bool:
    """Whether the rows of this relation were read together with the row."""
    return name in getattr(row, "_prefetched_objects_cache", {})


def read(
    row: Any,
    name: str,
    rows: Callable[[], QuerySet[Any]],
    *,
    has: bool = True,
    depends_on: tuple[Any, ...] = (),
) -> None:
    """Read the rows of a relation for a page, as Django's prefetching does, but for one row.

    From then on `row.name.all()` asks nothing. Where it `has` none, nothing is asked at all.
    `rows` gives the same query set each time, unless it says what that `depends_on`.
    """
    relation = row._meta.get_field(name)
    back, others = relation.field.name, relation.related_model._default_manager
    found = others.filter(**{back: row.pk}) if has else others.none()
    found._result_cache = []
    if has:
        key = (type(row), name, *depends_on)
        build = lambda: rows().filter(**{back: Given("row")})  # noqa: E731 - put together once
        found._result_cache = rows_of(key, build, row=row.pk)
        for one in found._result_cache:
            setattr(one, back, row)
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found
