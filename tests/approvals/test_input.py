"""What the verbs on drafts and pictures refuse, each with its own code and nothing changed."""

import io

import pytest

from approvals.checks import Finding
from approvals.drafts import attachments, checking, drafting, payload
from approvals.models import Attachment, Draft, Review, Void
from approvals.reviews import decisions, taking_back, voiding
from approvals.states import DraftStatus
from networks.registry import network_of
from posting.sending import delivery
from tests import factories
from tests.pictures import a_picture
from tests.refusals import refused
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import ContextCause


@pytest.fixture
def draft(desk):
    """Aylin's reply to Grace, being written."""
    return drafting.open_draft(
        factories.a_ticket(desk), by=desk.aylin, text="Hi Grace, this cable."
    )


def bring(draft, by, colour="orange", alt="A cable."):
    """A picture on the draft."""
    shot = a_picture(colour)
    return attachments.attach(draft, picture=io.BytesIO(shot), size=len(shot), alt=alt, by=by)


def test_only_its_writer_changes_a_draft_and_its_pictures(desk, draft):
    shot, by = bring(draft, desk.aylin), desk.bastian
    verbs = [
        lambda: drafting.save(draft, text="Mine.", saved=None, by=by),
        lambda: drafting.submit(draft, text="Mine.", context_version=1, by=by),
        lambda: drafting.withdraw(draft, by=by),
        lambda: bring(draft, by, "red"),
        lambda: attachments.describe(draft, {shot.pk: "Mine."}, by=by),
        lambda: attachments.detach(draft, shot.pk, by=by),
    ]
    assert [refused(verb) for verb in verbs] == ["not_your_draft"] * len(verbs)
    assert Draft.objects.get().text == "Hi Grace, this cable."
    assert list(Attachment.objects.values_list("alt", "is_attached")) == [("A cable.", True)]


def test_who_may_not_write_begins_and_takes_over_nothing(desk, draft):
    assert refused(lambda: drafting.open_draft(draft.ticket, by=desk.nele)) == "other_department"
    assert refused(lambda: drafting.take_over(draft, by=desk.nele)) == "other_department"


def test_words_have_limits_and_a_reply_answers_a_post(desk, draft):
    def save(text):
        return drafting.save(draft, text=text, saved=None, by=desk.aylin)

    assert refused(lambda: save("x" * 5001)) == "text_long"
    ticket = Ticket.objects.get(pk=draft.ticket_id)
    empty = Ticket.objects.create(
        customer=ticket.customer,
        account=desk.account,
        department=desk.service,
        conversation_id=5,
        due_at=ticket.due_at,
        last_inbound_at=ticket.last_inbound_at,
    )
    assert refused(lambda: drafting.open_draft(empty, by=desk.aylin)) == "nothing_to_answer"
    person, rules = desk.aylin.person, network_of("x").text
    for text, wanted in ((" ^an", "text_empty"), ("x" * 277, "text_long")):
        assert refused(lambda text=text: payload.ready(text, person, rules)) == wanted
    assert payload.ready("x" * 276, person, rules).endswith("x ^an")
    person.initials = ""
    assert refused(lambda: payload.ready("Hi.", person, rules)) == "initials_missing"


def test_another_windows_words_are_not_written_over(desk, draft):
    def save(text, saved):
        return drafting.save(draft, text=text, saved=saved, by=desk.aylin).text

    save("From the other window.", draft.saved)
    with pytest.raises(drafting.Stale):
        save("From this window.", draft.saved)
    assert save("From the other window.", draft.saved) == "From the other window."
    assert save("A script's.", None) == "A script's."


def test_pictures_are_there_few_and_described(desk, draft):
    by = desk.aylin
    assert (
        refused(lambda: attachments.attach(draft, picture=None, size=0, by=by)) == "picture_missing"
    )
    assert refused(lambda: bring(draft, by, alt="x" * 1001)) == "alt_long"
    first = bring(draft, by)
    assert refused(lambda: attachments.frozen(draft, {})) == "pictures_changed"
    assert refused(lambda: attachments.frozen(draft, {first.pk: " "})) == "alt_missing"
    assert attachments.frozen(draft, None) == attachments.frozen(draft, {first.pk: "A cable."})
    drafting.submit(draft, text="Hi Grace, this cable.", context_version=1, by=by)
    attachments.detach(draft, first.pk, by=by)
    for colour in ("red", "green", "blue", "white"):
        bring(draft, by, colour)
    assert refused(lambda: bring(draft, by)) == "pictures_many"
    assert bring(draft, by, "white").is_attached


def test_only_what_wants_an_explanation_is_held_for_one():
    def found(severity):
        return Finding("forbidden_words", "sadly", severity, "3", "sadly", 0, 5, {})

    hint, wants = found("hint"), found("must_explain")
    assert checking.passed([hint], {}) == [hint]
    assert refused(lambda: checking.passed([hint, wants], {})) == "finding_explain"
    assert refused(lambda: checking.passed([wants], {wants.key: " "})) == "finding_explain"
    assert checking.passed([hint, wants], {wants.key: "It is a quotation."}) == [hint, wants]


def test_a_decision_against_says_why(desk):
    revision = factories.submitted(desk)
    seen = {"sha256": revision.sha256, "context_version": 1}

    def ask(**given):
        return decisions.request_changes(
            revision, **{"comment": "", "by": desk.rita} | seen | given
        )

    def correct(text, by):
        return decisions.correct(revision, text=text, by=by, **seen)

    assert refused(lambda: ask(comment=" \u200b ")) == "reason_missing"
    assert refused(lambda: ask(by=desk.aylin)) == "own_words"
    assert refused(lambda: correct("Kinder words.", desk.aylin)) == "own_words"
    same = "Hi Grace, unplug it for 30 seconds."
    assert refused(lambda: correct(same, desk.rita)) == "nothing_changed"
    assert not Review.objects.exists()
    assert ask(paragraph="3").status == DraftStatus.CHANGES_REQUESTED


def test_an_approval_is_revoked_by_who_gave_it(desk):
    draft = factories.approved(desk)
    assert refused(lambda: taking_back.revoke(draft, by=desk.lena)) == "not_your_approval"


@pytest.mark.campaign
def test_only_an_approval_that_counts_is_made_void(desk, ahead):
    revision = factories.submitted(desk)
    assert voiding.void_if_it_no_longer_holds(revision.draft) is False
    for hours in (25, 50):
        draft = factories.approved(desk, revision)
        assert voiding.void_if_it_no_longer_holds(draft) is False
        ahead(f"{hours} hours")
        assert voiding.void_if_it_no_longer_holds(draft) is True
    voiding.void_refused(factories.approved(desk, revision), said="No.")
    reasons = Void.objects.order_by("id").values_list("reason", flat=True)
    assert list(reasons) == ["expired", "expired", "refused"]


def test_a_reply_on_its_way_keeps_its_approval(desk):
    draft = factories.approved(desk)
    assert delivery.claim(draft, desk.account)
    lifecycle.raise_context_version(draft.ticket, ContextCause.WROTE)
    assert voiding.void_if_it_no_longer_holds(draft) is False
    assert not Void.objects.exists()
