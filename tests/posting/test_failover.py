"""Another database server than the one that the desk knows: after a failover or a restored dump.

What was sent last may look unsent there, so nothing is sent before a person has looked.
"""

import pytest

from core.errors import IllegalMove
from core.models import Lineage
from posting.models import Delivery
from posting.sending import delivery
from servicedesk.operations import monitoring
from tests.support.replies import replies
from tickets.accounts import accounts, failover
from tickets.models import ConnectedAccount
from tickets.states import AccountState


@pytest.fixture
def elsewhere(ready):
    """An approved reply, and rows that say they lived on another server until now."""
    assert not failover.notice()
    Lineage.objects.create(system="7000000000000000001", timeline=1, database=5)
    return ready


def server_sign():
    """The line of the health screen."""
    return next(one for one in monitoring.signs() if one.name == "Database server")


def test_on_another_server_nothing_is_sent_until_a_person_resumes(elsewhere, x, desk, ahead):
    _draft, shown = elsewhere
    assert delivery.send_due() == 0
    account = ConnectedAccount.objects.get(external_id="901")
    assert (account.status, account.pause_code) == (AccountState.PAUSED, "restore")
    assert not server_sign().well
    assert account.handle in server_sign().says
    with pytest.raises(IllegalMove, match="may still appear on X"):
        accounts.resume(account, by=desk.lena)
    assert not replies(x, shown)
    ahead("10 minutes")
    accounts.resume(account, by=desk.lena)
    assert account.handle not in server_sign().says
    assert delivery.send_due() == 1
    assert len(replies(x, shown)) == 1


def test_what_was_posted_before_and_x_shows_late_is_not_posted_again(elsewhere, x):
    """Neither attempt nor outcome came along to this server, and X hides the post for now."""
    draft, shown = elsewhere
    before = x.control(
        "posts",
        username="AmselnetzHilfe",
        text=draft.newest.text,
        reply_to=shown["id"],
        shown_after_seconds=600,
    )
    assert delivery.send_due() == 0
    assert [post["id"] for post in x.posted_by_desk() if post["reply_to"] == shown["id"]] == [
        before["id"]
    ]


def test_a_claim_on_a_server_that_nobody_has_noticed_yet_is_refused(elsewhere):
    """Between looking and claiming the pooler was pointed at the promoted copy."""
    draft, _shown = elsewhere
    account = ConnectedAccount.objects.get(external_id="901")
    assert delivery.claim(draft, account) is None
    assert not Delivery.objects.exists()
    failover.notice()
    ConnectedAccount.objects.update(status=AccountState.ACTIVE)
    assert delivery.claim(draft, account) is not None


def test_an_account_that_a_person_had_paused_waits_as_long(elsewhere, desk):
    account = ConnectedAccount.objects.get(external_id="901")
    accounts.pause(account, reason="an incident", by=desk.lena)
    assert failover.notice()
    assert ConnectedAccount.objects.get(pk=account.pk).pause_code == "person"
    with pytest.raises(IllegalMove, match="may still appear on X"):
        accounts.resume(account, by=desk.lena)


def test_it_is_noticed_once(elsewhere):
    assert [failover.notice(), failover.notice()] == [True, False]
