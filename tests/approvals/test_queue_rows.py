"""Rows of the review queue are prepared in Python, and drawn without asking anything."""

import pytest
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from approvals import querysets
from approvals.escalation import escalation
from approvals.models import Draft, Review, Revision
from approvals.reviews import decisions, queue_rows, signed_text, voiding
from tests import factories
from tests.support.components import draws
from tickets.models import Customer


def queued(user) -> list[queue_rows.QueueRow]:
    """What waits for this person, as the queue has it."""
    drafts = list(querysets.for_review(querysets.in_review(user)))
    newest = {
        one.draft_id: one for one in signed_text.addressed(Revision.objects.order_by("number"))
    }
    signing = set(querysets.waiting_for(user).values_list("pk", flat=True))
    return queue_rows.waiting(drafts, newest, timezone.now(), signing)


def test_a_row_has_both_texts_and_how_it_stands(desk):
    revision = factories.submitted(desk, text="Hi Grace, we look into it.")
    (row,) = queued(desk.rita)
    assert row.address == f"/review/{revision.draft_id}/"
    assert (row.name, row.handle) == ("Grace Adeyemi", "grace_adeyemi")
    assert row.ours == revision.text
    assert row.theirs == "@AmselnetzHilfe the router blinks orange"
    assert (row.status.word, row.pair.writer) == ("In approval", "an")
    assert row.pair.words == "second signature open, yours"
    assert row.claim is None
    decisions.claim(revision.draft, by=desk.rita)
    (row,) = queued(desk.rita)
    assert row.claim == queue_rows.Claim("rs", "Rita Sommer is reading")
    escalation.escalate(revision.draft.ticket, reason="Hard.", by=desk.aylin)
    with translation.override("de"):
        (row,) = queued(desk.lena)
    assert (row.status.status, row.status.word) == ("lead", "Bei der Leitung")
    assert row.claim.words == "Rita Sommer liest das gerade"


def test_names_of_others_are_cut_and_stay_text(desk):
    factories.submitted(desk)
    Customer.objects.update(name="<b>" + "x" * 60)
    (row,) = queued(desk.rita)
    assert row.name == "<b>" + "x" * 36 + "…"
    assert not isinstance(row.name, SafeString)


def test_who_has_no_initials_has_an_icon_for_a_stamp(desk):
    draft = factories.submitted(desk).draft
    decisions.claim(draft, by=desk.rita)
    draft = Draft.objects.select_related("claim__user__person").get(pk=draft.pk)
    draft.claim.user.person.initials = None
    assert "#person" in queue_rows.claim_of(draft).stamp


def test_a_decision_of_one_s_own_says_whether_it_still_counts(desk):
    draft = factories.approved(desk)
    review = Review.objects.select_related("revision__draft", "void").get()
    signed_text.addressed([review.revision])
    row = queue_rows.decided_row(review)
    assert (row.address, row.handle) == (f"/review/{draft.pk}/", "grace_adeyemi")
    assert (row.decision, row.is_void) == ("approved", False)
    escalation.escalate(draft.ticket, reason="Hard.", by=desk.aylin)
    assert voiding.void_all() == 1
    review = Review.objects.select_related("revision__draft", "void").get()
    signed_text.addressed([review.revision])
    assert queue_rows.decided_row(review).is_void


@pytest.mark.campaign
@pytest.mark.parametrize("number", [1, 8])
def test_rows_of_the_queue_ask_nothing(desk, django_assert_num_queries, number):
    for count in range(number):
        factories.submitted(desk, factories.a_ticket(desk, f"@AmselnetzHilfe number {count}"))
    drafts = list(querysets.for_review(querysets.in_review(desk.rita)))
    newest = {one.draft_id: one for one in signed_text.addressed(Revision.objects.all())}
    with django_assert_num_queries(0):
        rows = queue_rows.waiting(drafts, newest, timezone.now(), ())
    assert len(rows) == number


def test_a_row_draws_its_parts_as_the_components_do(desk, client):
    factories.submitted(desk)
    client.force_login(desk.rita)
    page = client.get("/review/list/").content.decode()
    (row,) = queued(desk.rita)
    assert draws(page, "pair", {"writer": "an", "yours": True})
    assert draws(page, "status", {"mark": row.status})
