"""Whom the clock has called to a reply that waits, and when."""

from django.db import models
from django.db.models import Q

from approvals.models.draft import Revision
from core.database.guards import DeskNow, append_only
from people.models import Person
from tickets.models import Escalation


class Call(models.Model):
    """The clock called this person to a review (`revision`) or to an escalation that waits.

    Each step calls everybody of it once.

    `due_at` is when the step was due by the hours of service; `at` is when the desk got round to
    it.
    """

    revision = models.ForeignKey(
        Revision, null=True, on_delete=models.PROTECT, related_name="calls"
    )
    escalation = models.ForeignKey(
        Escalation, null=True, on_delete=models.PROTECT, related_name="calls"
    )
    step = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("approvals_call"),
            models.CheckConstraint(
                condition=Q(revision__isnull=True) ^ Q(escalation__isnull=True),
                name="call_about_one",
            ),
            models.UniqueConstraint(
                fields=["revision", "escalation", "person"], nulls_distinct=False, name="call_once"
            ),
        ]

    def __str__(self) -> str:
        return f"call of {self.person} to {self.revision or self.escalation}"
