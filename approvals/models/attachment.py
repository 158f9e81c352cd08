"""A picture that goes with a reply.

Its bytes never change; what a submitted text names by its hash is never deleted.
"""

from django.db import models
from django.db.models import Q

from approvals.guards import ATTACHMENT
from approvals.models.draft import Draft
from core.database.guards import DeskNow
from people.models import User


class Sha256OfBytes(models.Func):
    """SHA-256 of a binary column, hexadecimal."""

    template = "encode(sha256(%(expressions)s), 'hex')"
    output_field = models.CharField(max_length=64)


class Attachment(models.Model):
    """One picture of a draft, just as it will be uploaded to X, and its description.

    `alt` is saved while typing, like the draft's text; a revision freezes it beside the picture's
    hash. `is_attached` says whether the draft still has it: one that a revision names is put aside,
    any other is deleted.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="attachments")
    image = models.BinaryField()
    sha256 = models.GeneratedField(
        expression=Sha256OfBytes("image"),
        output_field=models.CharField(max_length=64),
        db_persist=True,
    )
    kind = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.TextField(blank=True)
    is_attached = models.BooleanField(default=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (alt, is_attached), DELETE"

    class Meta:
        constraints = [
            ATTACHMENT,
            models.CheckConstraint(
                condition=Q(kind__in=["image/jpeg", "image/png"]), name="attachment_kind_known"
            ),
            models.UniqueConstraint(fields=["draft", "sha256"], name="attachment_once"),
        ]

    def __str__(self) -> str:
        return f"picture {self.pk} of {self.draft_id}"

    @property
    def alt_field(self) -> str:
        """What its description is called in a form."""
        return f"alt:{self.pk}"
