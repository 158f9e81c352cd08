"""The guidelines that bind everybody, in versions.

One for the company and one for each department, in both languages, with their checks.
"""

from typing import Any

from django.db import models
from django.utils.translation import get_language

from core.database.guards import DeskNow, append_only
from core.database.one_line import on_one_line
from people.models import Department, Person, User


class Wording(models.Model):
    """What a guideline says: numbered paragraphs, each with its checks.

    `paragraphs` is a list of `number`, `title_en`, `title_de`, `text_en`, `text_de` (Markdown) and
    `checks`, each of `kind`, `severity` and `settings` (see `approvals.checks`). `text_*` is
    the same as one Markdown text, and what stood before the first paragraph.
    """

    text_en = models.TextField(blank=True)
    text_de = models.TextField(blank=True)
    training_en = models.TextField(blank=True)
    training_de = models.TextField(blank=True)
    summary = models.CharField(max_length=300, blank=True)
    paragraphs = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def text(self) -> str:
        """In the reader's language, or the other one where it is empty."""
        return in_own_language(self.text_en, self.text_de)

    @property
    def training(self) -> str:
        """The training note, likewise."""
        return in_own_language(self.training_en, self.training_de)

    @property
    def shown_paragraphs(self) -> list[dict[str, Any]]:
        """The paragraphs with `title` and `text` in the reader's language."""
        return [
            one
            | {
                "title": in_own_language(one["title_en"], one["title_de"]),
                "text": in_own_language(one["text_en"], one["text_de"]),
            }
            for one in self.paragraphs
        ]


class GuidelineVersion(Wording):
    """A published version; the one with the highest number holds.

    Without a department it is the company's.

    Who writes confirms it within `confirm_within_hours`, or does not go on writing.
    """

    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    confirm_within_hours = models.PositiveSmallIntegerField(default=48)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("approvals_guidelineversion"),
            models.UniqueConstraint(
                fields=["department", "number"], nulls_distinct=False, name="guideline_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"guideline {self.department or 'company'} {self.number}"


class GuidelineDraft(Wording):
    """The next version while it is being written.

    One for each guideline, shared by the administrators. `saved` counts the savings.
    """

    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    based_on = models.PositiveIntegerField(default=0)
    confirm_within_hours = models.PositiveSmallIntegerField(default=48)
    saved = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT, UPDATE, DELETE"

    class Meta:
        constraints = [
            on_one_line("guideline_draft", "summary"),
            models.UniqueConstraint(
                fields=["department"], nulls_distinct=False, name="guideline_draft_once"
            ),
        ]

    def __str__(self) -> str:
        return f"draft of the guideline {self.department or 'company'}"


class Confirmation(models.Model):
    """Who has read and confirmed which version, and when."""

    version = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("approvals_confirmation"),
            models.UniqueConstraint(fields=["version", "person"], name="confirmation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} confirmed {self.version}"


def in_own_language(english: str, german: str) -> str:
    """Return the one in the reader's language, or the other where it is empty."""
    return (german or english) if (get_language() or "en").startswith("de") else (english or german)
