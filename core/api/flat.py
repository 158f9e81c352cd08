"""Answers with lists, read as values: no row of a model is made for what a program is told."""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any

from rest_framework import serializers
from rest_framework.fields import BooleanField, Field, ModelField
from rest_framework.relations import PrimaryKeyRelatedField


class FlatSerializer(serializers.ModelSerializer):
    """A model serializer for answers alone, which a list can do without: see `Columns`.

    Its fields read attributes: no method, no default, no value that is left out.
    """


class Columns:
    """What a flat serializer says of the values of rows, where no row is made of them.

    `names` are the columns that it needs, as a query set calls them.
    """

    def __init__(self, serializer: type[FlatSerializer]) -> None:
        fields = list(serializer()._readable_fields)
        self.names = [name for one in fields for name in columns_of(one, "")]
        self.read = values_reader(fields, "")


@cache
def columns(serializer: type[FlatSerializer]) -> Columns:
    """Return the columns of a serializer; looked up once in a process."""
    return Columns(serializer)


def columns_of(field: Field, before: str) -> list[str]:
    """Return the columns of one field; of another row its key at first."""
    path = before + "__".join(field.source_attrs)
    if isinstance(field, FlatSerializer):
        within = (columns_of(one, f"{path}__") for one in field._readable_fields)
        return [f"{path}_id", *chain.from_iterable(within)]
    return [f"{path}_id" if isinstance(field, PrimaryKeyRelatedField) else path]


def values_reader(
    fields: Iterable[Field], before: str
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return how the answer of these fields is read from values by name."""
    reads = [(str(one.field_name), value_reader(one, before)) for one in fields]

    def read(row: dict[str, Any]) -> dict[str, Any]:
        return {name: value(row) for name, value in reads}

    return read


def value_reader(field: Field, before: str) -> Callable[[dict[str, Any]], Any]:
    """Return how one field is read from values by name; null where there is no row."""
    first, *_others = columns_of(field, before)
    if isinstance(field, FlatSerializer):
        before += f"{'__'.join(field.source_attrs)}__"
        within = values_reader(field._readable_fields, before)
        return lambda row: None if row[first] is None else within(row)
    if isinstance(field, ModelField | PrimaryKeyRelatedField | BooleanField):
        return itemgetter(first)
    write = field.to_representation

    def read(row: dict[str, Any]) -> Any:
        value = row[first]
        return None if value is None else write(value)

    return read
