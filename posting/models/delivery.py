"""The effort to post one revision: one row, its attempts, and the facts about each."""

from django.db import models
from django.db.models import Q

from approvals.models import Revision
from core.database.guards import CompositeForeignKey, DeskNow, append_only
from networks.names import Network, Surface
from people.models import User
from posting.fact_guards import DELIVERY_FACTS, TAKE_DOWN
from posting.guards import (
    ANSWERED_SINCE,
    ATTEMPT,
    DELIVERY,
    ON_ITS_WAY,
    RESULT,
    TIMELINE_CHECK,
    WAS_POSTED,
)
from posting.states import SUCCESS, DeliveryStatus, Outcome, TakeDownStatus
from tickets.models import ConnectedAccount
from tickets.models.external_id import ExternalIdField, network_field


class Delivery(models.Model):
    """At most one per revision, at most one in flight per account.

    `external_id` is the published post on its network.
    """

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64)
    account = models.ForeignKey(ConnectedAccount, on_delete=models.PROTECT)
    network = network_field()
    surface = models.CharField(max_length=20, choices=Surface.choices, db_default=Surface.PUBLIC)
    target_id = ExternalIdField()
    status = models.CharField(
        max_length=15, choices=DeliveryStatus.choices, default=DeliveryStatus.DUE
    )
    due_at = models.DateTimeField(db_default=DeskNow())
    claimed_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=30, blank=True)
    said = models.CharField(max_length=500, blank=True)
    external_id = ExternalIdField(null=True)
    uncertain_since = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=DeskNow())
    updated_at = models.DateTimeField(db_default=DeskNow())

    app_may = (
        "SELECT, INSERT, UPDATE (status, due_at, claimed_at, leased_until, tries, code, "
        "said, external_id, uncertain_since, look_at, "
        "updated_at)"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["status", "due_at"],
                condition=~Q(status__in=["posted", "void", "refused"]),
                name="delivery_open",
            ),
            models.Index(fields=["account", "-updated_at"], name="delivery_of_account"),
        ]
        constraints = [
            ON_ITS_WAY,
            WAS_POSTED,
            ANSWERED_SINCE,
            DELIVERY,
            DELIVERY_FACTS,
            models.CheckConstraint(
                condition=Q(status__in=DeliveryStatus.values), name="delivery_status_known"
            ),
            models.CheckConstraint(
                condition=Q(network__in=Network.values, surface__in=Surface.values),
                name="delivery_way_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="posted") | Q(external_id__isnull=False),
                name="delivery_posted_as",
            ),
            models.UniqueConstraint(fields=["external_id", "network"], name="delivery_post_once"),
            models.CheckConstraint(
                condition=~Q(status="in_flight") | Q(leased_until__isnull=False),
                name="delivery_leased",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(status="in_flight"), name="delivery_one_in_flight"
            ),
            CompositeForeignKey(
                name="delivery_of_this_text",
                columns="revision_id, sha256",
                to_table="approvals_revision",
                to_columns="id, sha256",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Attempt(models.Model):
    """One request to X, written down before it is made."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("posting_attempt"),
            ATTEMPT,
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_once"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.delivery}"


class Result(models.Model):
    """What became of an attempt, as seen at once, and what was found out later."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="results")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    external_id = ExternalIdField(null=True)
    code = models.CharField(max_length=30, blank=True)
    said = models.CharField(max_length=500, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("posting_result"),
            RESULT,
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="result_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=SUCCESS, external_id__isnull=False)
                | (~Q(outcome__in=SUCCESS) & Q(external_id__isnull=True)),
                name="result_names_its_post",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["seen", "unseen"]) | Q(by__isnull=False),
                name="result_said_by",
            ),
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(outcome__in=["posted", "not_sent", "refused", "uncertain"]),
                name="result_once_at_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.outcome}"


class TimelineCheck(models.Model):
    """A complete reading of our own timeline that did not find an uncertain reply."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="timeline_checks")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="timeline_checks")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [append_only("posting_timelinecheck"), TIMELINE_CHECK]

    def __str__(self) -> str:
        return f"reading for {self.delivery}"


class TakeDown(models.Model):
    """A lead's order to delete one of our posts on X.

    The reply's evidence stays; the worker carries the order out.
    """

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())
    status = models.CharField(
        max_length=10, choices=TakeDownStatus.choices, default=TakeDownStatus.ORDERED
    )
    code = models.CharField(max_length=30, blank=True)
    said = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField(db_default=DeskNow())
    updated_at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (status, code, said, due_at, updated_at)"

    class Meta:
        constraints = [
            TAKE_DOWN,
            models.CheckConstraint(
                condition=Q(status__in=TakeDownStatus.values), name="take_down_status_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="take_down_says_why"),
        ]

    def __str__(self) -> str:
        return f"take-down of {self.delivery}"


class Timing(models.Model):
    """The settle rule's times as the database enforces them, one row.

    The owner writes it at `migrate`; the application only reads.
    """

    id = models.SmallIntegerField(primary_key=True)
    settle_seconds = models.FloatField()
    second_reading_seconds = models.FloatField()

    app_may = "SELECT"
    kept_by_owner = (
        "INSERT INTO posting_timing (id, settle_seconds, second_reading_seconds) VALUES "
        "(1, %(SETTLE_SECONDS)s, %(SECOND_READING_SECONDS)s) "
        "ON CONFLICT (id) DO UPDATE SET settle_seconds = excluded.settle_seconds, "
        "second_reading_seconds = excluded.second_reading_seconds"
    )

    def __str__(self) -> str:
        return f"settled after {self.settle_seconds:g} s"
