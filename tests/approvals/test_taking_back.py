"""A decision taken back: as if nobody had decided, and in the trail that somebody did."""

from datetime import timedelta

import pytest
from django.urls import reverse

from approvals.drafts import drafting
from approvals.models import Claim, Draft, Review, Void
from approvals.reviews import decisions, taking_back, voiding
from core.errors import DeskError, Stale
from core.models import Event
from servicedesk.evidence.facts import facts_without_event
from tests import factories
from tickets import lifecycle
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def delay(settings):
    """Replies leave five seconds after their approval."""
    settings.SEND_DELAY_SECONDS = 5


def returned(desk, revision=None):
    """A draft for which Rita has requested changes."""
    revision = revision or factories.submitted(desk)
    return decisions.request_changes(
        revision,
        sha256=revision.sha256,
        context_version=revision.draft.ticket.context_version,
        by=desk.rita,
        comment="Shorter.",
    )


def how_it_stands(draft):
    """What a decision changes of the draft and its ticket."""
    fresh = Draft.objects.get(pk=draft.pk)
    ticket = Ticket.objects.get(pk=draft.ticket_id)
    return (
        fresh.status,
        fresh.text,
        ticket.status,
        ticket.unanswered_since,
        ticket.due_at,
        ticket.context_version,
    )


def code(act):
    """The code of the refusal."""
    with pytest.raises(DeskError) as refused:
        act()
    return refused.value.code


@pytest.mark.parametrize(
    ("decide", "back"),
    [(factories.approved, taking_back.revoke), (returned, taking_back.take_back_changes)],
)
def test_everything_stands_as_before_and_the_trail_tells_both(desk, ahead, decide, back):
    revision = factories.submitted(desk)
    before = how_it_stands(revision.draft)
    ahead("3 minutes")
    decide(desk, revision)
    assert how_it_stands(revision.draft) != before
    back(revision.draft, by=desk.rita)
    assert how_it_stands(revision.draft) == before
    waits_since = Ticket.objects.get(pk=revision.draft.ticket_id).waiting_since
    assert abs(waits_since - revision.at) < timedelta(seconds=30)
    assert Void.objects.get().by == desk.rita
    untold = {fault.place.split()[0] for fault in facts_without_event()}
    assert not untold & {"review", "void"}
    told = Event.objects.filter(topic_id=revision.draft.ticket_id, topic_kind="tickets.ticket")
    assert list(told.values_list("name", flat=True))[-2:] in (
        ["review.approved", "approval.revoked"],
        ["review.changes_requested", "review.changes_taken_back"],
    )


def test_the_same_and_another_person_may_sign_again_and_one_signature_counts(desk):
    revision = factories.submitted(desk)
    for endorser in (desk.rita, desk.rita, desk.tomasz):
        draft = factories.approved(desk, revision, by=endorser)
        assert voiding.pair_fault(revision) is None
        taking_back.revoke(draft, by=endorser)
        assert voiding.pair_fault(revision) == "not_approved"
    returned(desk, revision)
    taking_back.take_back_changes(revision.draft, by=desk.rita)
    assert voiding.pair_fault(revision) == "not_approved"
    assert code(lambda: factories.approved(desk, revision, by=desk.aylin)) == "own_words"
    factories.approved(desk, revision, by=desk.tomasz)
    assert voiding.pair_fault(revision) is None
    assert Review.objects.count() == 5


def test_taken_back_twice_is_taken_back_once(desk):
    for decide, back in (
        (factories.approved, taking_back.revoke),
        (returned, taking_back.take_back_changes),
    ):
        draft = factories.submitted(desk).draft
        decide(desk, draft.newest)
        first = back(draft, by=desk.rita)
        assert back(draft, by=desk.rita) == first
        assert Void.objects.filter(review__revision__draft=draft).count() == 1
        assert Event.objects.filter(name__in=["approval.revoked"]).count() == 1


