"""How a status is drawn: its icon and its word, for tickets, drafts and deliveries alike.

Its colour stands in the style sheet, by the same name. A test compares the table with every status
that there is.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.screens.icons import icon

SIZE = 14
ICONS = {
    "new": "dot",
    "open": "pen",
    "writing": "pen",
    "changes_requested": "pen",
    "in_approval": "carets",
    "in_review": "carets",
    "approved": "plane",
    "sending": "plane",
    "due": "plane",
    "in_flight": "plane",
    "answered": "carets",
    "posted": "carets",
    "uncertain": "unsure",
    "for_a_person": "unsure",
    "refused": "stop",
    "rejected": "stop",
    "resolved": "check",
    "withdrawn": "check",
    "void": "check",
    "lead": "up",
}
LEAD = "lead"  # no status of its own: what waits for approval while the ticket is escalated


@dataclass(frozen=True)
class StatusMark:
    """One status on a screen. `status` names its colour."""

    status: str
    icon: SafeString
    word: str


def mark_of(status: str, word: str | Promise = "", *, is_escalated: bool = False) -> StatusMark:
    """Return the mark of a status with its word in the reader's language.

    What is in approval and escalated waits for the lead, and says so.
    """
    if is_escalated and status == "in_approval":
        status, word = LEAD, _("With the lead")
    return StatusMark(status, icon(ICONS[status], SIZE), str(word))
