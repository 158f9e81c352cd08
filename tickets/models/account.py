"""Our accounts on the networks, and how reading their mentions stands."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow, once_set
from core.database.one_line import on_one_line
from people.models import Department, User
from tickets.guards import ACCESS, KEEP_ACCESS
from tickets.models.external_id import ExternalIdField, network_field, network_known
from tickets.states import AccountState, Asked, GapStatus


class ConnectedAccount(models.Model):
    """An account of ours on a network, owned by one department.

    Credentials are encrypted and bound to it (`tickets.accounts.encryption`).
    """

    network = network_field()
    external_id = ExternalIdField()
    handle = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    avatar_url = models.CharField(max_length=500, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    credentials = models.BinaryField(default=bytes)
    status = models.CharField(
        max_length=10, choices=AccountState.choices, default=AccountState.ACTIVE
    )
    pause_code = models.CharField(max_length=30, blank=True)
    pause_reason = models.CharField(max_length=500, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rests_until = models.DateTimeField(null=True, blank=True)
    rest_code = models.CharField(max_length=30, blank=True)
    former_handles = models.JSONField(
        default=list, db_default=[], help_text="what X called it before, and until when"
    )
    profile_read_at = models.DateTimeField(
        null=True, blank=True, help_text="when X last said what it is called"
    )
    connected_at = models.DateTimeField(db_default=DeskNow())
    updated_at = models.DateTimeField(db_default=DeskNow())

    app_may = (
        "SELECT, INSERT, UPDATE (handle, name, avatar_url, department_id, status, "
        "pause_code, pause_reason, "
        "paused_at, paused_by_id, rests_until, rest_code, former_handles, profile_read_at, "
        "updated_at)"
    )

    class Meta:
        constraints = [
            ACCESS,
            KEEP_ACCESS,
            on_one_line("account", "handle", "name"),
            network_known("account"),
            models.UniqueConstraint(fields=["external_id", "network"], name="account_once"),
            models.UniqueConstraint(fields=["handle", "network"], name="account_handle_once"),
            models.CheckConstraint(
                condition=Q(status__in=AccountState.values), name="account_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=AccountState.PAUSED) | Q(paused_at__isnull=False),
                name="account_paused_when",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def initial_letters(self) -> str:
        """For the stamp where there is no picture."""
        return self.handle[:2]

    def handles_since(self, at: datetime) -> list[str]:
        """Return what it is called, and what it was called at any time since then.

        Posts of those days name it so.
        """
        known = {self.handle.lower(): self.handle}
        for one in reversed(self.former_handles):
            if datetime.fromisoformat(one["until"]) >= at:
                known.setdefault(one["handle"].lower(), one["handle"])
        return list(known.values())

    @property
    def former_lately(self) -> str:
        """What it was called until at most a week ago; empty where nothing changed."""
        _today, *lately = self.handles_since(datetime.now(UTC) - timedelta(days=7))
        return lately[0] if lately else ""


class Feed(models.Model):
    """How far the mentions of an account have been read.

    The position moves only once every page of a sweep is stored.
    """

    account = models.OneToOneField(ConnectedAccount, on_delete=models.PROTECT)
    newest_position = models.BigIntegerField(null=True)
    sweep_since = models.BigIntegerField(null=True)
    sweep_newest = models.BigIntegerField(null=True)
    sweep_oldest = models.BigIntegerField(null=True)
    sweep_token = models.CharField(max_length=200, blank=True)
    sweep_count = models.PositiveIntegerField(default=0)
    sweep_seen = models.JSONField(default=list, help_text="the tokens of the pages of this sweep")
    leased_until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(
        null=True, help_text="since when nothing has arrived, if that is longer than usual"
    )
    compared_at = models.DateTimeField(
        null=True, help_text="when timeline and search were last held against what the desk has"
    )
    compared_found = models.PositiveIntegerField(default=0)

    app_may = (
        "SELECT, INSERT, UPDATE (newest_position, sweep_since, sweep_newest, sweep_oldest, "
        "sweep_token, sweep_count, sweep_seen, leased_until, "
        "read_at, rests_until, silent_since, compared_at, compared_found)"
    )

    def __str__(self) -> str:
        return f"mentions of {self.account}"


class Trouble(models.Model):
    """What X does not let us read of an account just now, and why. It goes once X answers again."""

    account = models.ForeignKey(ConnectedAccount, on_delete=models.PROTECT, related_name="troubles")
    asked = models.CharField(max_length=12, choices=Asked.choices)
    code = models.CharField(max_length=30)
    said = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField(db_default=DeskNow())
    at = models.DateTimeField(db_default=DeskNow(), help_text="when it was last met")

    app_may = "SELECT, INSERT, UPDATE (code, said, at), DELETE"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "asked"], name="trouble_once"),
            models.CheckConstraint(condition=Q(asked__in=Asked.values), name="trouble_asked_known"),
        ]

    def __str__(self) -> str:
        return f"{self.asked} of {self.account}: {self.code}"


class RawPage(models.Model):
    """A page as X sent it, kept until it is read."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT)
    body = models.JSONField()
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, DELETE"

    def __str__(self) -> str:
        return f"page {self.pk} of {self.feed}"


class ParkedPost(models.Model):
    """A post that our reading does not understand, kept as it came and shown."""

    account = models.ForeignKey(ConnectedAccount, on_delete=models.PROTECT)
    raw = models.JSONField()
    mark = models.CharField(max_length=64)
    why = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=DeskNow())
    read_at = models.DateTimeField(null=True)

    app_may = "SELECT, INSERT, UPDATE (read_at), DELETE"

    class Meta:
        constraints = [
            once_set("tickets_parkedpost", "read_at"),
            models.UniqueConstraint(fields=["account", "mark"], name="parked_once"),
        ]

    def __str__(self) -> str:
        return f"parked {self.pk}"


class Gap(models.Model):
    """Between these two posts more arrived than X hands out.

    Search fills it, as far as it reaches (seven days).
    """

    account = models.ForeignKey(ConnectedAccount, on_delete=models.PROTECT)
    after_position = models.BigIntegerField()
    before_position = models.BigIntegerField()
    after_at = models.DateTimeField()
    before_at = models.DateTimeField()
    at = models.DateTimeField(db_default=DeskNow())
    status = models.CharField(max_length=10, choices=GapStatus.choices, default=GapStatus.FILLING)
    token = models.CharField(max_length=200, blank=True)
    seen = models.JSONField(default=list, help_text="the tokens of the pages that were searched")
    found = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (status, token, seen, found, updated_at)"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "after_position", "before_position"], name="gap_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=GapStatus.values), name="gap_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"gap of {self.account}"
