"""Who wrote to us, and what is worth remembering about them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Lower

from core.database.guards import DeskNow, once_set
from people.models import Department, User
from tickets.models.external_id import ExternalIdField, network_field, network_known
from tickets.models.search_guards import CUSTOMER_CUT


class Customer(models.Model):
    """Somebody on a network who named us, with the profile as it was last shown there."""

    network = network_field()
    external_id = ExternalIdField()
    handle = models.CharField(max_length=50)
    name = models.CharField(max_length=2000)
    avatar_url = models.CharField(max_length=500, blank=True)
    followers = models.PositiveIntegerField(default=0)
    protected = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    updated_at = models.DateTimeField(db_default=DeskNow())

    app_may = (
        "SELECT, INSERT, UPDATE (handle, name, avatar_url, followers, protected, tags, updated_at)"
    )

    class Meta:
        indexes = [
            models.Index(
                OpClass(Lower("handle"), name="text_pattern_ops"),
                models.F("id"),
                name="customer_handle",
            ),
        ]
        constraints = [
            network_known("customer"),
            CUSTOMER_CUT,
            models.UniqueConstraint(fields=["external_id", "network"], name="customer_once"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"


class CustomerNote(models.Model):
    """A remark about a customer that lasts until somebody takes it down; never posted.

    It belongs to the department of the ticket it was written from and is read by who sees that
    department, unless a lead gave it to everybody.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    department = models.ForeignKey(
        Department, null=True, on_delete=models.PROTECT, related_name="+"
    )
    for_everybody = models.BooleanField(default=False)
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())
    ended_at = models.DateTimeField(null=True, blank=True)

    app_may = "SELECT, INSERT, UPDATE (ended_at, for_everybody)"

    class Meta:
        constraints = [once_set("tickets_customernote", "ended_at")]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.customer}"
