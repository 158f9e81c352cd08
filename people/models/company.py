"""Whose desk this is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.database.one_line import on_one_line


class Company(models.Model):
    """The company that answers here: one row.

    `language` is what people read who have not chosen one, and letters to them are written in.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120)
    language = models.CharField(
        max_length=2, choices=[("en", _("English")), ("de", _("German"))], default="en"
    )

    app_may = "SELECT, INSERT, UPDATE (name, language)"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="company_is_one"),
            on_one_line("company", "name"),
        ]

    def __str__(self) -> str:
        return self.name
