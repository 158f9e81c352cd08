"""What somebody was told, and how far the desk has got with telling."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow
from core.models import Event
from notices.kinds import NoticeKind
from people.models.person import User


class Notice(models.Model):
    """Tells one sign-in about one event.

    It holds ids only: no words of a customer, no text of a reply.

    `what` names the sentence; `ways` are those that the person had chosen when it was made; until
    `held_until` (quiet hours) it goes neither by e-mail nor to the desktop. Notices are a courtesy,
    not evidence: they are thrown away after a month.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    what = models.CharField(max_length=60)
    event = models.ForeignKey(
        Event, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    path = models.CharField(max_length=200)
    ticket_number = models.BigIntegerField(null=True)
    ways = ArrayField(models.CharField(max_length=8))
    held_until = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_tried_at = models.DateTimeField(null=True)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (seen_at, mailed_at, mail_tries, mail_tried_at), DELETE"

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(
                fields=["id"],
                condition=Q(mailed_at__isnull=True, seen_at__isnull=True, ways__contains=["email"]),
                name="notice_to_mail",
            ),
            models.Index(fields=["event"], name="notice_event"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "what", "event", "path"], name="notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.what} to {self.user}"


class NoticePosition(models.Model):
    """The number of the last link of the audit chain from which notices were made; one row.

    Links come in the order of commits, so none is passed over.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    link = models.BigIntegerField()

    app_may = "SELECT, INSERT, UPDATE (link)"

    def __str__(self) -> str:
        return f"notices up to link {self.link}"
