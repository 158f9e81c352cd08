"""A review is one decision about one revision, written once.

A void ends an approval. A claim is soft.
"""

from django.db import connection, models
from django.db.models import Q
from django.utils.functional import cached_property

from approvals.guards import DECISION_FAULT, REVIEW, VOID
from approvals.models.draft import Draft, Revision
from approvals.states import DECIDED, Decision, VoidReason
from core.database.guards import CompositeForeignKey, DeskNow, append_only
from people.models import Membership, Person, User


class Review(models.Model):
    """Who decided what about exactly this text.

    On which context version of the ticket, under which membership, through which channel.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="reviews")
    sha256 = models.CharField(max_length=64)
    decision = models.CharField(max_length=20, choices=Decision.choices)
    context_version = models.PositiveIntegerField()
    comment = models.TextField(max_length=2000, blank=True)
    paragraph = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    initials = models.CharField(
        max_length=4,
        db_default="",
        help_text="those that the person bore when deciding; set by the database",
    )
    channel = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="review_by_person")]
        constraints = [
            append_only("approvals_review"),
            DECISION_FAULT,
            REVIEW,
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="review_decision_known"
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.APPROVE) | ~Q(comment="", paragraph=""),
                name="review_says_why",
            ),
            CompositeForeignKey(
                name="review_of_this_text",
                columns="revision_id, sha256",
                to_table="approvals_revision",
                to_columns="id, sha256",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} of {self.revision}"

    @property
    def decided(self) -> str:
        """What was decided, as a participle in the reader's language."""
        return str(DECIDED[Decision(self.decision)])

    @cached_property
    def rests_on_one(self) -> bool:
        """Whether one person alone gave a right that this approval needs.

        No second person has confirmed it yet.
        """
        if self.decision != Decision.APPROVE:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT approvals_by_one(%s)", [self.pk])
            return bool(cursor.fetchone()[0])


class Void(models.Model):
    """From here on the approval no longer counts, and why."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT)
    reason = models.CharField(max_length=20, choices=VoidReason.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    detail = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("approvals_void"),
            VOID,
            models.CheckConstraint(
                condition=Q(reason__in=VoidReason.values), name="void_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"void of {self.review}: {self.reason}"


class Claim(models.Model):
    """Somebody is reading this draft; shown to the others, blocks nobody."""

    draft = models.OneToOneField(Draft, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (user_id, at), DELETE"

    def __str__(self) -> str:
        return f"{self.user} reads {self.draft}"
