"""The guidelines that bind everybody, in versions: one text for the company and one for each department, in both languages."""

from django.db import models
from django.utils.translation import get_language

from core.guards import DeskNow, append_only
from people.models import Department, User


class GuidelineVersion(models.Model):
    """A published version; the one with the highest number holds. Without a department it is the company's."""

    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    text_en = models.TextField(blank=True)
    text_de = models.TextField(blank=True)
    summary = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DeskNow())

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("approvals_guidelineversion"),
            models.UniqueConstraint(fields=["department", "number"], nulls_distinct=False, name="guideline_number_once"),
        ]

    def __str__(self) -> str:
        return f"guideline {self.department or 'company'} {self.number}"

    @property
    def text(self) -> str:
        """In the reader's language, or the other one where it is empty."""
        german = (get_language() or "en").startswith("de")
        return (self.text_de or self.text_en) if german else (self.text_en or self.text_de)
