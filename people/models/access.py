"""Tokens for the API, and the facts about who set whose access."""

from django.db import models

from core.guards import DeskNow, append_only
from people.models.person import Person, User


class ApiToken(models.Model):
    """A key for the API. Only its SHA-256 is stored; the key itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=DeskNow())
    revoked_at = models.DateTimeField(null=True, blank=True)

    app_may = "SELECT, INSERT, UPDATE (revoked_at)"

    def __str__(self) -> str:
        return self.name


class AccessChange(models.Model):
    """`setter` set `subject`'s e-mail, password, second factor, person or role: for 7 days the two form no pair."""

    setter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [append_only("people_accesschange")]
        indexes = [models.Index(fields=["setter", "subject", "at"], name="access_change_pair")]

    def __str__(self) -> str:
        return f"{self.setter} → {self.subject}: {self.kind}"
