"""A list with its filters under a name: a plain address of the inbox."""

from django.db import models
from django.db.models import Q

from core.database.guards import DeskNow
from core.database.one_line import on_one_line
from people.models import Department, User


class SavedView(models.Model):
    """A person's own view, or, with a department, one that everybody of the department sees.

    `query` is what stands behind the `?` of the address.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    department = models.ForeignKey(
        Department, null=True, on_delete=models.PROTECT, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE (query, department_id, at), DELETE"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_view_named"),
            on_one_line("saved_view", "name", "query"),
        ]

    def __str__(self) -> str:
        return self.name
