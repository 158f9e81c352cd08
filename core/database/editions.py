"""What rarely changes and stands on every page, kept by this process until its tables change.

Who works where, which incidents are open, which accounts there are: a page reads the *edition* of
these tables first, a number that any change of any of their rows changes. What was kept under the
same edition is as true as if it were asked again. Only screens look at kept values; verbs and
guards ask the database.
"""

import functools
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, Model, QuerySet, TextField
from django.utils.translation import get_language

from core.database import planned

Asked = ParamSpec("Asked")
Found = TypeVar("Found")
MOST = 2000  # values; then all are asked anew
# What is kept, and which tables it is read from; a test holds each to that.
KEPT: dict[Callable[..., Any], tuple[type[Model], ...]] = {}
_edition: ContextVar[int | None] = ContextVar("edition", default=None)
_values: dict[Any, Any] = {}
MISSING: Any = object()

# Each version of a row has a place and a writer of its own, but on one server alone: a standby that
# was promoted gives both out again.
SERVER = "(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint"
OF_TABLE = "coalesce((SELECT sum(hashtid(ctid)::bigint * 31 + xmin::text::bigint) FROM {}), 0) * {}"


def expression() -> str:
    """Return SQL for the edition of all tables that kept values are read from, on this server."""
    tables = sorted({one._meta.db_table for models in KEPT.values() for one in models})
    sums = (
        OF_TABLE.format(connection.ops.quote_name(table), place + 1)
        for place, table in enumerate(tables)
    )
    return " + ".join((SERVER, *sums))


@contextmanager
def reading(edition: int | None) -> Iterator[None]:
    """Within, what was kept under this edition counts; None: everything is asked.

    Also until a later edition begins within.
    """
    token = _edition.set(edition)
    try:
        yield
    finally:
        _edition.reset(token)


def begin(edition: int) -> None:
    """From now on, within `reading`, what was kept under this edition counts."""
    _edition.set(edition)


def current() -> int | None:
    """Return the edition under which kept values count now; None where everything is asked."""
    return _edition.get()


def kept(
    *models: type[Model],
) -> Callable[[Callable[Asked, Found]], Callable[Asked, Found]]:
    """Keep what a function answers, which is read from nothing but these tables.

    It takes hashable arguments, and nobody changes what it returned. Each language has its own.
    """

    def keeping(function: Callable[Asked, Found]) -> Callable[Asked, Found]:
        KEPT[function] = models

        @functools.wraps(function)
        def asked(*given: Asked.args, **named: Asked.kwargs) -> Found:
            edition = _edition.get()
            if edition is None:
                return function(*given, **named)
            key = (edition, function, get_language(), given, tuple(sorted(named.items())))
            return cast(Found, value_of(key, lambda: function(*given, **named)))

        return asked

    return keeping


def rows_of(key: tuple[Any, ...], build: Callable[[], QuerySet[Any, Any]]) -> list[Any]:
    """Return the rows of a list of values, whose statement is put together once an edition.

    Putting one together costs more than asking it. `key` has all that the statement depends on.
    """
    edition = _edition.get()
    if edition is None:
        return list(build())
    sql, params = value_of((edition, "statement", *key), lambda: statement(build))
    if not sql:
        return []
    return planned.all_rows(connection.alias, sql, tuple(params))


def statement(build: Callable[[], QuerySet[Any, Any]]) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL of a list and its values; empty where no row can be in it.

    Raises a RuntimeError where a query is asked on the way: its answer would stand in the SQL for
    as long as that is kept.
    """
    try:
        with connection.execute_wrapper(nothing_asked):
            return build().query.sql_with_params()
    except EmptyResultSet:
        return "", ()


def nothing_asked(*_given: Any) -> None:
    """Refuse a query."""
    raise RuntimeError("A statement that is kept is put together without asking anything.")


def value_of(key: Hashable, made: Callable[[], Any]) -> Any:
    """Return what is kept under a key; made now, where there is nothing."""
    found = _values.get(key, MISSING)
    if found is MISSING:
        found = made()
        if len(_values) >= MOST:
            _values.clear()
        _values[key] = found
    return found


class RowVersion(Func):
    """Which version of its row a column is read from: another one after every update.

    It names a column of the row, one that lies in no other table.
    """

    output_field = TextField()

    def __init__(self, column: str) -> None:
        super().__init__(F(column))

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL: the row's writer and its place."""
        column: Any = self.source_expressions[0]
        alias = compiler.quote_name_unless_alias(column.alias)
        return f"({alias}.xmin::text || {alias}.ctid::text)", ()
