"""Wiring of the package that lets nothing leave with one signature."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Drafts, revisions, reviews, escalation, guidelines."""

    name = "approvals"
