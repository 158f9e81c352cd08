"""How a ticket stood before somebody's verb, kept while that can be undone."""

from django.db import models

from core.database.guards import DeskNow
from core.models import Event
from people.models import User
from tickets.models.ticket import Ticket


class UndoEntry(models.Model):
    """What one verb changed of a ticket: the columns as they stood before and after it.

    Kept for an hour. The facts stand elsewhere: in the event, and in that of its undoing.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField()
    after = models.JSONField()
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, DELETE"

    def __str__(self) -> str:
        return f"{self.event.name} of {self.ticket}"
