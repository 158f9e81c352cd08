"""E-mails that could not be sent."""

from django.db import models

from core.database.guards import DeskNow
from core.database.one_line import on_one_line
from people.models.person import User


class UnsentLetter(models.Model):
    """A letter that was set aside, because it or its address is at fault.

    The newest for each address.

    Holds no words of the letter but its subject. It goes when a later letter reaches the address,
    and otherwise after a week.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    address = models.CharField(max_length=254, unique=True)
    subject = models.CharField(max_length=200)
    fault = models.CharField(
        max_length=60, help_text="what the mail server or the desk found, by its kind"
    )
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (user_id, subject, fault, at), DELETE"

    class Meta:
        constraints = [on_one_line("people_unsentletter", "address", "subject", "fault")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.address}"
