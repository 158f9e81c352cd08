"""The story that the tables of these guards change."""

from tests.approvals.stories import story

__all__ = ["story"]
