"""Which posts are signs of a restore, measure how late X shows us, or are taken down."""

from datetime import timedelta

import pytest

from core.database.db_time import desk_now
from core.database.transitions import move
from networks.errors import NetworkError
from networks.pages import Page
from posting import takedown
from posting.models import Delivery, TakeDown
from posting.own_posts import timeline
from posting.states import TakeDownStatus
from tests import factories
from tests.posting.test_what_counts import approved, asked_nothing, of_business, ours, public
from tickets.ingestion import refresh
from tickets.models import OwnPost


@pytest.mark.campaign
def test_a_signed_post_is_a_sign_of_a_restore_unless_this_account_tried_it_there(desk):
    def signs(external_id, reply_to):
        return timeline.signs_of_a_restore([ours(external_id, reply_to=reply_to)], desk.account)

    sent = public(desk, 4000)
    public(desk, 9000, of_business(desk), desk.business_account)
    waiting = approved(desk, 2).newest
    Delivery.objects.create(
        revision=waiting,
        sha256=waiting.sha256,
        account=desk.account,
        target_id=waiting.target_external_id,
    )
    assert signs(5000, 1)
    assert signs(5000, waiting.target_external_id)
    assert signs(5000, Delivery.objects.get(external_id="9000").target_id)
    assert not signs(5000, sent.target_id)
    assert not signs(3000, 1)


def test_the_lag_is_measured_by_our_own_replies_that_should_have_been_shown(desk):
    began = desk_now()
    at = began - timedelta(minutes=2)
    made = {
        "missed": (5001, desk.account, True, at),
        "shown": (5002, desk.account, True, at),
        "older than asked": (4000, desk.account, True, at),
        "later": (5003, desk.account, True, began + timedelta(minutes=1)),
        "by hand": (5004, desk.account, False, at),
        "of the other account": (5005, desk.business_account, True, at),
        "gone": (5006, desk.account, True, at),
    }
    for external_id, account, through_desk, written in made.values():
        refresh.appear(ours(external_id, at=written), account, through_desk=through_desk)
    OwnPost.objects.filter(external_id="5006").update(gone_at=began)
    for _reading in range(2):
        timeline.note_lag(desk.account, Page(posts=[ours(5002)]), 4500, began)
    timeline.note_lag(desk.account, Page(posts=[ours(5002)]), 4500, began - timedelta(minutes=1))
    unseen = dict(OwnPost.objects.values_list("external_id", "unseen_seconds"))
    assert {
        name: round(unseen[str(external_id)]) for name, (external_id, *_rest) in made.items()
    } == dict.fromkeys(made, 0) | {"missed": 120}
    assert list(OwnPost.objects.filter(seen_at=began).values_list("external_id", flat=True)) == [
        "5002"
    ]


def test_the_settle_time_follows_this_accounts_own_replies(desk, settings):
    for external_id, account, through_desk in (
        (5001, desk.account, True),
        (5002, desk.account, False),
        (5003, desk.business_account, True),
    ):
        refresh.appear(ours(external_id), account, through_desk=through_desk)
    OwnPost.objects.exclude(external_id="5001").update(unseen_seconds=900)
    assert timeline.settle_time(desk.account).total_seconds() == settings.SETTLE_SECONDS


@pytest.mark.campaign
def test_an_order_to_take_down_concerns_its_own_post_and_only_until_it_is_done(desk):
    orders = [
        takedown.order(
            public(desk, external_id, approved(desk, external_id)),
            reason="Wrong.",
            confirmed=True,
            by=desk.lena,
        )
        for external_id in (5001, 5002, 5003)
    ]
    first, second, third = (
        TakeDown.objects.select_related(
            "delivery__account", "delivery__revision__draft__ticket"
        ).get(pk=one.pk)
        for one in orders
    )
    OwnPost.objects.filter(external_id="5002").update(gone_at=factories.ago(hours=1))
    gone = OwnPost.objects.get(external_id="5002").gone_at
    takedown.note_done(first)
    takedown.note_done(second)
    assert OwnPost.objects.get(external_id="5002").gone_at == gone
    assert OwnPost.objects.get(external_id="5003").gone_at is None
    due = dict(TakeDown.objects.values_list("pk", "due_at"))
    takedown.note_trouble(first, NetworkError("no_answer", outcome="uncertain"))
    takedown.note_trouble(third, NetworkError("no_answer", outcome="uncertain"))
    assert [pk for pk, at in TakeDown.objects.values_list("pk", "due_at") if at != due[pk]] == [
        third.pk
    ]


@pytest.mark.campaign
def test_only_an_order_that_is_due_is_carried_out(desk):
    failed = takedown.order(public(desk, 5001), reason="Wrong.", confirmed=True, by=desk.lena)
    later = takedown.order(
        public(desk, 5002, approved(desk, 2)), reason="Wrong.", confirmed=True, by=desk.lena
    )
    move(failed, TakeDownStatus.FAILED, moves=takedown.TAKE_DOWN_MOVES)
    TakeDown.objects.filter(pk=later.pk).update(due_at=desk_now() + timedelta(hours=1))
    assert takedown.carry_out() == 0
    assert asked_nothing(desk)
