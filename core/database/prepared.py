"""Query sets whose SQL is put together once in a process and asked again with other values.

Putting the statement of a page's query together takes Django longer than PostgreSQL needs to
answer it. What varies from page to page stands in the query set as a `Given`; everything else that
the statement depends on is its key.
"""

from collections.abc import Callable, Hashable, Iterator
from copy import copy
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import ValuesIterable
from django.db.models.sql.compiler import SQLCompiler

from core.database import planned

Row = TypeVar("Row", bound=Model)
MOST = 500  # statements of one process; then all are put together anew
_statements: dict[Hashable, "Statement"] = {}


class Given(RawSQL):
    """A value in a query set that is put in when it is asked."""

    def __init__(self, name: str, field: Field | None = None) -> None:
        self.name = name
        super().__init__("%s", (Place(name),), output_field=field)


class Place:
    """Where a given value goes among the values of a statement."""

    def __init__(self, name: str) -> None:
        self.name = name


class Statement:
    """A query set with its SQL, to be asked again and again by any thread.

    `compiler` is as Django leaves it once the SQL is put together: it knows which column is which.
    """

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows
        self.compiler: SQLCompiler = rows.query.get_compiler(using=rows.db)
        self.sql, self.values = self.compiler.as_sql()
        asked_for = [one[0] for one in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(asked_for)

    def asked(self, given: dict[str, Any]) -> list[Any]:
        """Return the rows with these values in their places; one query.

        Raises a KeyError where a value is missing.
        """
        values = tuple(
            given[value.name] if isinstance(value, Place) else value for value in self.values
        )
        return planned.asked(self.rows.db, self.sql, values, self.sent)

    def sent(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        """Return the rows that this SQL answers with, which has the statement's columns."""
        compiler = copy(self.compiler)
        compiler.connection = connections[self.rows.db]
        compiler.as_sql = lambda *_given, **_named: (sql, values)  # type: ignore[method-assign]
        compiler.get_converters = lambda *_given: self.converters  # type: ignore[method-assign]
        query = copy(self.rows.query)
        query.get_compiler = lambda *_given, **_named: compiler  # type: ignore[method-assign]
        rows: QuerySet[Any] = QuerySet(self.rows.model, query=query, using=self.rows.db)
        rows._iterable_class = self.rows._iterable_class
        return list(rows)


class PlannedValues(ValuesIterable):
    """How a query set of values is asked whose statement many ask alike, with other values."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        rows: Any = self.queryset.all()
        rows._iterable_class = ValuesIterable
        return iter(Statement(rows).asked({}))


def rows_of(key: Hashable, build: Callable[[], QuerySet[Row]], /, **given: Any) -> list[Row]:
    """Return the rows of the query set that `build` gives, with a value for each `Given` in it.

    `key` has all that the statement depends on besides. `build` asks nothing, and what it returns
    prefetches nothing.
    """
    statement = _statements.get(key)
    if statement is None:
        if len(_statements) >= MOST:
            _statements.clear()
        statement = _statements[key] = Statement(build())
    return statement.asked(given)
