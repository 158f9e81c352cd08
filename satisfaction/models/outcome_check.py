"""What a second person says of how a customer left, without knowing what the first one said."""

from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow, Guard, append_only, sql
from people.models import User
from tickets.models import Outcome
from tickets.states import LeftAs


class OutcomeCheck(models.Model):
    """The judgement of a reviewer on one outcome of the drawn sample; a fact, once for each.

    The database takes none of who recorded it, and none of an outcome that was not drawn.
    """

    outcome = models.OneToOneField(Outcome, on_delete=models.PROTECT, related_name="check_made")
    value = models.CharField(max_length=12, choices=LeftAs.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("satisfaction_outcomecheck"),
            Guard(
                name="satisfaction_outcomecheck_rule",
                when="BEFORE INSERT",
                definer=True,
                body=sql("satisfaction_outcomecheck_rule"),
            ),
            models.CheckConstraint(
                condition=Q(value__in=LeftAs.values), name="outcome_check_value_known"
            ),
        ]

    def __str__(self) -> str:
        return f"check of {self.outcome}"
