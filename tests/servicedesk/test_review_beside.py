"""What stands beside a review: what waits besides, what was just decided, who is called next."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.escalation import escalation, reminders
from approvals.models import Finding, Review
from approvals.reviews import decisions, marked_places, queue_rows
from approvals.reviews.unusual_characters import Unusual
from servicedesk.screens import review_screen
from tests import factories


def beside(desk, draft, user):
    return review_screen.beside_of(draft, user)


def decide(revision, verb, by, **words):
    return getattr(decisions, verb)(
        revision,
        sha256=revision.sha256,
        context_version=revision.draft.ticket.context_version,
        by=by,
        **words,
    )


def test_what_waits_for_this_person_stands_beside_and_nobody_s_own_words(desk):
    first = factories.submitted(desk)
    second = factories.submitted(desk, factories.a_ticket(desk, "@AmselnetzHilfe two"))
    shown = beside(desk, first.draft, desk.rita)
    assert [row.draft for row in shown.rows] == [first.draft_id, second.draft_id]
    assert (shown.count, shown.decided) == (2, [])
    assert beside(desk, first.draft, desk.aylin).rows == []


def test_what_was_just_decided_says_when_it_leaves_and_can_be_taken_back(desk, client, settings):
    settings.SEND_DELAY_SECONDS = 300
    revision = factories.submitted(desk)
    other = factories.submitted(desk, factories.a_ticket(desk, "@AmselnetzHilfe two"))
    decide(revision, "approve", desk.rita)
    (row,) = beside(desk, other.draft, desk.rita).decided
    assert (row.writer, row.endorser) == ("an", "rs")
    assert 0 < row.leaves_in <= 300
    client.force_login(desk.rita)
    page = client.get(reverse("review-beside", args=[other.draft_id])).content.decode()
    assert re.search(r"leaves in \d+ s", page)
    assert reverse("draft-revoke", args=[row.ticket]) in page
    assert beside(desk, other.draft, desk.tomasz).decided == [], "another person’s"


def test_after_the_delay_there_is_nothing_to_take_back(desk, settings):
    settings.SEND_DELAY_SECONDS = 5
    revision = factories.submitted(desk)
    decide(revision, "approve", desk.rita)
    review = Review.objects.select_related("revision__draft__ticket", "void").get()
    review_screen.signed_text.addressed([review.revision])
    later = queue_rows.just_decided(review, review.at + timedelta(seconds=6))
    assert (later.leaves_in, later.status.word) == (0, "Approved")


def test_a_returned_text_says_so_with_a_participle(desk):
    revision = factories.submitted(desk)
    decide(revision, "request_changes", desk.rita, comment="Too short.")
    (row,) = beside(desk, revision.draft, desk.rita).decided
    assert (row.status.word, row.endorser, row.leaves_in) == ("returned", "", 0)


@pytest.mark.parametrize("number", [1, 6])
def test_the_queue_beside_asks_the_same_however_long_it_is(
    desk, django_assert_max_num_queries, number
):
    for count in range(number):
        revision = factories.submitted(desk, factories.a_ticket(desk, f"@AmselnetzHilfe {count}"))
    user = desk.rita
    with django_assert_max_num_queries(12):
        assert len(beside(desk, revision.draft, user).rows) == number


def test_it_says_whom_the_clock_calls_next(desk):
    revision = factories.submitted(desk)
    ticket = revision.draft.ticket
    step = reminders.upcoming(ticket, revision, revision.at)
    assert [one.name for one in step.people] == ["Lena Brandt"]
    assert step.due_at - revision.at >= timedelta(minutes=ticket.department.clock_minutes - 1)
    sentence = review_screen.next_step_of(ticket, revision)
    assert re.match(r"then to Lena Brandt (at|tomorrow|on) ", sentence)


def test_the_next_one_is_never_who_wrote_it(desk):
    revision = factories.submitted(desk, by=desk.lena)
    step = reminders.upcoming(revision.draft.ticket, revision, revision.at)
    assert "Lena Brandt" not in [one.name for one in step.people]


def test_once_escalated_the_deputy_is_next(desk):
    revision = factories.submitted(desk)
    ticket = revision.draft.ticket
    escalation.escalate(ticket, reason="Hard.", by=desk.aylin)
    step = reminders.upcoming(ticket, revision, timezone.now() + timedelta(seconds=1))
    assert [one.name for one in step.people] == ["Samuel Okafor"]


def test_a_claim_does_not_say_that_a_writer_could_decide(desk, client):
    revision = factories.submitted(desk)
    decisions.claim(revision.draft, by=desk.rita)
    for user, may in ((desk.aylin, False), (desk.tomasz, True)):
        client.force_login(user)
        page = client.get(reverse("review", args=[revision.draft_id])).content.decode()
        assert "<bdi>Rita Sommer</bdi> is reading this." in page
        assert ("You can decide all the same." in page) is may


def test_the_queue_flags_what_the_reader_may_sign_and_nothing_else(desk, client):
    factories.submitted(desk)
    for user, tab, flags in (
        (desk.aylin, "mine", 0),
        (desk.aylin, "waiting", 0),
        (desk.rita, "waiting", 1),
    ):
        client.force_login(user)
        page = client.get(f"/review/list/?tab={tab}").content.decode()
        assert page.count("data-yours") == page.count("pair__line--yours") == flags, (user, tab)


def test_an_empty_queue_says_where_one_s_own_texts_are(desk, client):
    factories.submitted(desk)
    client.force_login(desk.aylin)
    page = client.get("/review/").content.decode()
    assert "One text of yours waits for somebody else’s signature." in page
    assert "All signed." not in page
    client.force_login(desk.bastian)
    assert "All signed." in client.get("/review/").content.decode()


def test_places_are_marked_once_the_odd_first_then_the_gravest():
    text = "Money back by Friday <b> ^an"
    html = marked_places.marked(
        text,
        [Unusual(14, 20, "Odd.")],
        [
            (Finding(severity="blocks", start=0, end=5), 'It says "Money".'),
            (Finding(severity="hint", start=3, end=10), "Over it."),
            (Finding(severity="must_explain", start=11, end=20), "A date."),
            (Finding(severity="hint", start=21, end=99), "Past the end."),
            (Finding(severity="hint", start=0, end=0), "The whole."),
        ],
    )
    assert re.search(r'<mark[^>]*data-severity="blocks"[^>]*>Money</mark>', html)
    assert '<mark title="Odd.">Friday</mark>' in html
    assert html.count("<mark") == 2
    assert "&lt;b&gt;" in html


def test_what_blocks_stands_first_and_a_hint_last():
    found = [
        Finding(pk=pk, severity=one) for pk, one in enumerate(["hint", "needs_lead", "blocks"])
    ]
    order = [one.severity for one in marked_places.in_order(found)]
    assert order == ["blocks", "needs_lead", "hint"]


def test_the_tabs_of_the_queue_say_how_many_and_agree_with_the_bar(desk, client):
    for count in range(2):
        factories.submitted(desk, factories.a_ticket(desk, f"@AmselnetzHilfe {count}"))
    client.force_login(desk.rita)
    answer = client.get("/review/")
    assert answer.context["tab_counts"] == {"waiting": 2, "mine": 0, "escalated": 0}
    assert answer.context["counts"]["review"] == 2
    client.force_login(desk.aylin)
    assert client.get("/review/").context["tab_counts"]["mine"] == 2
