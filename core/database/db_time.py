"""The time that decides, asked of the database. Python passes no time of its own into a fact."""

from datetime import datetime

from django.db import connection


def desk_now() -> datetime:
    """Return what `desk_now()` says, with its time zone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT desk_now()")
        return cursor.fetchone()[0]
