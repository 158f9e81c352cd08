"""Posts: theirs, whose text may one day have to go, and ours, as X shows them."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from core.database.guards import DeskNow
from people.models import User
from tickets.guards import GONE_TWICE, NEWEST_VERSION, OWN_POST, WORDS_KEPT
from tickets.models.account import ConnectedAccount
from tickets.models.customer import Customer
from tickets.models.external_id import ExternalIdField, network_field, network_known
from tickets.models.search_guards import POST_CUT
from tickets.states import GONE, IntakeOutcome, MentionState


class Mention(models.Model):
    """One post by somebody else that reached us, through all its edits.

    Keyed by the first id of its edit history; `position` is that id's place in the network's order.
    """

    network = network_field()
    external_id = ExternalIdField()
    position = models.BigIntegerField()
    account = models.ForeignKey(ConnectedAccount, on_delete=models.PROTECT)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    ticket = models.ForeignKey(
        "tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="mentions"
    )
    conversation_id = ExternalIdField()
    newest = models.ForeignKey(
        "tickets.PostVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    replied_to = ExternalIdField(null=True)
    quoted = ExternalIdField(null=True)
    names_us = models.BooleanField(default=True)
    quotes_us = models.BooleanField(default=False)
    reply_settings = models.CharField(max_length=30, default="everyone")
    status = models.CharField(
        max_length=10, choices=MentionState.choices, default=MentionState.LIVE
    )
    intake_outcome = models.CharField(
        max_length=10, choices=IntakeOutcome.choices, default=IntakeOutcome.TICKET
    )
    written_at = models.DateTimeField()
    ingested_at = models.DateTimeField(db_default=DeskNow())
    seen_at = models.DateTimeField(db_default=DeskNow(), help_text="when X was last asked for it")
    gone_at = models.DateTimeField(
        null=True, help_text="when X first said that it is gone or hidden"
    )
    gone_confirmed_at = models.DateTimeField(
        null=True, help_text="when X said so again, an hour later at least: its content may go"
    )
    unclear_since = models.DateTimeField(
        null=True, help_text="since when X says neither that it stands nor that it is gone"
    )
    updated_at = models.DateTimeField(db_default=DeskNow())

    app_may = (
        "SELECT, INSERT, UPDATE (newest_id, status, reply_settings, names_us, seen_at, "
        "gone_at, gone_confirmed_at, unclear_since, updated_at)"
    )

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "written_at", "position"], name="mention_of_ticket"),
            models.Index(
                fields=["conversation_id", "-written_at", "-position"],
                name="mention_in_conversation",
            ),
            models.Index(
                fields=["-written_at", "-position"],
                condition=~Q(intake_outcome=IntakeOutcome.TICKET),
                name="mention_filtered_out",
            ),
            models.Index(
                fields=["account", "seen_at"],
                name="mention_gone_once",
                condition=Q(gone_at__isnull=False, gone_confirmed_at__isnull=True),
            ),
        ]
        constraints = [
            NEWEST_VERSION,
            GONE_TWICE,
            network_known("mention"),
            models.UniqueConstraint(fields=["external_id", "network"], name="mention_once"),
            models.CheckConstraint(
                condition=Q(status__in=MentionState.values), name="mention_state_known"
            ),
            models.CheckConstraint(
                condition=Q(intake_outcome=IntakeOutcome.TICKET, ticket__isnull=False)
                | (~Q(intake_outcome=IntakeOutcome.TICKET) & Q(ticket__isnull=True)),
                name="mention_intake_outcome_fits",
            ),
            models.CheckConstraint(
                condition=Q(status__in=GONE, gone_at__isnull=False)
                | (~Q(status__in=GONE) & Q(gone_at__isnull=True)),
                name="mention_gone_since",
            ),
            models.CheckConstraint(
                condition=Q(gone_confirmed_at__isnull=True)
                | Q(gone_confirmed_at__gte=F("gone_at") + timedelta(hours=1)),
                name="mention_gone_twice",
            ),
        ]

    def __str__(self) -> str:
        return f"mention {self.external_id}"

    @property
    def is_gone(self) -> bool:
        """Whether X no longer shows it to us."""
        return self.status in GONE


class PostVersion(models.Model):
    """The content of somebody else's post in one version.

    The only table whose text may be emptied.
    """

    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="versions")
    network = network_field()
    external_id = ExternalIdField()
    position = models.BigIntegerField()
    text = models.TextField()
    links = models.JSONField(default=list)
    media = models.JSONField(default=list)
    named = models.JSONField(
        default=list, db_default=[], help_text="whom X says it names, and where"
    )
    extras = models.JSONField(
        default=list, db_default=[], help_text="what else it has: polls, articles, places …"
    )
    language = models.CharField(max_length=10, blank=True)
    written_at = models.DateTimeField()

    app_may = "SELECT, INSERT, UPDATE (text, links, media, named, extras)"
    CONTENT = ("text", "links", "media", "named", "extras")

    class Meta:
        indexes = [
            models.Index(fields=["mention", "position"], name="post_versions"),
        ]
        constraints = [
            WORDS_KEPT,
            POST_CUT,
            network_known("version"),
            models.UniqueConstraint(fields=["external_id", "network"], name="version_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.external_id}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is here any more; a post without words has something else."""
        return not any(getattr(self, name) for name in self.CONTENT)


class OwnPost(models.Model):
    """A post of ours in a conversation with a customer, just as X shows it.

    `through_desk` says whether we sent it.
    """

    network = network_field()
    external_id = ExternalIdField()
    position = models.BigIntegerField()
    account = models.ForeignKey(ConnectedAccount, on_delete=models.PROTECT)
    conversation_id = ExternalIdField()
    replied_to = ExternalIdField(null=True)
    text = models.TextField()
    media = models.JSONField(default=list, db_default=[])
    extras = models.JSONField(default=list, db_default=[])
    through_desk = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    noticed_at = models.DateTimeField(db_default=DeskNow())
    unseen_seconds = models.FloatField(
        default=0,
        help_text="its greatest age at which a reading of our timeline did not show it yet",
    )
    seen_at = models.DateTimeField(
        null=True, help_text="when a reading of our timeline first showed it"
    )
    gone_at = models.DateTimeField(
        null=True, help_text="when X no longer showed it, or we deleted it there"
    )

    app_may = "SELECT, INSERT, UPDATE (unseen_seconds, seen_at, gone_at)"

    class Meta:
        indexes = [
            models.Index(fields=["conversation_id", "written_at"], name="own_post_in_conversation"),
            models.Index(
                fields=["-written_at", "-position"],
                condition=Q(through_desk=False),
                name="own_post_without_desk",
            ),
            models.Index(fields=["account", "-position"], name="own_post_of_account"),
        ]
        constraints = [
            OWN_POST,
            network_known("own_post"),
            models.UniqueConstraint(fields=["external_id", "network"], name="own_post_once"),
        ]

    def __str__(self) -> str:
        return f"our post {self.external_id}"

    @property
    def is_gone(self) -> bool:
        """Whether X no longer shows it."""
        return self.gone_at is not None


class KnownPost(models.Model):
    """Somebody of the lead's side knows a post of ours that came past the desk.

    A fact: written once, never changed.
    """

    own_post = models.OneToOneField(OwnPost, on_delete=models.PROTECT, related_name="known")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    def __str__(self) -> str:
        return f"{self.own_post} is known"
