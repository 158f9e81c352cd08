"""The rules by which new tickets find their department.

In versions, the newest of which is live, and a draft of the next one.
"""

from django.db import models

from core.database.guards import DeskNow, append_only
from people.models import User


class RoutingVersion(models.Model):
    """A live set of rules.

    `rules` is a list in order; each has `key`, `name`, `when` and `then` (`tickets/routing/`).
    """

    number = models.PositiveIntegerField(unique=True)
    rules = models.JSONField(default=list)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [append_only("tickets_routingversion")]

    def __str__(self) -> str:
        return f"routing {self.number}"


class RoutingDraft(models.Model):
    """The next set of rules while it is being written; one for the installation.

    `saved` counts the savings.
    """

    only = models.BooleanField(default=True, unique=True)
    based_on = models.PositiveIntegerField(default=0)
    rules = models.JSONField(default=list)
    saved = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE, DELETE"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="routing_draft_only")
        ]

    def __str__(self) -> str:
        return "draft of the routing"
