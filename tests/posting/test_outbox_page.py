"""The outbox shows each reply under its own tab, once, to its own department alone."""

import pytest

from networks.errors import NetworkError
from posting.models import Delivery
from posting.sending import delivery
from posting.states import Outcome
from tests import factories
from tests.posting.test_what_counts import of_business, ours
from tickets.ingestion import refresh
from tickets.models import ParkedPost


@pytest.fixture
def full(desk):
    """A reply in each state, a draft in review, and the other department's own."""

    def reply(word):
        ticket = factories.a_ticket(desk, f"@AmselnetzHilfe {word}")
        return factories.approved(desk, factories.submitted(desk, ticket, text=f"About {word}."))

    delivery.record_posted(
        delivery.claim(reply("posted"), desk.account).attempt, 4711, Outcome.POSTED, shown=None
    )
    delivery.record_trouble(
        delivery.claim(reply("doubtful"), desk.account),
        NetworkError("no_answer", outcome="uncertain"),
    )
    waits = reply("waiting").newest
    Delivery.objects.create(
        revision=waits,
        sha256=waits.sha256,
        account=desk.account,
        target_id=waits.target_external_id,
    )
    reply("approved")
    factories.submitted(
        desk, factories.a_ticket(desk, "@AmselnetzHilfe reviewed"), text="About reviewed."
    )
    of_business(desk)
    return desk


def words_on(client, tab):
    """Which replies the tab shows."""
    page = client.get("/outbox/", {"tab": tab}).content.decode()
    return {
        word
        for word in ("posted", "doubtful", "waiting", "approved", "reviewed")
        if f"About {word}." in page
    } | ({"theirs"} if "unplug it for 30" in page else set())


@pytest.mark.campaign
def test_each_reply_stands_under_its_tab_and_for_its_department(full, client):
    client.force_login(full.aylin)
    assert {
        tab: words_on(client, tab) for tab in ("waiting", "uncertain", "posted", "refused")
    } == {
        "waiting": {"waiting", "approved"},
        "uncertain": {"doubtful"},
        "posted": {"posted"},
        "refused": set(),
    }
    client.force_login(full.nele)
    assert {tab: words_on(client, tab) for tab in ("waiting", "uncertain", "posted")} == {
        "waiting": {"theirs"},
        "uncertain": set(),
        "posted": set(),
    }


def test_posts_past_the_desk_and_parked_ones_are_shown_to_their_department_until_they_are_read(
    desk, client
):
    for external_id, text, account, through in (
        (1, "By hand.", desk.account, False),
        (2, "By the desk.", desk.account, True),
        (3, "Theirs by hand.", desk.business_account, False),
    ):
        refresh.appear(ours(external_id, text), account, through_desk=through)
    for mark, account, why, read_at in (
        ("a", desk.account, "odd shape one", None),
        ("b", desk.account, "odd shape two", factories.ago(hours=1)),
        ("c", desk.business_account, "odd shape three", None),
    ):
        parked = ParkedPost.objects.create(account=account, mark=mark, raw={"id": mark}, why=why)
        ParkedPost.objects.filter(pk=parked.pk).update(read_at=read_at)
    client.force_login(desk.aylin)
    page = client.get("/outbox/?tab=without")
    assert [one.text for one in page.context["outbox"].own_posts] == ["By hand."]
    assert [one.why for one in page.context["outbox"].health.parked] == ["odd shape one"]
