"""Posts of ours of which only a person can say whether they are the reply that is uncertain."""

from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow
from people.models import User
from posting.guards import DOUBT
from posting.models.delivery import Delivery
from tickets.models.external_id import ExternalIdField


class Doubt(models.Model):
    """A post at the place of an uncertain reply, in words that are not certainly its own.

    A person says once that it is another.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="doubts")
    external_id = ExternalIdField()
    position = models.BigIntegerField()
    text = models.TextField()
    written_at = models.DateTimeField()
    noticed_at = models.DateTimeField(db_default=DeskNow())
    another_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    another_at = models.DateTimeField(null=True)

    app_may = "SELECT, INSERT, UPDATE (another_by_id, another_at)"

    class Meta:
        constraints = [
            DOUBT,
            models.UniqueConstraint(fields=["delivery", "external_id"], name="doubt_once"),
            models.CheckConstraint(
                condition=Q(another_by__isnull=True, another_at__isnull=True)
                | Q(another_by__isnull=False, another_at__isnull=False),
                name="doubt_said_by",
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.external_id} at the place of {self.delivery}"
