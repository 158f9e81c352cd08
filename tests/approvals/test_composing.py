"""The reply pane of a ticket, built without a template."""

import pytest

from approvals.drafts import composer, drafting
from core.screens.typed_values import Typed
from tests import factories
from tickets.conversations.reply_permission import Light
from tickets.views.lookup import load


def pane(desk, ticket, who, **refused):
    """Build the pane for this person as the page of the ticket does."""
    return composer.composer_of(load(who, ticket.number), who, composer.Refused(**refused))


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


@pytest.mark.campaign
def test_what_may_be_done_with_the_draft_is_said_for_the_pane(desk):
    ticket = factories.a_ticket(desk)
    none = pane(desk, ticket, desk.aylin)
    assert (none.may_withdraw, none.may_take_over, none.may_revoke) == (False, False, False)
    drafting.open_draft(ticket, by=desk.aylin, text="Hello.")
    own, colleague = pane(desk, ticket, desk.aylin), pane(desk, ticket, desk.bastian)
    assert (own.may_withdraw, own.may_take_over, own.may_revoke) == (True, False, False)
    assert (colleague.may_take_over, colleague.may_revoke) == (True, False)
    other = factories.a_ticket(desk)
    factories.approved(desk, factories.submitted(desk, other, by=desk.aylin))
    signed = pane(desk, other, desk.rita)
    assert (signed.may_take_over, signed.may_revoke) == (False, True)


def test_words_that_lost_their_form_are_kept_and_others_are_not(desk):
    ticket = factories.a_ticket(desk)
    typed = [Typed("text", "Call 030 901820")]
    assert pane(desk, ticket, desk.aylin, fields=typed).kept == []
    factories.submitted(desk, ticket, by=desk.aylin)
    assert pane(desk, ticket, desk.rita, fields=typed).kept == typed


def test_the_light_is_that_of_the_text_that_waits_or_else_of_the_page(desk):
    ticket = factories.a_ticket(desk)
    page_says = Light("red", "gone", "The post is gone.")
    form = composer.Refused()
    seen = load(desk.aylin, ticket.number)
    assert composer.composer_of(seen, desk.aylin, form, page_says).light is page_says
    factories.submitted(desk, ticket, by=desk.aylin)
    seen = load(desk.aylin, ticket.number)
    assert composer.composer_of(seen, desk.aylin, form, page_says).light.colour == "green"
