"""Serializers for reading whose fields are looked up once for a list, not once for each row."""

from collections.abc import Callable
from functools import cached_property
from operator import attrgetter
from typing import Any

from rest_framework import serializers
from rest_framework.fields import Field, ModelField
from rest_framework.relations import PrimaryKeyRelatedField


class FlatSerializer(serializers.ModelSerializer):
    """A model serializer for answers alone: it says of a row what its parent class would.

    Its fields read attributes: no method, no default, no value that is left out.
    """

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return the row as plain values, field by field."""
        return {name: read(instance) for name, read in self._reads}

    @cached_property
    def _reads(self) -> list[tuple[str, Callable[[Any], Any]]]:
        return [(str(one.field_name), reader(one)) for one in self._readable_fields]


def reader(field: Field) -> Callable[[Any], Any]:
    """Return how the value of a field is read from a row; null where a row on the way is null.

    Raises an AttributeError there where the field may not be null.
    """
    if isinstance(field, PrimaryKeyRelatedField):
        return attrgetter(f"{field.source}_id")
    if isinstance(field, ModelField):
        return field.to_representation  # it takes the row, and its own attribute from it
    found, write = attrgetter(".".join(field.source_attrs)), field.to_representation

    def read(row: Any) -> Any:
        try:
            value = found(row)
        except AttributeError:
            if field.allow_null:
                return None
            raise
        return None if value is None else write(value)

    return read
