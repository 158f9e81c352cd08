"""We rename ourselves at X.

Posts still reach us, the light stays green, searches ask for the name of today, and
nobody is taken for us.
"""

import pytest

from core.models import Event
from tests import factories
from tickets.accounts import accounts, profiles
from tickets.conversations.reply_permission import light_of
from tickets.ingestion import feed_comparison, gaps, polling
from tickets.models import ConnectedAccount, Feed, Gap, Mention, Trouble
from xapi.payloads import XUser, id_at, read_post

pytestmark = [pytest.mark.campaign, pytest.mark.table]


@pytest.fixture(params=["old", "new"])
def own_x(request, empty_x, settings):
    """A simulated X of this test's own, in either vocabulary: here people are renamed."""
    settings.X_VOCABULARY = request.param
    empty_x.control("search_lag", on=False)
    return empty_x


def feed_of(desk):
    return Feed.objects.select_related("account__department").get(account=desk.account)


def read_in(desk, posted) -> Mention:
    polling.read(feed_of(desk))
    return Mention.objects.get(external_id=posted["id"])


def again(desk) -> ConnectedAccount:
    return ConnectedAccount.objects.get(pk=desk.account.pk)


def asked_for(x) -> set[str]:
    """What was searched for since the journal was emptied."""
    return {
        one["query"]["query"]
        for one in x.control("journal", method="GET")
        if one["path"].endswith("/search/recent")
    }


def test_after_we_rename_ourselves_the_light_stays_green_and_the_name_follows(desk, own_x, client):
    before = read_in(desk, own_x.says("grace_adeyemi", "@AmselnetzHilfe hello"))
    own_x.control("renames", username="AmselnetzHilfe", to="AmselnetzNeu")
    after = read_in(desk, own_x.says("brodersen_dirk", "@AmselnetzNeu hello"))
    assert [light_of(one).code for one in (before, after)] == ["named", "named"]
    profiles.read_all()
    assert (again(desk).handle, again(desk).former_lately) == ("AmselnetzNeu", "AmselnetzHilfe")
    event = Event.objects.get(name="account.renamed", data__was="AmselnetzHilfe")
    assert (event.data["now"], event.department_id) == ("AmselnetzNeu", desk.service.pk)
    client.force_login(desk.lena)
    page = client.get("/outbox/").content.decode()
    assert "@AmselnetzNeu" in page
    assert "was called @AmselnetzHilfe until recently" in page
    assert "@AmselnetzHilfe is called @AmselnetzNeu now" in client.get("/audit/").content.decode()
    assert "named @AmselnetzNeu" in light_of(Mention.objects.get(pk=before.pk)).sentence


def test_searches_ask_for_the_name_of_today_and_of_the_days_searched(desk, own_x):
    read_in(desk, own_x.says("grace_adeyemi", "@AmselnetzHilfe hello"))
    own_x.control("renames", username="AmselnetzHilfe", to="AmselnetzNeu")
    own_x.control("journal", method="DELETE")
    feed_comparison.compare_all()
    assert asked_for(own_x) == {
        "@AmselnetzNeu OR to:AmselnetzNeu OR @AmselnetzHilfe OR to:AmselnetzHilfe"
    }
    gap = Gap.objects.create(
        account=desk.account,
        after_position=1,
        before_position=id_at(factories.ago(minutes=2)),
        after_at=factories.ago(days=1),
        before_at=factories.ago(minutes=2),
    )
    lost = own_x.says("brodersen_dirk", "@AmselnetzNeu lost", minutes_ago=5)
    own_x.control("journal", method="DELETE")
    gaps.fill_gaps()
    assert asked_for(own_x) == {
        "@AmselnetzNeu OR to:AmselnetzNeu OR @AmselnetzHilfe OR to:AmselnetzHilfe"
    }
    assert Mention.objects.filter(external_id=lost["id"]).exists()
    gap.refresh_from_db()
    assert gap.status == "filled"


def test_who_took_our_former_handle_is_not_us(desk, own_x):
    ours = read_in(desk, own_x.says("grace_adeyemi", "@AmselnetzHilfe hello"))
    own_x.control("renames", username="AmselnetzHilfe", to="AmselnetzNeu")
    own_x.control("users", username="AmselnetzHilfe", name="Somebody else")
    theirs = own_x.says("brodersen_dirk", "@AmselnetzHilfe this is for the other one")
    both = own_x.says("brodersen_dirk", "@AmselnetzHilfe @AmselnetzNeu for both")
    feed_comparison.compare_all()
    assert set(Mention.objects.values_list("external_id", flat=True)) == {
        ours.external_id,
        str(both["id"]),
    }
    assert theirs["id"]
    assert light_of(Mention.objects.get(external_id=both["id"])).code == "named"


