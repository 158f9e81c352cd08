"""The mark of a database for trying out.

Commands that invent people or tickets refuse one without it.
"""

from django.core.management.base import CommandError

from core.models import DeskMark
from people.models import Person


def marks() -> set[str]:
    """`demo`, `scratch`, both or none."""
    return set(DeskMark.objects.values_list("kind", flat=True))


def refuse_without_mark(*kinds: str) -> None:
    """Raise a CommandError unless the database bears one of these marks."""
    if not marks() & set(kinds):
        raise CommandError(
            f"This database is not marked as {' or '.join(kinds)}; nothing was done."
        )


def set_mark(kind: str) -> None:
    """Mark the database."""
    DeskMark.objects.get_or_create(kind=kind)


def is_empty() -> bool:
    """Whether nobody works here yet."""
    return not Person.objects.exists()
