"""A number that names something is written as one word: 10005, never 10,005 or 10 005.

Whoever reads it types it, says it, or looks for it.
"""

import re

import pytest
from django.urls import reverse

from approvals.escalation import escalation
from servicedesk.launcher.running import ROOT
from tests import factories
from tests.servicedesk.test_screens import SCREENS
from tickets import incidents
from tickets.models import Ticket

BLANKS = ",.’ \u00a0\u202f\u2009"
GROUPS_AN_IDENTIFIER = re.compile(r"\b(?:number|pk|id|\w+_id|no)\|number\b")


def grouped(number: int) -> re.Pattern:
    """Return what finds the number in groups of three."""
    digits = str(number)
    assert len(digits) > 3
    return re.compile(rf"(?<!\d){digits[:-3]}[{BLANKS}]{digits[-3:]}(?!\d)")


@pytest.fixture
def everything(desk):
    """A ticket of an incident, with an escalated draft; only its number is long here."""
    revision = factories.submitted(desk)
    ticket = revision.draft.ticket
    incident = incidents.open_incident(name="Storm", department=ticket.department, by=desk.aylin)
    incidents.join(ticket, incident=incident, by=desk.aylin)
    escalation.escalate(ticket, reason="Why not.", by=desk.aylin)
    return revision


def paths_of(revision) -> list[str]:
    """Return the address of every screen that shows one thing."""
    draft, ticket = revision.draft, Ticket.objects.get(pk=revision.draft.ticket_id)
    return [
        reverse("ticket", args=[ticket.number]),
        reverse("conversation", args=[ticket.number]),
        reverse("review", args=[draft.pk]),
        reverse("evidence", args=[draft.pk]),
        reverse("incident", args=[ticket.incident_id]),
        *map(
            reverse,
            ("incidents", "audit", "lead", "health", "notices", "initials", "saved-replies"),
        ),
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_screen_groups_the_digits_of_an_identifier(desk, client, everything, language):
    ticket = Ticket.objects.get(pk=everything.draft.ticket_id)
    client.force_login(desk.lena)
    client.post("/language/", {"language": language})
    seen = ""
    for path in [*SCREENS, *paths_of(everything)]:
        page = client.get(path)
        assert page.status_code == 200, path
        text = page.content.decode()
        seen += text
        assert not grouped(ticket.number).search(text), path
    assert f">{ticket.number}<" in seen or f" {ticket.number}" in seen


def test_no_template_groups_the_digits_of_an_identifier():
    templates = list(ROOT.glob("templates/**/*.html"))
    assert len(templates) > 100
    found = {
        str(path.relative_to(ROOT))
        for path in templates
        if GROUPS_AN_IDENTIFIER.search(path.read_text())
    }
    # How long a chain is, is a count
    assert found == {"templates/servicedesk/evidence.html"}
