"""Pages that lead in a circle, or on for ever.

What was read is kept, the desk stops, says so, and asks again later.
"""

import pytest

from networks.errors import NetworkError
from networks.pages import Page
from posting import reconciliation
from posting.models import Delivery
from posting.own_posts import timeline
from posting.sending import delivery
from servicedesk.operations import monitoring
from tests import factories
from tests.support.replies import replies
from tickets.ingestion import feed_comparison, gaps, polling
from tickets.models import Feed, Gap, Mention, Trouble

pytestmark = [pytest.mark.campaign, pytest.mark.table]

MENTIONS = "GET /2/users/901/mentions"
TIMELINE = "GET /2/users/901/tweets"
SEARCH = "GET /2/tweets/search/recent"


def feed_of(desk):
    return Feed.objects.select_related("account__department").get(account=desk.account)


def asked(x, path):
    """How often this was asked since the journal was emptied."""
    return len(
        [
            one
            for one in x.control("journal", method="GET")
            if one["path"].startswith(path.split()[1])
        ]
    )


@pytest.fixture(params=["old", "new"])
def circling(request, x, settings):
    """Order a circle, in either vocabulary; the journal is empty."""
    settings.X_VOCABULARY = request.param
    x.control("journal", method="DELETE")
    return lambda on, kind="loop": x.control("faults", kind=kind, on=on, times=1000)


@pytest.mark.parametrize(("kind", "most"), [("loop", 3), ("endless", 61)])
def test_a_sweep_keeps_what_it_read_stops_and_says_so(desk, x, circling, client, ahead, kind, most):
    shown = x.says("grace_adeyemi", f"@AmselnetzHilfe in a circle, {kind}")
    circling(MENTIONS, kind)
    for run in range(6):
        ahead(f"{run} seconds")
        if not Trouble.objects.exists():
            polling.read(feed_of(desk))
    assert asked(x, MENTIONS) <= most
    assert Mention.objects.filter(external_id=shown["id"]).exists()
    feed = feed_of(desk)
    assert (feed.newest_position, feed.sweep_token) == (None, "")
    assert kind == "endless" or feed.read_at is None
    assert Trouble.objects.get().code == kind
    client.force_login(desk.lena)
    sign = next(one for one in monitoring.signs() if one.name == "Mentions")
    assert not sign.well
    assert "What was read is kept; the desk starts over." in sign.says
    assert "the desk starts over" in client.get("/inbox/").content.decode()
    polling.read_all()
    assert asked(x, MENTIONS) <= most, "not again at once"
    x.control("faults", method="DELETE")
    ahead("2 minutes")
    polling.read_all()
    assert not Trouble.objects.exists()
    assert feed_of(desk).newest_position >= shown["id"]


def test_a_circle_wider_than_one_run_is_noticed(desk):
    feed = feed_of(desk)
    polling.begin(feed)
    for run in range(2):
        for page in range(polling.PAGES_PER_SWEEP):
            if run and page == 5:
                with pytest.raises(NetworkError, match="loop"):
                    polling.turn_page(feed, Page(next_token="p0"))
                return
            polling.turn_page(feed, Page(next_token=f"p{run * polling.PAGES_PER_SWEEP + page}"))
        feed = feed_of(desk)


def test_nothing_is_sent_while_the_mentions_lead_in_a_circle(ready, x, circling):
    _draft, shown = ready
    circling(MENTIONS)
    delivery.send_due()
    assert replies(x, shown) == []
    assert asked(x, MENTIONS) <= 3


def test_our_timeline_in_a_circle_holds_the_sending_and_keeps_what_it_showed(
    ready, x, desk, circling
):
    _draft, shown = ready
    stranger = x.says("AmselnetzHilfe", "not through the desk")
    circling(TIMELINE)
    delivery.send_due()
    assert replies(x, shown) == []
    assert desk.account.ownpost_set.filter(external_id=stranger["id"]).exists()
    timeline.watch()
    assert Trouble.objects.get(asked="timeline").code == "loop"
    assert asked(x, TIMELINE) <= 6
    x.control("faults", method="DELETE")
    timeline.watch()
    assert not Trouble.objects.exists()


def test_a_circle_is_no_reading_of_a_doubtful_reply(ready, x, circling, ahead):
    x.control("faults", kind="lost")
    delivery.send_due()
    circling(TIMELINE)
    ahead("1 minute")
    x.control("clock", ahead_seconds=0)
    reconciliation.look_up_uncertain()
    doubtful = Delivery.objects.get()
    assert doubtful.timeline_checks.count() == 0
    assert asked(x, TIMELINE) <= 3


def test_a_gap_in_a_circle_stays_open_and_begins_anew(desk, x, circling, ahead):
    x.control("search_lag", on=False)
    shown = x.says("grace_adeyemi", "@AmselnetzHilfe in the gap")
    first, last = shown["id"] - 5, shown["id"] + 5
    gap = Gap.objects.create(
        account=desk.account,
        after_position=first,
        before_position=last,
        after_at=factories.ago(minutes=9),
        before_at=factories.ago(minutes=5),
    )
    circling(SEARCH)
    gaps.fill_gaps()
    gaps.fill_gaps()
    gap.refresh_from_db()
    assert (gap.status, gap.token, gap.seen) == ("filling", "", [])
    assert Mention.objects.filter(external_id=shown["id"]).exists()
    assert asked(x, SEARCH) <= 3
    assert Trouble.objects.get().asked == "gaps"
    x.control("faults", method="DELETE")
    ahead("2 minutes")
    gaps.fill_gaps()
    gap.refresh_from_db()
    assert gap.status == "filled"
    assert not Trouble.objects.exists()


def test_a_gap_is_not_filled_by_errors_alone(desk, x):
    gap = Gap.objects.create(
        account=desk.account,
        after_position=1,
        before_position=2,
        after_at=factories.ago(minutes=9),
        before_at=factories.ago(minutes=5),
    )
    x.control("faults", kind="errors internal-error", on=SEARCH)
    gaps.fill_gaps()
    gap.refresh_from_db()
    assert gap.status == "filling"
    assert Trouble.objects.get().code == "errors_alone"


@pytest.mark.parametrize("place", [MENTIONS, SEARCH])
@pytest.mark.parametrize("kind", ["loop", "errors internal-error"])
def test_a_comparison_that_could_not_be_finished_is_none(desk, x, circling, ahead, kind, place):
    x.says("grace_adeyemi", "@AmselnetzHilfe compare me")
    polling.read(feed_of(desk))
    circling(place, kind)
    feed_comparison.compare_all()
    assert feed_of(desk).compared_at is None
    assert Trouble.objects.get().asked == "comparison"
    x.control("faults", method="DELETE")
    feed_comparison.compare_all()
    assert feed_of(desk).compared_at is not None
    assert not Trouble.objects.exists()
