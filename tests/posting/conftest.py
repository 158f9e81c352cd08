"""The stories that the tables of these guards change."""

from tests.approvals.stories import story
from tests.posting.stories import outbox

__all__ = ["outbox", "story"]
