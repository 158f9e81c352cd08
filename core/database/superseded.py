"""Recognise a database of a version before 0.1.0, whose migrations this code no longer has.

Plain Python without Django, so that the launcher can read it before the settings are known.
"""

from collections.abc import Iterable

# The first migrations of those versions; none of today's bears their names.
FIRST_MIGRATIONS = (("core", "0001_clock"), ("core", "0001_initial"))
EXIT_STATUS = 3
SENTENCE = (
    "This database was made by a version of Paraph before 0.1.0 and cannot be carried over: "
    "start the demo with `python3 manage.py desk --reset` (its data goes), "
    "or name a new, empty database."
)


def is_too_old(applied: Iterable[tuple[str, str]]) -> bool:
    """Say whether the recorded migrations (application, name) are those of an older version."""
    return not set(FIRST_MIGRATIONS).isdisjoint(applied)
