"""Many tickets about one thing: an outage, a wrong bill, a rumour."""

from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow, once_set
from core.database.one_line import on_one_line
from people.models import Department, User


class Incident(models.Model):
    """What many customers write about at once, in one department.

    Tickets are joined to it; each keeps its own reply and its own four eyes.
    """

    name = models.CharField(max_length=120)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())
    ended_at = models.DateTimeField(null=True)

    app_may = "SELECT, INSERT, UPDATE (name, ended_at)"

    class Meta:
        indexes = [
            models.Index(
                fields=["department", "-id"],
                condition=Q(ended_at__isnull=True),
                name="incident_open",
            )
        ]
        constraints = [
            once_set("tickets_incident", "ended_at"),
            on_one_line("incident", "name"),
            models.CheckConstraint(condition=~Q(name=""), name="incident_named"),
        ]

    def __str__(self) -> str:
        return self.name
