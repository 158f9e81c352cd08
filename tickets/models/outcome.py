"""How a customer left: what an agent saw of it when the ticket was resolved."""

from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow, append_only
from people.models import User
from tickets.models.conversation import Mention
from tickets.models.ticket import Ticket
from tickets.states import LeftAs

SHOWN_BY_A_POST = (LeftAs.CONTENT, LeftAs.NEUTRAL, LeftAs.NOT_CONTENT)


class Outcomes(models.QuerySet["Outcome"]):
    """Outcomes, to be asked for those that hold."""

    def holding(self) -> "Outcomes":
        """Return those that were not taken back, without the rows that take one back."""
        return self.filter(undoes__isnull=True, undone_by__isnull=True)


class Outcome(models.Model):
    """How the customer left, with the post of theirs that shows it; a fact, never changed.

    Of a ticket that was resolved anew, the one of the last resolving counts; its event names it.
    `sampled` was drawn by a hash, so nobody chose it: a second person judges such a ticket blind.
    The row that takes one back names it (`undoes`) and has no value of its own.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="outcomes")
    value = models.CharField(max_length=12, choices=LeftAs.choices, blank=True)
    post = models.ForeignKey(Mention, null=True, on_delete=models.PROTECT, related_name="+")
    sampled = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    app_may = "SELECT, INSERT"
    objects = Outcomes.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "-id"], name="outcome_of_ticket"),
            models.Index(
                fields=["id"],
                condition=Q(sampled=True, undoes__isnull=True),
                name="outcome_sampled",
            ),
        ]
        constraints = [
            append_only("tickets_outcome"),
            models.CheckConstraint(
                condition=Q(value__in=SHOWN_BY_A_POST, post__isnull=False, undoes__isnull=True)
                | Q(value=LeftAs.NO_SIGN, undoes__isnull=True)
                | Q(value="", post__isnull=True, undoes__isnull=False, sampled=False),
                name="outcome_is_shown_by_a_post",
            ),
        ]

    def __str__(self) -> str:
        return f"outcome {self.pk} of {self.ticket}"
