"""Texts that a department keeps for questions that come again and again."""

from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow, once_set
from core.database.one_line import on_one_line
from people.models import Department, User
from tickets.models import Incident


class SavedReply(models.Model):
    """A start for a reply, in one language.

    `{customer}` and `{agent}` are filled in; any other `{field}` is for the writer to replace.

    Without a department it is the company's; with an incident it is offered in that incident's
    tickets alone, and stands in their reply to begin with. `uses` counts how often it was put into
    a reply.
    """

    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="texts"
    )
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=2, choices=[("de", "Deutsch"), ("en", "English")])
    text = models.TextField(max_length=2000)
    uses = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (title, language, text, uses, retired_at, by_id, at)"

    class Meta:
        indexes = [
            models.Index(
                fields=["department", "-uses"],
                condition=Q(retired_at__isnull=True),
                name="saved_reply_most_used",
            )
        ]
        constraints = [
            once_set("approvals_savedreply", "retired_at"),
            on_one_line("saved_reply", "title"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="saved_reply_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title
