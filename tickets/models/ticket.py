"""A ticket is what one customer wants in one conversation, until it is resolved.

And what people did with it.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from core.database.guards import DeskNow, Guard, append_only, sql
from people.models import Department, Person, User
from tickets.models.account import ConnectedAccount
from tickets.models.customer import Customer
from tickets.models.external_id import ExternalIdField
from tickets.models.incident import Incident
from tickets.models.merge_guards import MERGED
from tickets.states import ACTIVE, ContextCause, Priority, ResolvedReason, TicketStatus

AWAKE = Q(status__in=ACTIVE, snoozed_until__isnull=True)


class Ticket(models.Model):
    """`number` is for the telephone.

    `context_version` counts what changed under the feet of an approval (see `ContextChange`).
    """

    number = models.GeneratedField(
        expression=F("id") + 10000,
        output_field=models.BigIntegerField(),
        db_persist=True,
        unique=True,
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tickets")
    account = models.ForeignKey(ConnectedAccount, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    conversation_id = ExternalIdField()
    status = models.CharField(max_length=12, choices=TicketStatus.choices, default=TicketStatus.NEW)
    assignee = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    routed_by = models.CharField(
        max_length=16, blank=True, help_text="key of the rule that chose the department"
    )
    language = models.CharField(max_length=10, blank=True)
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    context_version = models.PositiveIntegerField(default=1)
    last_mention = models.ForeignKey(
        "tickets.Mention", null=True, on_delete=models.PROTECT, related_name="+"
    )
    follows = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    merged_into = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="merged",
        help_text="the customer's ticket in which the posts of this one are answered",
    )
    before_merge = models.JSONField(
        null=True, help_text="how both tickets stood before, while this one is merged"
    )
    due_at = models.DateTimeField()
    last_inbound_at = models.DateTimeField()
    unanswered_since = models.DateTimeField(
        null=True, help_text="when the oldest post that has no answer yet was written"
    )
    waiting_since = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_reason = models.CharField(max_length=20, choices=ResolvedReason.choices, blank=True)
    created_at = models.DateTimeField(db_default=DeskNow())
    updated_at = models.DateTimeField(db_default=DeskNow())

    app_may = (
        "SELECT, INSERT, UPDATE (department_id, status, assignee_id, priority, tags, "
        "language, incident_id, context_version, last_mention_id, due_at, "
        "last_inbound_at, unanswered_since, waiting_since, snoozed_until, resolved_at, "
        "resolved_reason, merged_into_id, before_merge, updated_at)"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["department", "due_at", "id"],
                condition=AWAKE,
                name="ticket_inbox_department",
            ),
            models.Index(
                fields=["due_at", "id"],
                include=["department"],
                condition=AWAKE,
                name="ticket_inbox",
            ),
            models.Index(fields=["assignee", "due_at", "id"], condition=AWAKE, name="ticket_mine"),
            models.Index(
                fields=["department", "waiting_since", "id"],
                condition=Q(status="in_approval"),
                name="ticket_waiting",
            ),
            models.Index(
                fields=["department", "snoozed_until"],
                condition=Q(snoozed_until__isnull=False),
                name="ticket_snoozed",
            ),
            models.Index(
                fields=["department", "status", "-updated_at", "-id"],
                condition=Q(status__in=["answered", "resolved"]),
                name="ticket_done",
            ),
            models.Index(fields=["customer", "-id"], name="ticket_of_customer"),
            models.Index(fields=["conversation_id"], name="ticket_conversation"),
            GinIndex(fields=["tags"], name="ticket_tags"),
            models.Index(
                fields=["incident", "status"],
                condition=Q(incident__isnull=False),
                name="ticket_of_incident",
            ),
        ]
        constraints = [
            Guard(
                name="tickets_ticket_context_version",
                when="BEFORE UPDATE OF context_version",
                body=sql("tickets_ticket_context_version"),
            ),
            MERGED,
            models.CheckConstraint(
                condition=Q(status__in=TicketStatus.values), name="ticket_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=TicketStatus.RESOLVED, resolved_at__isnull=False)
                | (~Q(status=TicketStatus.RESOLVED) & Q(resolved_at__isnull=True)),
                name="ticket_resolved_when",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, before_merge__isnull=True)
                | Q(
                    merged_into__isnull=False,
                    before_merge__isnull=False,
                    status=TicketStatus.RESOLVED,
                    unanswered_since__isnull=True,
                    snoozed_until__isnull=True,
                ),
                name="ticket_merged_rests",
            ),
            models.UniqueConstraint(
                fields=["customer", "conversation_id"],
                condition=~Q(status=TicketStatus.RESOLVED),
                name="ticket_once_per_conversation",
            ),
        ]

    def __str__(self) -> str:
        return f"ticket {self.number}"

    @property
    def in_charge(self) -> "Ticket":
        """The ticket in which its posts are answered: itself, or the one it is merged into."""
        return self.merged_into or self


class ContextChange(models.Model):
    """Why the ticket's context version was raised to `number`.

    Approvals given on a lower context version are void.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="context_changes")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=20, choices=ContextCause.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("tickets_contextchange"),
            models.UniqueConstraint(fields=["ticket", "number"], name="context_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket} {self.number}: {self.cause}"


class Escalation(models.Model):
    """While it is open, every draft of the ticket needs the lead's side.

    Ends by approval when posted, or by handing back.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="escalations")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1000)
    at = models.DateTimeField(db_default=DeskNow())
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=20, blank=True)
    end_reason = models.TextField(max_length=1000, blank=True)

    app_may = "SELECT, INSERT, UPDATE (ended_at, ended_by_id, how, end_reason)"

    class Meta:
        constraints = [
            Guard(
                name="tickets_escalation_once",
                when="BEFORE UPDATE OR DELETE",
                definer=True,
                body=sql("tickets_escalation_once"),
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at__isnull=True), name="escalation_open_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="escalation_has_reason"),
        ]

    def __str__(self) -> str:
        return f"escalation of {self.ticket}"


class HandOffs(models.QuerySet["HandOff"]):
    """Hand-offs, to be asked for those that hold."""

    def holding(self) -> "HandOffs":
        """Return those that were not taken back, without those that take one back."""
        return self.filter(undoes__isnull=True, undone_by__isnull=True)


class HandOff(models.Model):
    """A ticket moved to another department; the former one may still read it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="hand_offs")
    former = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(max_length=1000, blank=True)
    wrong_rule = models.CharField(
        max_length=16, blank=True, help_text="key of the routing rule that had put the ticket there"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())
    undoes = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="undone_by",
        help_text="the hand-off that this one takes back; neither counts as one then",
    )

    app_may = "SELECT, INSERT"
    objects = HandOffs.as_manager()

    class Meta:
        constraints = [append_only("tickets_handoff")]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.former} → {self.to}"


class Note(models.Model):
    """An internal note.

    Another kind of row than a draft, on another surface: it can never be posted.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named = models.ManyToManyField(Person, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [append_only("tickets_note")]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.ticket}"
