"""Every status has its icon, and each icon is in the sprite."""

import pytest
from django.utils import translation

from approvals.states import DraftStatus
from posting.states import DeliveryStatus
from servicedesk.screens.parts import icons
from tickets.inbox.status_marks import ICONS, LEAD, mark_of
from tickets.states import TicketStatus


def test_the_table_has_every_status_and_no_other():
    known = {*TicketStatus.values, *DraftStatus.values, *DeliveryStatus.values, LEAD}
    assert set(ICONS) == known
    assert set(ICONS.values()) <= set(icons())


@pytest.mark.parametrize(
    ("status", "is_escalated", "shown"),
    [
        ("in_approval", True, ("lead", "Bei der Leitung")),
        ("in_approval", False, ("in_approval", "In Freigabe")),
        ("open", True, ("open", "Offen")),
    ],
)
def test_a_mark_speaks_the_reader_s_language(status, is_escalated, shown):
    with translation.override("de"):
        mark = mark_of(status, TicketStatus(status).label, is_escalated=is_escalated)
    assert (mark.status, mark.word) == shown
