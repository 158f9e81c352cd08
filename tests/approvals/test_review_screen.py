"""The review of a draft, built without a template."""

import pytest

from approvals.drafts import drafting
from approvals.reviews import decisions
from core.errors import Invalid, Reason
from core.screens.typed_values import Typed
from servicedesk.screens import review_screen
from tests import factories
from tests.approvals import examples
from tests.approvals.test_findings import published
from tests.approvals.test_rechecking import avoiding


def screen(desk, revision, who, refused=None):
    """Build the screen for this person as the view does."""
    draft = type(revision.draft).objects.get(pk=revision.draft_id)
    return review_screen.screen_of(draft, who, refused)


def test_who_may_decide_sees_what_is_to_be_decided_and_what_it_weighs(desk):
    revision = factories.submitted(desk, factories.a_ticket(desk), text="Hello, we look into it.")
    shown = screen(desk, revision, desk.rita)
    assert (shown.newest, shown.before) == (revision, None)
    assert shown.target == revision.target
    assert shown.light.colour == "green"
    assert shown.words.body == "Hello, we look into it."
    assert shown.words.length == len(revision.text)
    assert (shown.changes.pieces, shown.background.reviews) == ([], [])
    assert (shown.queue.count, shown.queue.place) == (1, 1)
    assert (shown.may_approve, shown.has_forms, shown.kept) == (True, True, [])


def test_the_writer_reads_why_somebody_else_decides(desk):
    revision = factories.submitted(desk, factories.a_ticket(desk), by=desk.aylin)
    shown = screen(desk, revision, desk.aylin)
    assert shown.ways.why_not_decide
    assert (shown.may_approve, shown.has_forms) == (False, False)
    assert (shown.queue.count, shown.queue.place) == (0, 0)


def test_a_draft_without_a_text_has_no_words(desk):
    ticket = factories.a_ticket(desk)
    draft = drafting.open_draft(ticket, by=desk.aylin, text="Hello.")
    shown = review_screen.screen_of(draft, desk.rita)
    assert (shown.newest, shown.words, shown.changes) == (
        None,
        review_screen.Words(),
        review_screen.Changes(),
    )
    assert not shown.may_approve


@pytest.mark.campaign
def test_a_corrected_text_goes_back_to_its_writer_with_what_was_changed(desk):
    revision = factories.submitted(desk, factories.a_ticket(desk), text="Hello, we look.")
    decisions.correct(
        revision,
        text="Hello, we look soon.",
        sha256=revision.sha256,
        context_version=revision.draft.ticket.context_version,
        by=desk.rita,
    )
    shown = screen(desk, revision, desk.aylin)
    assert shown.countersigning
    assert not screen(desk, revision, desk.rita).countersigning
    assert shown.before == revision
    assert {piece.kind for piece in shown.changes.pieces} == {"same", "removed", "added"}
    assert (shown.may_approve, shown.has_forms) == (True, False)


@pytest.mark.parametrize("who", ["rita", "aylin"])
def test_refused_words_stand_in_their_form_or_else_beside(desk, who):
    revision = factories.submitted(desk, factories.a_ticket(desk), text="Hello.", by=desk.aylin)
    form = review_screen.Refused(
        verb="correct",
        error=Invalid(Reason("text_empty", "There is no text.")),
        text="What I typed",
        paragraph="2",
        fields=[Typed("text", "What I typed")],
    )
    shown = screen(desk, revision, getattr(desk, who), form)
    assert shown.text_to_correct == "What I typed"
    assert shown.chosen_paragraph == ""
    assert shown.kept == ([] if who == "rita" else form.fields)


def test_each_form_begins_with_what_was_typed_there_alone(desk):
    revision = factories.submitted(desk, factories.a_ticket(desk), text="Hello.")
    form = review_screen.Refused(verb="request-changes", text="elsewhere", paragraph="2")
    shown = screen(desk, revision, desk.rita, form)
    assert (shown.text_to_correct, shown.chosen_paragraph) == ("Hello.", "2")


@pytest.mark.campaign
def test_what_came_up_since_it_was_submitted_is_shown_apart(desk):
    published(desk, paragraphs=examples.guideline())
    ticket = factories.a_ticket(desk)
    revision = factories.submitted(desk, ticket, text="Hi Grace, we look into it.")
    before = screen(desk, revision, desk.rita).words
    assert (before.new_findings, before.context_changes) == ([], [])
    paragraphs = examples.guideline()
    paragraphs[1]["checks"].append(avoiding("look", "hint"))
    published(desk, paragraphs=paragraphs)
    factories.arrive(desk, factories.post(conversation=ticket.conversation_id))
    words = screen(desk, revision, desk.rita).words
    assert [finding["severity"] for finding in words.new_findings] == ["hint"]
    assert len(words.context_changes) == 1
