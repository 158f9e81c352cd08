"""Drafts and their immutable revisions, reviews, voids, claims, guidelines."""

from approvals.models.draft import Draft, Revision
from approvals.models.guideline import GuidelineVersion
from approvals.models.review import Claim, Review, Void

__all__ = ["Claim", "Draft", "GuidelineVersion", "Review", "Revision", "Void"]
