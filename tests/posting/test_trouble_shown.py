"""Trouble with X is said where people look.

A banner on the desk, a line on health, the outbox; the same for reading as for sending.
"""

import pytest

from posting import takedown
from posting.messages import attempt_messages
from posting.models import Delivery, TakeDown
from posting.sending import delivery
from servicedesk.operations import monitoring
from tests.support.replies import replies
from tickets.ingestion import polling
from tickets.models import ConnectedAccount, Feed, OwnPost, Trouble

pytestmark = [pytest.mark.campaign, pytest.mark.table]

MENTIONS = "GET /2/users/901/mentions"
LOOK = "GET /2/tweets"


def page_of(client, user, address="/inbox/"):
    client.force_login(user)
    return client.get(address).content.decode()


def read(desk):
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))


@pytest.mark.parametrize(
    "kind", ["errors not-authorized-for-resource", "errors resource-not-found", "errors unheard-of"]
)
def test_mentions_answered_with_errors_alone_are_trouble_for_everybody_to_see(
    desk, x, client, kind, settings
):
    for settings.X_VOCABULARY in ("old", "new"):
        x.control("faults", kind=kind, on=MENTIONS)
        read(desk)
        assert "X answers only with errors" in page_of(client, desk.aylin)
        assert "X answers only with errors" in page_of(client, desk.aylin, "/outbox/")
        elsewhere = page_of(client, desk.nele)
        assert "The mentions of @AmselnetzHilfe cannot be read." in elsewhere
        assert "X answers only with errors" not in elsewhere, "why is read by its department"
        sign = next(one for one in monitoring.signs() if one.name == "Mentions")
        assert (sign.well, "only with errors" in sign.says) == (False, True)
        read(desk)
        assert "cannot be read" not in page_of(client, desk.aylin)
        assert (
            "@AmselnetzHilfe"
            not in next(one for one in monitoring.signs() if one.name == "Mentions").says
        )


def test_the_banner_speaks_german(desk, x, client):
    x.control("faults", kind="errors unheard-of", on=MENTIONS)
    read(desk)
    client.force_login(desk.aylin)
    client.post("/language/", {"language": "de", "next": "/inbox/"})
    page = client.get("/inbox/", headers={"accept-language": "de"}).content.decode()
    assert "Die Erwähnungen von @AmselnetzHilfe lassen sich nicht lesen." in page


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [
        ("401", "401", "X no longer accepts our access."),
        ("402", "402", "The credit at X is used up."),
        ("429 capped", "capped", "may read and post at X in a month is used up"),
        ("403 locked", "locked", "X has locked it."),
        ("403 permission", "permission", "reading and posting"),
    ],
)
@pytest.mark.parametrize("place", [MENTIONS, "POST /2/tweets", LOOK])
def test_refused_reading_has_the_banner_that_refused_sending_has(
    ready, x, desk, client, kind, code, says, place
):
    x.control("faults", kind=kind, on=place)
    read(desk) if place == MENTIONS else delivery.send_due()
    account = ConnectedAccount.objects.get(external_id="901")
    assert (account.status, account.pause_code) == ("paused", code)
    page = page_of(client, desk.aylin)
    assert page.count(says) == 1
    assert "Approved replies wait; none is lost." in page


def test_what_passes_by_itself_has_a_banner_once_it_lasts(desk, x, client, ahead):
    x.control("faults", kind="503", on=MENTIONS, times=9)
    read(desk)
    assert "cannot be read" not in page_of(client, desk.aylin)
    assert not next(one for one in monitoring.signs() if one.name == "Mentions").well
    ahead("3 minutes")
    read(desk)
    assert "X has trouble of its own" in page_of(client, desk.aylin)


@pytest.mark.parametrize("kind", ["500", "503", "html 403", "html 401", "drop", "status 404"])
@pytest.mark.parametrize("place", ["GET /2/tweets?", "GET /2/users/901/tweets"])
def test_trouble_at_the_look_before_sending_is_no_limit(ready, x, kind, place, ahead):
    draft, shown = ready
    x.control("faults", kind=kind, on=place.rstrip("?"), times=1)
    delivery.send_due()
    account = ConnectedAccount.objects.get(external_id="901")
    assert account.status == "active"
    said = attempt_messages.resting(account)
    assert said.startswith(
        "X cannot tell right now whether the posts that @AmselnetzHilfe answers are still there."
    )
    assert "imit" not in said
    assert replies(x, shown) == []
    ahead("1 minute")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