def went_on(desk, draft):
    """The author types on."""
    drafting.save(Draft.objects.get(pk=draft.pk), text="Other words.", saved=None, by=desk.aylin)


def submitted_anew(desk, draft):
    """The author submits another text."""
    fresh = Draft.objects.get(pk=draft.pk)
    drafting.submit(fresh, text="Other words.", context_version=1, by=desk.aylin)


def taken_over(desk, draft):
    """A colleague writes on."""
    drafting.take_over(Draft.objects.get(pk=draft.pk), by=desk.bastian)


def resolved(desk, draft):
    """Nobody answers any more."""
    lifecycle.resolve(draft.ticket, reason="thanks", by=desk.aylin)


def handed_over(desk, draft):
    """The ticket is another department's."""
    lifecycle.hand_off(draft.ticket, to=desk.business, note="", by=desk.aylin)


@pytest.mark.parametrize(
    ("meanwhile", "wanted"),
    [
        (went_on, "author_went_on"),
        (submitted_anew, "not_returned"),
        (taken_over, "author_went_on"),
        (resolved, "moved_on"),
        (handed_over, "moved_on"),
    ],
)
def test_a_request_for_changes_stays_once_somebody_went_on(desk, meanwhile, wanted):
    draft = returned(desk)
    meanwhile(desk, draft)
    assert code(lambda: taking_back.take_back_changes(draft, by=desk.rita)) == wanted
    assert not Void.objects.exists()


def test_a_request_for_changes_is_taken_back_by_its_own_person_for_some_minutes(desk, ahead):
    draft = returned(desk)
    assert code(lambda: taking_back.take_back_changes(draft, by=desk.lena)) == "not_your_decision"
    ahead("11 minutes")
    assert code(lambda: taking_back.take_back_changes(draft, by=desk.rita)) == "undo_over"


def test_a_rejection_is_not_taken_back(desk):
    revision = factories.submitted(desk)
    decisions.reject(
        revision, sha256=revision.sha256, context_version=1, by=desk.rita, comment="No."
    )
    assert code(lambda: taking_back.take_back_changes(revision.draft, by=desk.rita)) == (
        "not_returned"
    )


def test_nobody_reads_of_an_approval_that_was_taken_back_but_in_the_trail(desk, client):
    draft = factories.approved(desk)
    taking_back.revoke(draft, by=desk.rita)
    client.force_login(desk.aylin)
    page = client.get(f"/tickets/{draft.ticket.number}/").content.decode()
    assert "says says--red" not in page
    assert "<bdi>Rita Sommer</bdi> revoked the approval. The text is in review again." in page
    client.force_login(desk.tomasz)
    page = client.get(reverse("review", args=[draft.pk])).content.decode()
    assert "Decided before" not in page
    assert "Approve and sign" in page


def test_who_undoes_is_on_the_same_review_again(desk, client):
    revision = factories.submitted(desk)
    client.force_login(desk.rita)
    here = reverse("review", args=[revision.draft_id])
    seen = {"sha256": revision.sha256, "context_version": 1}
    for verb, more, undo in (
        ("approve", {}, f"/tickets/{revision.draft.ticket.number}/draft/revoke/"),
        ("request-changes", {"comment": "Shorter."}, f"{here}take-back/"),
    ):
        page = client.post(f"{here}{verb}/", seen | more, follow=True).content.decode()
        assert f'action="{undo}"' in page
        answer = client.post(undo, follow=True)
        assert answer.redirect_chain == [(here, 302)]
        assert "Approve and sign" in answer.content.decode()
        assert Claim.objects.get().user == desk.rita


def test_a_refusal_is_a_sentence_on_the_page(desk, client):
    draft = returned(desk)
    went_on(desk, draft)
    client.force_login(desk.rita)
    answer = client.post(reverse("review-take-back", args=[draft.pk]))
    assert answer.status_code == Stale.status
    assert "Aylin Nergiz is changing the text already" in answer.content.decode()
