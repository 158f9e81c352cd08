"""What the checks said about a revision, and how that was explained.

Kept when it was frozen and when it was approved.
"""

from django.db import models
from django.db.models import Q

from approvals.models.draft import Revision
from approvals.models.guideline import GuidelineVersion, in_own_language
from approvals.models.review import Review
from core.database.guards import append_only

SEVERITIES = [
    ("hint", "hint"),
    ("must_explain", "must_explain"),
    ("needs_lead", "needs_lead"),
    ("blocks", "blocks"),
]


class Finding(models.Model):
    """One finding of one check of a paragraph of the version that held then.

    `start` and `end` are places in the text; without an end it is about the whole. One that came up
    only after the text was submitted bears the approval (`review`) at which it was seen, with its
    explanation.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="findings")
    version = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, related_name="+")
    paragraph = models.CharField(max_length=10)
    kind = models.CharField(max_length=40)
    detail = models.CharField(max_length=60)
    severity = models.CharField(max_length=20, choices=SEVERITIES)
    words = models.CharField(max_length=5000, blank=True)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    values = models.JSONField(default=dict)
    explanation = models.CharField(max_length=500, blank=True)
    review = models.ForeignKey(Review, null=True, on_delete=models.PROTECT, related_name="findings")

    app_may = "SELECT, INSERT"

    class Meta:
        constraints = [
            append_only("approvals_finding"),
            models.CheckConstraint(
                condition=Q(severity__in=[key for key, _name in SEVERITIES]),
                name="finding_severity_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.detail} in {self.revision}"

    @property
    def since_submitted(self) -> bool:
        """Whether it came up only after the text was submitted."""
        return self.review_id is not None

    @property
    def title(self) -> str:
        """The paragraph's title in the reader's language."""
        found = next(
            (one for one in self.version.paragraphs if str(one["number"]) == self.paragraph), None
        )
        return in_own_language(found["title_en"], found["title_de"]) if found else ""
