"""Statements that PostgreSQL plans once for a connection and carries out by their names.

Planning a page's statement, with a dozen tables in it, takes the server longer than answering it.
Behind a pooler a connection is another one after each transaction: there nothing is prepared.
"""

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db import NotSupportedError, connections

Answer = TypeVar("Answer")
Values = tuple[Any, ...]
MOST = 100  # prepared statements of one connection; all others are sent whole
MOST_NAMES = 2000  # of this process
_names: dict[tuple[str, tuple[str, ...]], str] = {}


def asked(using: str, sql: str, values: Values, send: Callable[[str, Values], Answer]) -> Answer:
    """Return what `send` makes of the answer to this statement; it sends what it is given.

    `sql` has a `%s` for each value. Where a table has changed under the plan, it is asked anew;
    within a transaction that is too late, and PostgreSQL's `NotSupportedError` goes through.
    """
    try:
        return send(*prepared(using, sql, values))
    except NotSupportedError:
        connection = connections[using]
        if connection.in_atomic_block:
            raise
        forget(connection.connection)
        return send(sql, values)


def all_rows(using: str, sql: str, values: Values) -> list[tuple[Any, ...]]:
    """Return all rows of a statement that is asked again and again."""

    def sent(sql: str, values: Values) -> list[tuple[Any, ...]]:
        with connections[using].cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    return asked(using, sql, values, sent)


def prepared(using: str, sql: str, values: Values) -> tuple[str, Values]:
    """Return what to send for this statement: its name, once this connection has prepared it."""
    connection = connections[using]
    connection.ensure_connection()
    line = connection.connection
    known = getattr(line, "prepared", None)
    types = tuple(type_of(value) for value in values)
    name = name_of(sql, types)
    if known is None or settings.POOLED or name is None:
        return sql, values
    if name not in known:
        if len(known) >= MOST:
            return sql, values
        with connection.wrap_database_errors, line.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {numbered(sql, types)}")
        known.add(name)
    places = ", ".join(["%s"] * len(values))
    return f"EXECUTE {name}({places})" if values else f"EXECUTE {name}", values


def name_of(sql: str, types: tuple[str, ...]) -> str | None:
    """Return the name of a statement, the same on every connection; None where there are too many.

    The same text with values of other types is another statement.
    """
    key = sql, types
    if key not in _names and len(_names) < MOST_NAMES:
        _names[key] = f"desk_{len(_names)}"
    return _names.get(key)


def forget(line: Any) -> None:
    """Let a connection plan everything anew."""
    with line.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    line.prepared.clear()


def type_of(value: Any) -> str:
    """Return how the type of a value is said at its place.

    Nothing for what PostgreSQL has to see from what stands around it, as it does for words.
    """
    if isinstance(value, bool):
        return "::boolean"
    if isinstance(value, int):
        return "::integer" if -(2**31) <= value < 2**31 else "::bigint"
    if isinstance(value, list) and value and all(isinstance(one, int) for one in value):
        return "::bigint[]"
    if isinstance(value, datetime.datetime):
        return "::timestamptz"
    if isinstance(value, datetime.date):
        return "::date"
    if isinstance(value, datetime.timedelta):
        return "::interval"
    return ""


def numbered(sql: str, types: tuple[str, ...]) -> str:
    """Return the statement with PostgreSQL's numbered places instead of the driver's."""
    first, *parts = sql.split("%s")
    return first.replace("%%", "%") + "".join(
        f"${place}{type_}{part.replace('%%', '%')}"
        for place, (type_, part) in enumerate(zip(types, parts, strict=True), start=1)
    )
