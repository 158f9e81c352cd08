"""The outbox of one person, built without a template."""

import pytest
from django.http import QueryDict

from networks.errors import NetworkError
from posting.outbox import TABS, outbox_for
from posting.sending import delivery
from posting.states import Outcome
from tests import factories
from tests.posting.test_what_counts import of_business, ours
from tickets.conversations import external_posts
from tickets.ingestion import refresh


def shown(user, asked="tab=waiting"):
    """Build the outbox for this person as the page does."""
    return outbox_for(user, QueryDict(asked))


def approved(desk, word):
    """An approved reply that says the word."""
    ticket = factories.a_ticket(desk, f"@AmselnetzHilfe {word}")
    return factories.approved(desk, factories.submitted(desk, ticket, text=f"About {word}."))


def test_an_empty_desk_has_an_empty_outbox_with_its_accounts(desk):
    outbox = shown(desk.aylin, "tab=nothing-like-this")
    assert (outbox.tab, outbox.is_empty) == ("waiting", True)
    assert [row.account for row in outbox.health.accounts] == [desk.account]
    assert outbox.tabs == TABS


def test_what_is_approved_waits_until_its_delivery_begins(desk):
    draft = approved(desk, "waiting")
    outbox = shown(desk.aylin)
    assert [(row.draft, row.revision) for row in outbox.waiting] == [(draft, draft.newest)]
    assert (outbox.rows, outbox.is_empty) == ([], False)
    delivery.claim(draft, desk.account)
    outbox = shown(desk.aylin)
    assert [row.delivery.revision for row in outbox.rows] == [draft.newest]
    assert outbox.rows[0].sentence == "On its way to X."
    assert (outbox.waiting, outbox.rows[0].trail, outbox.rows[0].doubts) == ([], [], [])


@pytest.mark.campaign
def test_an_uncertain_reply_shows_its_stations_and_only_a_public_one_may_be_taken_down(desk):
    delivery.record_trouble(
        delivery.claim(approved(desk, "doubtful"), desk.account),
        NetworkError("no_answer", outcome="uncertain"),
    )
    [row] = shown(desk.lena, "tab=uncertain").rows
    assert [station.state for station in row.trail] == ["done", "now", "to come", "to come"]
    assert row.why_not_take_down
    delivery.record_posted(
        delivery.claim(approved(desk, "posted"), desk.account).attempt,
        4711,
        Outcome.POSTED,
        shown=None,
    )
    [row] = shown(desk.lena, "tab=posted").rows
    assert (row.trail, row.why_not_take_down) == ([], None)
    [row] = shown(desk.aylin, "tab=posted").rows
    assert row.why_not_take_down


def test_nobody_sees_what_another_department_sends(desk):
    draft = of_business(desk)
    assert shown(desk.aylin).is_empty
    assert [row.draft for row in shown(desk.nele).waiting] == [draft]


@pytest.mark.parametrize(("who", "may"), [("lena", True), ("aylin", False)])
def test_only_posts_that_nobody_knows_yet_can_be_marked_and_only_by_who_may(desk, who, may):
    for external_id in (1, 2):
        refresh.appear(
            ours(external_id, f"By hand {external_id}."), desk.account, through_desk=False
        )
    outbox = shown(getattr(desk, who), "tab=without")
    assert {own.external_id for own in outbox.own_posts} == {"1", "2"}
    assert {own.external_id for own in outbox.to_be_known} == ({"1", "2"} if may else set())
    external_posts.mark_known(
        [own for own in shown(desk.lena, "tab=without").own_posts if own.external_id == "1"],
        by=desk.lena,
    )
    outbox = shown(getattr(desk, who), "tab=without")
    assert {own.external_id for own in outbox.to_be_known} == ({"2"} if may else set())


@pytest.mark.campaign
def test_a_list_that_stops_says_how_many_there_are_and_the_way_to_the_rest(desk, monkeypatch):
    monkeypatch.setattr("posting.outbox.MOST_ROWS", 1)
    for word in ("one", "two"):
        approved(desk, word)
    outbox = shown(desk.aylin)
    assert (len(outbox.waiting), outbox.approved.total) == (1, 2)
    assert outbox.approved.address_of_rest == "tab=waiting&list=waiting.2"
    assert len(shown(desk.aylin, outbox.approved.address_of_rest).waiting) == 2
