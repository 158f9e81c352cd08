"""A draft is a proposed reply; a revision is one immutable text of it, as it was submitted."""

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from approvals.guards import (
    ANSWERED_BY_DRAFT,
    BY_ONE,
    DRAFT,
    NEWEST,
    OPEN_DRAFT,
    PAIR_FAULT,
    READABLE,
    REVISION,
)
from approvals.payload_guards import AUTHOR, CANONICAL, OPEN_FIELD, WORDING
from approvals.states import OPEN, DraftStatus
from core.database.guards import DeskNow, append_only
from people.models import Membership, Person, User
from tickets.models import ConnectedAccount, Mention, Ticket


class Sha256Of(models.Func):
    """SHA-256 of a text column's UTF-8 bytes, hexadecimal.

    In a form that PostgreSQL takes for immutable.
    """

    template = "encode(sha256(decode(replace(%(expressions)s, '\\', '\\\\'), 'escape')), 'hex')"
    output_field = models.CharField(max_length=64)


class Draft(models.Model):
    """Answers one post of a ticket.

    `text` is what is being written; it is saved while typing (`saved` counts the savings).
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="drafts")
    target = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=20, choices=DraftStatus.choices, default=DraftStatus.WRITING
    )
    text = models.TextField(blank=True)
    saved = models.PositiveIntegerField(default=0)
    writer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_follow_up = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=DeskNow())
    updated_at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (target_id, status, text, saved, writer_id, updated_at)"

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "-id"], name="draft_of_ticket"),
            models.Index(fields=["id"], condition=Q(status="approved"), name="draft_approved"),
            models.Index(fields=["writer", "-updated_at"], name="draft_of_writer"),
        ]
        constraints = [
            DRAFT,
            AUTHOR,
            NEWEST,
            PAIR_FAULT,
            BY_ONE,
            OPEN_DRAFT,
            ANSWERED_BY_DRAFT,
            models.CheckConstraint(
                condition=Q(status__in=DraftStatus.values), name="draft_status_known"
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(status__in=OPEN), name="draft_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def newest(self) -> "Revision | None":
        """The newest revision; derived, never stored."""
        return self.revisions.order_by("-number").select_related("user__person", "person").first()


class Revision(models.Model):
    """One text as submitted or corrected, by whom and on which context version.

    Screen, review and sender read out of `payload` alone.

    `payload` is canonical JSON: sorted keys, no blanks, UTF-8; its SHA-256 is computed and held by
    the database.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(default=0)
    payload = models.TextField()
    sha256 = models.GeneratedField(
        expression=Sha256Of("payload"),
        output_field=models.CharField(max_length=64),
        db_persist=True,
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_correction = models.BooleanField(default=False)
    context_version = models.PositiveIntegerField()
    channel = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("approvals_revision"),
            REVISION,
            READABLE,
            OPEN_FIELD,
            CANONICAL,
            WORDING,
            models.UniqueConstraint(fields=["draft", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["id", "sha256"], name="revision_with_hash"),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of {self.draft_id}"

    @cached_property
    def content(self) -> dict[str, Any]:
        """Return the payload, read."""
        return json.loads(self.payload)

    @property
    def text(self) -> str:
        """Exactly the words that will be posted, signature included."""
        return self.content["text"]

    @property
    def attachments(self) -> list[dict[str, str]]:
        """The pictures that will be posted with it: hash, kind and description of each."""
        return self.content["attachments"]

    @property
    def initials(self) -> str:
        """Whose signature it bears."""
        return self.content["initials"]

    @property
    def network(self) -> str:
        """The network that it leaves for."""
        return self.content["network"]

    @property
    def surface(self) -> str:
        """Where there it will stand: `public`."""
        return self.content["surface"]

    @property
    def target_external_id(self) -> str:
        """The id of the post that it answers, on its network."""
        return self.content["target"]

    @property
    def account_external_id(self) -> str:
        """The id of the account that it leaves from, on its network."""
        return self.content["account"]

    @cached_property
    def target(self) -> Mention:
        """Return the post that it answers, by the payload.

        Never the draft's, which may have moved on.
        """
        posts = Mention.objects.select_related("customer", "account", "newest").filter(
            network=self.network
        )
        found = posts.filter(versions__external_id=self.target_external_id).first()
        return found or posts.get(external_id=self.target_external_id)

    @cached_property
    def account(self) -> ConnectedAccount:
        """Return the account that it leaves from, by the payload."""
        accounts = ConnectedAccount.objects.select_related("department")
        return accounts.get(network=self.network, external_id=self.account_external_id)
