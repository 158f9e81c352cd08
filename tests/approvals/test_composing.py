"""The reply pane of a ticket, built without a template."""

from approvals import composing
from tests import factories
from tickets.views.ticket import load


def pane(desk, ticket, who, **refused):
    """Build the pane for this person as the page of the ticket does."""
    return composing.composer_of(load(who, ticket.number), who, composing.Refused(**refused))


def test_a_ticket_without_a_draft_may_be_written_to(desk):
    shown = pane(desk, factories.a_ticket(desk), desk.aylin)
    assert shown.standing.draft is None
    assert shown.standing.writable
    assert not shown.standing.changeable
    assert (shown.words.text, shown.words.length, shown.light) == ("", 0, None)


def test_what_was_typed_in_a_refused_form_stands_there_again(desk):
    shown = pane(desk, factories.a_ticket(desk), desk.aylin, typed="Call 030 901820", alts={})
    assert shown.words.text == "Call 030 901820"
    assert shown.words.preview.endswith(f"^{desk.aylin.person.initials}")
    assert shown.words.left == shown.words.limit - shown.words.length
    assert shown.words.error is None


def test_a_submitted_text_may_be_changed_by_its_writer_alone(desk):
    ticket = factories.a_ticket(desk)
    revision = factories.submitted(desk, ticket, by=desk.aylin)
    own, others = pane(desk, ticket, desk.aylin), pane(desk, ticket, desk.rita)
    assert own.standing.submitted == revision
    assert (own.standing.changeable, others.standing.changeable) == (True, False)
    assert own.words.signed_by == revision.initials
    assert own.light is not None
    assert own.ways.why_not_withdraw is None
    assert others.ways.why_not_withdraw


def test_the_template_reads_every_field_by_its_name(desk):
    shown = pane(desk, factories.a_ticket(desk), desk.aylin)
    named = composing.as_context(shown)
    assert named["draft"] is shown.standing.draft
    assert named["guidelines"] == shown.checks.guidelines
    assert len(named) == sum(
        len(part.__dataclass_fields__)
        for part in (shown.standing, shown.words, shown.checks, shown.ways, shown.history)
    ) + len({"blank_picture", "blank_finding"})