def test_two_departments_exchange_their_handles(desk, own_x, client):
    own_x.control("users", username="AmselnetzBiz", name="Amselnetz Business", account=True, id=902)
    for was, now in (
        ("AmselnetzHilfe", "Between"),
        ("AmselnetzBiz", "AmselnetzHilfe"),
        ("Between", "AmselnetzBiz"),
    ):
        own_x.control("renames", username=was, to=now)
    business = ConnectedAccount.objects.get(pk=desk.business_account.pk)
    profiles.follow(business, XUser(902, "AmselnetzHilfe", "Amselnetz Business"))
    assert again(desk).handle == "901", (
        "the name is somebody else's now, and nobody has said what ours is"
    )
    profiles.read_all()
    assert {one.external_id: one.handle for one in ConnectedAccount.objects.all()} == {
        "901": "AmselnetzBiz",
        "902": "AmselnetzHilfe",
    }
    departments = set(
        Event.objects.filter(name="account.renamed").values_list("department_id", flat=True)
    )
    assert departments == {desk.service.pk, desk.business.pk}


def test_the_profile_is_read_once_a_day(desk, own_x, ahead):
    own_x.control("users", username="AmselnetzBiz", name="Amselnetz Business", account=True, id=902)
    profiles.read_all()
    own_x.control("renames", username="AmselnetzHilfe", to="AmselnetzNeu")
    assert profiles.read_all() == 0
    ahead("23 hours")
    assert profiles.read_all() == 1
    assert again(desk).handle == "AmselnetzNeu"


def test_while_x_does_not_say_what_we_are_called_that_is_shown_and_asked_again_later(
    desk, own_x, ahead
):
    own_x.control("users", username="AmselnetzBiz", name="Amselnetz Business", account=True, id=902)
    polling.read(feed_of(desk))
    own_x.control("faults", kind="503", on="GET /2/users/me", times=1000)
    own_x.control("journal", method="DELETE")
    for _again in range(3):
        profiles.read_all()
    assert (
        len([one for one in own_x.control("journal", method="GET") if one["path"] == "/2/users/me"])
        == 2
    )
    assert set(Trouble.objects.values_list("asked", flat=True)) == {"profile"}
    own_x.control("faults", method="DELETE")
    ahead("16 minutes")
    profiles.read_all()
    assert not Trouble.objects.exists()


def test_nobody_elses_profile_renames_us(desk):
    assert not profiles.follow(desk.account, XUser(555, "Stranger", "Stranger"))
    assert again(desk).handle == "AmselnetzHilfe"


def test_a_name_that_comes_back_is_no_former_one(desk):
    for handle in ("New_one", "AmselnetzHilfe", "amselnetzhilfe"):
        profiles.follow(again(desk), XUser(901, handle, "Amselnetz Hilfe"))
    assert again(desk).handles_since(factories.ago(days=1)) == ["amselnetzhilfe", "New_one"]
    assert again(desk).handles_since(factories.ago(days=-1)) == ["amselnetzhilfe"]


def test_connecting_an_account_under_a_handle_that_another_has_lost_takes_it(desk):
    account = accounts.connect(
        external_id="950",
        handle="amselnetzHilfe",
        name="New",
        department=desk.business,
        credentials={"bearer_token": "sim-950"},
    )
    assert account.handle == "amselnetzHilfe"
    assert again(desk).handle == "901"


def test_a_search_that_was_begun_under_another_name_begins_anew(desk, own_x):
    gap = Gap.objects.create(
        account=desk.account,
        after_position=1,
        before_position=id_at(factories.ago(minutes=2)),
        after_at=factories.ago(days=1),
        before_at=factories.ago(minutes=2),
        token="of-another-question",
        seen=["of-another-question"],
    )
    own_x.control("renames", username="AmselnetzHilfe", to="AmselnetzNeu")
    gaps.fill_gaps()
    gap.refresh_from_db()
    assert gap.status == "filled"
    assert not Trouble.objects.exists()


def test_edited_words_that_no_longer_name_us_by_number_turn_the_light_red(desk):
    raw = {
        "id": "500",
        "author_id": "7001",
        "text": "@AmselnetzHilfe hi",
        "entities": {
            "mentions": [{"start": 0, "end": 15, "username": "amselnetzhilfe", "id": "901"}]
        },
    }
    factories.arrive(desk, read_post(raw))
    assert light_of(Mention.objects.get()).code == "named"
    edited = {
        **raw,
        "id": "501",
        "edit_history_tweet_ids": ["500", "501"],
        "entities": {
            "mentions": [{"start": 0, "end": 15, "username": "amselnetzhilfe", "id": "44"}]
        },
    }
    factories.arrive(desk, read_post(edited))
    assert light_of(Mention.objects.get()).code == "keyword"
