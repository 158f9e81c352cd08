"""Whether a column is among many numbers, which go to the database as one array.

Thousands of values in an `IN` take Django longer to write than the database to look up.
"""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Expression, F, Func, Value

NUMBERS = ArrayField(BigIntegerField())


class OneOf(Func):
    """`column = ANY (array)`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def one_of(column: str, numbers: Iterable[int] | Expression) -> OneOf:
    """Return whether a column is among these numbers, or in an array that is given later."""
    if not isinstance(numbers, Expression):
        numbers = Value(sorted(numbers), output_field=NUMBERS)
    return OneOf(F(column), numbers)
