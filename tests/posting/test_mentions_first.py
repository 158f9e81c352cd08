"""Right before sending the account's mentions are read once more.

Who wrote again meanwhile gets no reply to what they said before.
"""

import pytest

from approvals.models import Draft, Void
from approvals.states import DraftStatus
from core.database.db_time import desk_now
from core.database.guards import DeskNow
from posting.messages import attempt_messages
from posting.models import Delivery
from posting.sending import delivery
from servicedesk.operations import monitoring
from tests import factories
from tests.support.replies import replies
from tickets.ingestion import polling
from tickets.models import ConnectedAccount, Feed, Mention, Ticket

MENTIONS = "GET /2/users/901/mentions"


def more(x, shown, text="@AmselnetzHilfe wait, it works again"):
    """The customer writes again in the same conversation; our feed is not read."""
    return x.says("grace_adeyemi", text, reply_to=shown["id"])


@pytest.mark.campaign
def test_the_customer_wrote_again_and_the_feed_was_not_read_since(ready, x):
    draft, shown = ready
    again = more(x, shown)
    assert delivery.send_due() == 0
    assert replies(x, shown) == []
    assert Void.objects.get().reason == "customer_wrote"
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.CHANGES_REQUESTED
    assert Mention.objects.get(external_id=again["id"]).ticket_id == draft.ticket_id


@pytest.mark.campaign
def test_only_the_reply_whose_customer_wrote_again_stays(ready, x, desk):
    draft, shown = ready
    other = x.says("dirk", "@AmselnetzHilfe a second one please")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    factories.approved(
        desk,
        factories.submitted(
            desk, Ticket.objects.get(conversation_id=other["id"]), text="Hello Dirk, unplug it."
        ),
    )
    more(x, shown)
    assert delivery.send_due() == 1
    assert (len(replies(x, shown)), len(replies(x, other))) == (0, 1)


@pytest.mark.campaign
def test_a_customer_who_writes_again_while_a_run_goes_on_is_heard_too(ready, x, desk, monkeypatch):
    _draft, shown = ready
    other = x.says("dirk", "@AmselnetzHilfe a second one please")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    factories.approved(
        desk,
        factories.submitted(
            desk, Ticket.objects.get(conversation_id=other["id"]), text="Hello Dirk, unplug it."
        ),
    )
    monkeypatch.setattr(delivery, "MENTIONS_FRESH_SECONDS", -1)
    deliver = delivery.deliver

    def and_then(*what):
        made = deliver(*what)
        x.says("dirk", "@AmselnetzHilfe no need any more", reply_to=other["id"])
        return made

    monkeypatch.setattr(delivery, "deliver", and_then)
    delivery.send_due()
    assert (len(replies(x, shown)), len(replies(x, other))) == (1, 0)


@pytest.mark.campaign
def test_every_page_is_read(ready, x, desk):
    draft, shown = ready
    again = more(x, shown)
    x.control(
        "crowd",
        posts=[{"username": f"crowd{n}", "text": f"@AmselnetzHilfe crowd {n}"} for n in range(130)],
    )
    delivery.send_due()
    assert replies(x, shown) == []
    assert Mention.objects.get(external_id=again["id"]).ticket_id == draft.ticket_id


@pytest.mark.campaign
@pytest.mark.parametrize("kind", ["429", "503", "garbage", "errors", "html", "drop"])
def test_while_the_mentions_cannot_be_read_nothing_is_sent_and_people_read_why(
    ready, x, kind, client, desk, ahead
):
    draft, shown = ready
    more(x, shown)
    x.control("faults", kind=kind, on=MENTIONS, seconds=3600)
    assert delivery.send_due() == 0
    account = ConnectedAccount.objects.get(external_id="901")
    assert 0 < (account.rests_until - desk_now()).total_seconds() <= 15 * 60
    assert "a customer may have written again" in attempt_messages.resting(account)
    client.force_login(desk.lena)
    assert "a customer may have written again" in client.get("/outbox/").content.decode()
    sign = next(one for one in monitoring.signs() if "Held back" in one.says)
    assert not sign.well
    assert "@AmselnetzHilfe" in sign.says
    assert not Delivery.objects.exists()
    assert delivery.send_due() == 0
    ahead("16 minutes")
    delivery.send_due()
    assert replies(x, shown) == []
    assert Void.objects.get().reason == "customer_wrote"
    assert attempt_messages.resting(account) == ""
    assert not [one for one in monitoring.signs() if "Held back" in one.says]


@pytest.mark.campaign
def test_a_reply_that_waited_for_the_mentions_leaves_once_they_are_read(ready, x, ahead):
    _draft, shown = ready
    x.control("faults", kind="503", on=MENTIONS)
    delivery.send_due()
    ahead("1 minute")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


@pytest.mark.campaign
def test_a_feed_that_rests_is_not_asked_and_holds_the_sending(ready, x, ahead):
    _draft, shown = ready
    Feed.objects.filter(account__external_id="901").update(rests_until=factories.ago(minutes=-5))
    x.control("journal", method="DELETE")
    delivery.send_due()
    assert replies(x, shown) == []
    assert not [line for line in x.control("journal", method="GET") if "mentions" in line["path"]]
    ahead("6 minutes")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


@pytest.mark.campaign
def test_a_reader_at_work_neither_stalls_the_sender_nor_loses_its_place(ready, x):
    draft, shown = ready
    again = more(x, shown)
    Feed.objects.filter(account__external_id="901").update(
        leased_until=factories.ago(minutes=-5), sweep_token="p5", sweep_count=7
    )
    before = Feed.objects.values().get(account__external_id="901")
    delivery.send_due()
    assert Mention.objects.filter(external_id=again["id"]).exists()
    assert replies(x, shown) == []
    assert Feed.objects.values().get(account__external_id="901") == before
    Feed.objects.filter(account__external_id="901").update(
        leased_until=None, sweep_token="", sweep_count=0, read_at=DeskNow()
    )
    assert (
        polling.read(
            Feed.objects.select_related("account__department").get(account__external_id="901")
        )
        >= 1
    )
    assert Mention.objects.filter(external_id=again["id"]).count() == 1


def test_nothing_ready_costs_no_request(desk, x):
    x.control("journal", method="DELETE")
    delivery.send_due()
    assert x.control("journal", method="GET") == []


@pytest.mark.campaign
def test_a_timeline_answered_with_errors_alone_proves_nothing(ready, x, ahead):
    """Twice so would else have been absent, and the reply sent a second time."""
    from posting import reconciliation

    _draft, shown = ready
    x.control("faults", kind="lost")
    delivery.send_due()
    x.control("faults", kind="errors", on="GET /2/users/901/tweets", times=4)
    for step in ("10 seconds", "40 seconds", "2 minutes", "5 minutes"):
        ahead(step)
        reconciliation.look_up_uncertain()
        assert Delivery.objects.get().timeline_checks.count() == 0
    ahead("10 minutes")
    reconciliation.look_up_uncertain()
    assert Delivery.objects.get().status == "posted"
    assert len(replies(x, shown)) == 1
