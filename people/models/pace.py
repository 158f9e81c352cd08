"""How fast the desk works, where an administrator chose it while it runs."""

from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow
from people.models.person import User

BOUNDS = {
    "send_delay_seconds": (0, 60),
    "reading_seconds": (5, 3600),
    "session_hours": (1, 168),
    "reopen_days": (0, 365),
}


def within(column: str) -> models.CheckConstraint:
    """Return the constraint that holds a column within its bounds, or empty."""
    least, most = BOUNDS[column]
    fits = Q(**{f"{column}__gte": least, f"{column}__lte": most})
    return models.CheckConstraint(
        condition=fits | Q(**{f"{column}__isnull": True}), name=f"pace_{column}"
    )


class Pace(models.Model):
    """One row; what is empty is as the environment sets it.

    Times that decide whether a reply is sent twice are none of these: the owner of the database
    keeps them.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    send_delay_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    reading_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    session_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    reopen_days = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = """SELECT, INSERT, UPDATE (
        send_delay_seconds, reading_seconds, session_hours, reopen_days, by_id, at)"""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="pace_is_one"),
            *(within(column) for column in BOUNDS),
        ]

    def __str__(self) -> str:
        return "pace"
