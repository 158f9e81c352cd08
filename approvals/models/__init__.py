"""Drafts and their immutable revisions, findings, reviews, voids, calls, guidelines."""

from approvals.models.attachment import Attachment
from approvals.models.draft import Draft, Revision
from approvals.models.finding import Finding
from approvals.models.guideline import Confirmation, GuidelineDraft, GuidelineVersion
from approvals.models.reminder import Call
from approvals.models.review import Claim, Review, Void
from approvals.models.saved_reply import SavedReply

__all__ = [
    "Attachment",
    "Call",
    "Claim",
    "Confirmation",
    "Draft",
    "Finding",
    "GuidelineDraft",
    "GuidelineVersion",
    "Review",
    "Revision",
    "SavedReply",
    "Void",
]
