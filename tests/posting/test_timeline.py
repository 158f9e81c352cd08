"""Our own timeline.

Posts past the desk are found and shown, a restored database is noticed, the settle time
follows our own lag.
"""

import pytest

from posting.models import Delivery
from posting.own_posts import timeline
from posting.sending import delivery
from tests import factories
from tests.support.replies import replies
from tickets.accounts import accounts
from tickets.accounts.credentials import client_for
from tickets.ingestion import refresh
from tickets.models import ConnectedAccount, OwnPost
from tickets.states import AccountState


@pytest.fixture
def account(desk, x):
    """Our account, connected a moment ago."""
    return ConnectedAccount.objects.get(pk=desk.account.pk)


def look(account):
    """One reading of the timeline."""
    client = client_for(account)
    try:
        return timeline.read(account, client)
    finally:
        client.close()


def test_a_post_past_the_desk_is_noticed_and_shown_also_outside_a_ticket(account, x, client, desk):
    x.control("posts", username="AmselnetzHilfe", text="Our shop in Cologne opens today.")
    assert timeline.watch() >= 1
    assert timeline.watch() == 0
    client.force_login(desk.rita)
    page = client.get("/outbox/?tab=without").content.decode()
    assert "Our shop in Cologne opens today." in page
    assert "did not come through the desk" in page


def test_a_signed_post_that_the_desk_never_tried_pauses_the_account_until_a_person_resumes(
    account, x, desk, client
):
    x.control(
        "posts", username="AmselnetzHilfe", text="This was sent before the backup was put back. ^an"
    )
    look(account)
    account.refresh_from_db()
    assert (account.status, account.pause_code) == (AccountState.PAUSED, "restore")
    client.force_login(desk.lena)
    assert "Sending is paused after a restore" in client.get("/outbox/").content.decode()
    accounts.resume(account, by=desk.lena)
    look(account)
    account.refresh_from_db()
    assert account.status == AccountState.ACTIVE


@pytest.mark.parametrize(
    "text", ["Signed by nobody here ^zz", "Not signed at all", "^an is not at the end"]
)
def test_other_posts_do_not_pause_it(account, x, text):
    x.control("posts", username="AmselnetzHilfe", text=text)
    look(account)
    account.refresh_from_db()
    assert account.status == AccountState.ACTIVE


@pytest.mark.campaign
def test_before_the_first_claim_after_a_restore_nothing_is_sent(ready, x, desk, owner):
    """The reply stands on X already, but the desk was put back to before it was sent.

    The same approved draft looks unsent.
    """
    draft, shown = ready
    x.control("posts", username="AmselnetzHilfe", text=draft.newest.text, reply_to=shown["id"])
    delivery.send_due()
    assert len(replies(x, shown)) == 1
    assert ConnectedAccount.objects.get(external_id="901").pause_code == "restore"


@pytest.mark.campaign
def test_a_lost_answer_is_not_taken_for_a_restore(ready, x):
    x.control("faults", kind="lost")
    delivery.send_due()
    assert Delivery.objects.get().status == "uncertain"
    account = ConnectedAccount.objects.get(external_id="901")
    assert look(account) == 0
    account.refresh_from_db()
    assert account.status == AccountState.ACTIVE
    assert not OwnPost.objects.filter(account=account).exists()


def test_the_settle_time_follows_the_lag_of_our_own_posts(account, settings):
    settings.SETTLE_SECONDS = 2
    assert timeline.settle_time(account).total_seconds() == 2
    refresh.appear(factories.post("x ^an"), account, through_desk=True)
    OwnPost.objects.update(unseen_seconds=40)
    assert timeline.settle_time(account).total_seconds() == 120


@pytest.mark.campaign
def test_a_reading_that_should_have_shown_our_post_and_did_not_measures_the_lag(ready, x, ahead):
    draft, shown = ready
    delivery.send_due()
    own = OwnPost.objects.get()
    x.control(
        "faults", kind="garbage", body={"meta": {"result_count": 0}}, on="GET /2/users/901/tweets"
    )
    ahead("4 seconds")
    look(ConnectedAccount.objects.get(external_id="901"))
    own.refresh_from_db()
    assert own.unseen_seconds >= 4
    look(ConnectedAccount.objects.get(external_id="901"))
    own.refresh_from_db()
    assert own.seen_at is not None