def test_a_limit_at_the_look_says_that_it_is_one(ready, x):
    x.control("faults", kind="429", on=LOOK, seconds=120)
    delivery.send_due()
    assert attempt_messages.resting(ConnectedAccount.objects.get(external_id="901")).startswith(
        "Rests until X’s limit resets"
    )


@pytest.mark.parametrize(
    "kind",
    [
        "words blocked",
        "code 136",
        "words user suspended",
        "code 63",
        "words unlocked",
        "html 403",
        "alien 403",
    ],
)
def test_one_customer_s_refusal_does_not_stop_the_account(ready, x, kind):
    x.control("faults", kind=kind)
    delivery.send_due()
    assert ConnectedAccount.objects.get(external_id="901").status == "active"
    assert Delivery.objects.get().status == (
        "uncertain" if kind.split()[0] in {"html", "alien"} else "refused"
    )


def test_the_daily_limit_waits_for_its_reset(ready, x, ahead):
    draft, shown = ready
    x.control("faults", kind="code 185")
    delivery.send_due()
    assert "as much as X allows in a day" in attempt_messages.resting(
        ConnectedAccount.objects.get(external_id="901")
    )
    ahead("50 minutes")
    delivery.send_due()
    assert replies(x, shown) == []
    ahead("61 minutes")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


def test_deleted_false_for_a_post_that_is_gone_is_done_and_says_so(public, x, desk, client):
    sent, _shown = public
    x.control("deletions", id=sent.external_id)
    takedown.order(sent, reason="The price was wrong.", confirmed=True, by=desk.lena)
    assert takedown.carry_out() == 1
    assert (TakeDown.objects.get().status, TakeDown.objects.get().code) == ("done", "was_gone")
    assert OwnPost.objects.get(external_id=sent.external_id).is_gone
    assert "It was already gone from X." in page_of(client, desk.lena, "/outbox/?tab=posted")


@pytest.mark.parametrize(
    "kind", ["status 404", "errors resource-not-found", "type resource-not-found"]
)
def test_not_found_is_gone_already(public, x, desk, kind):
    takedown.order(public[0], reason="The price was wrong.", confirmed=True, by=desk.lena)
    x.control("faults", kind=kind, on="DELETE")
    assert takedown.carry_out() == 1
    assert TakeDown.objects.get().code == "was_gone"


@pytest.mark.parametrize("kind", ["undeleted", "errors internal-error", "html 404", "html 200"])
def test_a_post_that_was_not_deleted_is_not_called_so(public, x, desk, kind, ahead, client):
    sent, _shown = public
    takedown.order(sent, reason="The price was wrong.", confirmed=True, by=desk.lena)
    x.control("faults", kind=kind, on="DELETE")
    assert takedown.carry_out() == 0
    assert TakeDown.objects.get().status == "ordered"
    assert not OwnPost.objects.get(external_id=sent.external_id).is_gone
    assert "Next try" in page_of(client, desk.lena, "/outbox/?tab=posted")
    ahead("5 minutes")
    assert takedown.carry_out() == 1
    assert TakeDown.objects.get().code == ""


def test_a_post_that_x_does_not_delete_for_an_hour_is_for_a_person(public, x, desk, ahead, client):
    takedown.order(public[0], reason="The price was wrong.", confirmed=True, by=desk.lena)
    x.control("faults", kind="undeleted", on="DELETE", times=9)
    for at in ("", "20 minutes", "61 minutes"):
        assert TakeDown.objects.get().status == "ordered"
        ahead(at)
        takedown.carry_out()
    assert (TakeDown.objects.get().status, TakeDown.objects.get().code) == ("failed", "not_deleted")
    assert "the post is still there" in page_of(client, desk.lena, "/outbox/?tab=posted")


def test_a_resumed_account_whose_reading_is_well_has_no_trouble_left(desk, x):
    x.control("faults", kind="401", on=MENTIONS)
    read(desk)
    assert Trouble.objects.exists()
    read(desk)
    assert not Trouble.objects.exists()
    assert ConnectedAccount.objects.get(external_id="901").status == "paused", "a person resumes it"
