"""The audit event: one row per verb, never changed.

What happened in words is `templates/timeline/`'s business.
"""

from django.conf import settings
from django.db import models

from core.database.guards import DeskNow, Guard, Routine, append_only, sql

TEXT = Routine(
    name="core_event_text",
    arguments="event core_event, link bigint, linked timestamptz",
    returns="text",
    app_calls=True,
    body=sql("core_event_text"),
)
LINK = Guard(
    name="core_event_link",
    when="AFTER INSERT",
    definer=True,
    deferred=True,
    body=sql("core_event_link"),
)


class Event(models.Model):
    """Who did what, when, through which channel, to which object.

    Never the text and never the customer's words.

    `topic` is the thing whose timeline shows the event, `subject` the very row; `department`
    decides whom it wakes.
    """

    name = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=DeskNow())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+"
    )
    channel = models.CharField(max_length=60, blank=True)
    topic_kind = models.CharField(max_length=40, blank=True)
    topic_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    department_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    app_may = "SELECT, INSERT"

    class Meta:
        indexes = [
            models.Index(fields=["topic_kind", "topic_id", "id"], name="event_topic"),
            models.Index(fields=["department_id", "id"], name="event_department"),
        ]
        constraints = [
            append_only("core_event"),
            Guard(name="core_event_stamp", when="BEFORE INSERT", body=sql("core_event_stamp")),
            TEXT,
            LINK,
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class Link(models.Model):
    """One link of the audit chain: the hash of its predecessor and of one event.

    Written at commit by the event's guard alone.

    `hash` is SHA-256, hexadecimal, over the predecessor's hash and `core_event_text(event, number,
    at)`; see `core.audit_chain`.
    """

    number = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.DO_NOTHING, db_constraint=False)
    at = models.DateTimeField()
    hash = models.CharField(max_length=64)

    app_may = "SELECT"

    class Meta:
        constraints = [append_only("core_link")]

    def __str__(self) -> str:
        return f"link {self.number}"


class ChainHead(models.Model):
    """The end of the chain, one row.

    It is locked while a link is added, and only the guard can lock it.
    """

    id = models.SmallIntegerField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    app_may = "SELECT"

    def __str__(self) -> str:
        return f"head at {self.number}"


class Heartbeat(models.Model):
    """When a part of the desk last proved by its own work that it lives.

    Beat and worker write `worker` together.
    """

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (at)"

    def __str__(self) -> str:
        return self.name


class DeskMark(models.Model):
    """What kind of database this is: `demo` or `scratch`.

    Commands that invent people refuse one without a mark.
    """

    kind = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    def __str__(self) -> str:
        return self.kind


class Lineage(models.Model):
    """On which PostgreSQL, and on which of its timelines, these rows have lived since `at`.

    A copy that is promoted, and a dump that is restored, bring the rows along but not the place:
    the newest row then names another place than the server itself (`core.database.lineage`).
    """

    system = models.CharField(max_length=20, help_text="PostgreSQL's system identifier")
    timeline = models.PositiveIntegerField(help_text="one more after each promotion")
    database = models.BigIntegerField(help_text="PostgreSQL's number of the database")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [append_only("core_lineage")]

    def __str__(self) -> str:
        return f"{self.system}, timeline {self.timeline}, database {self.database}"
