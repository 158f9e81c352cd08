"""Approved replies are posted once; every answer of X ends in a state in which somebody can act."""

import pytest
from django.db import DatabaseError, transaction

from approvals.models import Draft
from approvals.states import DraftStatus
from core.database.db_time import desk_now
from posting import reconciliation
from posting.messages import attempt_messages
from posting.models import Delivery, Result
from posting.sending import delivery
from posting.states import DeliveryStatus
from tests import factories
from tests.support.replies import replies
from tickets.accounts import accounts
from tickets.ingestion import polling
from tickets.models import ConnectedAccount, Feed, OwnPost, Ticket


@pytest.mark.campaign
def test_a_reply_is_posted_once_word_for_word_and_the_ticket_is_answered(ready, x):
    draft, shown = ready
    delivery.send_due()
    delivery.send_due()
    made = replies(x, shown)
    assert len(made) == 1
    assert made[0]["text"].endswith(draft.newest.text)
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.POSTED
    assert Ticket.objects.get(pk=draft.ticket_id).status == "answered"
    own = OwnPost.objects.get(external_id=made[0]["id"])
    assert own.text == made[0]["text"]
    assert own.through_desk
    sent = Delivery.objects.get()
    assert (sent.status, sent.external_id) == (DeliveryStatus.POSTED, str(made[0]["id"]))
    assert attempt_messages.sentence(sent).startswith("Posted today at")


@pytest.mark.campaign
@pytest.mark.parametrize("kind", ["401", "402", "403 permission", "403 locked"])
def test_what_concerns_the_account_pauses_it_and_the_reply_waits(ready, x, kind):
    draft, shown = ready
    x.control("faults", kind=kind)
    delivery.send_due()
    account = ConnectedAccount.objects.get(external_id="901")
    assert account.status == "paused"
    assert account.pause_code == kind.split()[-1]
    waiting = Delivery.objects.get()
    assert waiting.status == DeliveryStatus.DUE
    assert "Nothing was posted" in attempt_messages.sentence(waiting)
    delivery.send_due()
    assert replies(x, shown) == []


@pytest.mark.campaign
def test_after_resuming_the_waiting_reply_leaves(ready, x, desk, ahead):
    draft, shown = ready
    x.control("faults", kind="402")
    delivery.send_due()
    accounts.resume(ConnectedAccount.objects.get(external_id="901"), by=desk.lena)
    ahead("1 minute")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("403 reply_rule", "reply_rule"),
        ("403 reply_rule_old", "reply_rule"),
        ("403 gone", "gone"),
        ("403 restricted", "restricted"),
        ("403 cashtag", "cashtag"),
        ("403 other", "refused"),
        ("400", "bad_request"),
        ("404", "not_found"),
    ],
)
def test_what_x_refuses_goes_back_to_the_author_with_a_sentence(ready, x, kind, code):
    draft, shown = ready
    x.control("faults", kind=kind)
    delivery.send_due()
    refused = Delivery.objects.get()
    assert (refused.status, refused.code) == (DeliveryStatus.REFUSED, code)
    sentence = attempt_messages.sentence(refused)
    assert "Nothing was posted" in sentence
    assert "{" not in sentence
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.CHANGES_REQUESTED
    assert Ticket.objects.get(pk=draft.ticket_id).status == "open"
    assert replies(x, shown) == []


@pytest.mark.campaign
def test_a_refused_text_that_is_submitted_and_approved_again_is_sent(ready, x, desk):
    draft, shown = ready
    x.control("faults", kind="403 other")
    delivery.send_due()
    again = factories.submitted(desk, draft.ticket, text=draft.newest.text.removesuffix(" ^an"))
    factories.approved(desk, again)
    delivery.send_due()
    assert len(replies(x, shown)) == 1
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.POSTED


@pytest.mark.campaign
def test_an_account_that_once_rested_sends_more_than_one_reply_a_run(ready, x, desk):
    draft, shown = ready
    other = x.says("dirk", "@AmselnetzHilfe a second one please")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    factories.approved(
        desk,
        factories.submitted(
            desk,
            Ticket.objects.get(conversation_id=other["id"]),
            text="Hello Dirk, also unplug it.",
        ),
    )
    ConnectedAccount.objects.filter(pk=desk.account.pk).update(rests_until=factories.ago(minutes=5))
    assert delivery.send_due() == 2
    assert len(replies(x, shown)) == len(replies(x, other)) == 1


@pytest.mark.campaign
def test_429_rests_until_the_limit_opens(ready, x, ahead):
    draft, shown = ready
    x.control("faults", kind="429", seconds=120)
    delivery.send_due()
    account = ConnectedAccount.objects.get(external_id="901")
    assert 60 < (account.rests_until - desk_now()).total_seconds() <= 125
    delivery.send_due()
    assert replies(x, shown) == []
    ahead("3 minutes")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


@pytest.mark.campaign
def test_no_connection_is_not_sent_and_due_again(ready, x, settings, ahead):
    draft, shown = ready
    claimed = delivery.claim(
        draft, ConnectedAccount.objects.select_related("department").get(external_id="901")
    )
    settings.X_API_URL = "http://127.0.0.1:9"
    client = delivery.client_for(ConnectedAccount.objects.get(external_id="901"))
    delivery.send(claimed, client)
    assert Result.objects.get().outcome == "not_sent"
    assert Delivery.objects.get().status == DeliveryStatus.DUE
    settings.X_API_URL = x.url
    ahead("1 minute")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


@pytest.mark.campaign
def test_an_uncertain_reply_waits_under_uncertain_alone(ready, x, client, desk):
    draft, _shown = ready
    client.force_login(desk.rita)
    assert draft.newest.text in client.get("/outbox/").content.decode()
    x.control("faults", kind="lost")
    delivery.send_due()
    assert draft.newest.text not in client.get("/outbox/").content.decode()
    assert draft.newest.text in client.get("/outbox/?tab=uncertain").content.decode()


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("fault", "public"),
    [
        ({"kind": "lost"}, True),
        ({"kind": "drop"}, False),
        ({"kind": "503"}, False),
        ({"kind": "garbage"}, True),
        ({"kind": "garbage", "body": {"data": {}}}, True),
    ],
)
def test_an_uncertain_reply_is_looked_up_and_stands_on_x_once(ready, x, ahead, fault, public):
    draft, shown = ready
    x.control("faults", **fault)
    delivery.send_due()
    assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN
    assert "will not send twice" in attempt_messages.sentence(Delivery.objects.get())
    delivery.send_due()
    assert len(replies(x, shown)) == int(public)
    reconciliation.look_up_uncertain()
    if not public:
        assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN
        for step in ("5 seconds", "10 seconds", "20 seconds"):
            ahead(step)
            reconciliation.look_up_uncertain()
        ahead("1 minute")
        delivery.send_due()
    assert len(replies(x, shown)) == 1
    assert Delivery.objects.get().status == DeliveryStatus.POSTED
    assert Ticket.objects.get(pk=draft.ticket_id).status == "answered"


@pytest.mark.campaign
def test_before_the_settle_time_absence_proves_nothing(ready, x, settings, ahead):
    settings.SETTLE_SECONDS = 100
    x.control("faults", kind="drop")
    delivery.send_due()
    for step in ("20 seconds", "40 seconds", "60 seconds", "80 seconds"):
        ahead(step)
        reconciliation.look_up_uncertain()
    assert Delivery.objects.get().timeline_checks.count() == 0
    ahead("2 minutes")
    reconciliation.look_up_uncertain()
    assert Delivery.objects.get().timeline_checks.count() == 1


@pytest.mark.campaign
def test_twice_uncertain_and_absent_is_for_a_person_who_says_what_they_saw(ready, x, ahead, desk):
    draft, shown = ready
    x.control("faults", kind="drop", times=2)
    span = 0
    delivery.send_due()
    for _round in range(2):
        for _look in range(4):
            span += 15
            ahead(f"{span} seconds")
            reconciliation.look_up_uncertain()
        delivery.send_due()
    doubtful = Delivery.objects.get()
    assert doubtful.status == DeliveryStatus.FOR_A_PERSON
    reconciliation.say_absent(doubtful, by=desk.rita)
    ahead(f"{span + 20} seconds")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


@pytest.mark.campaign
def test_a_duplicate_refusal_is_looked_up_not_believed(ready, x, ahead):
    draft, shown = ready
    x.control("faults", kind="403 duplicate")
    delivery.send_due()
    assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN
    for step in ("5 seconds", "20 seconds", "40 seconds"):
        ahead(step)
        reconciliation.look_up_uncertain()
    assert Delivery.objects.get().status == DeliveryStatus.FOR_A_PERSON
    assert replies(x, shown) == []


@pytest.mark.campaign
def test_a_lease_that_ran_out_is_uncertain_and_found(ready, x, ahead, desk):
    draft, shown = ready
    account = ConnectedAccount.objects.select_related("department").get(external_id="901")
    claimed = delivery.claim(draft, account)
    delivery.client_for(account).create_post(claimed.text, reply_to=claimed.target)
    assert delivery.claim(draft, account) is None
    ahead("10 seconds")
    delivery.release_expired_leases()
    assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN
    reconciliation.look_up_uncertain()
    assert Delivery.objects.get().status == DeliveryStatus.POSTED
    assert len(replies(x, shown)) == 1


def test_a_sender_that_slept_through_its_lease_sends_nothing(ready, x):
    draft, shown = ready
    account = ConnectedAccount.objects.select_related("department").get(external_id="901")
    claimed = delivery.claim(draft, account)
    claimed.until = 0
    delivery.send(claimed, delivery.client_for(account))
    assert replies(x, shown) == []
    assert Delivery.objects.get().status == DeliveryStatus.DUE


def test_a_paused_account_sends_nothing(ready, x, desk):
    _draft, shown = ready
    accounts.pause(desk.account, reason="A wrong text is out.", by=desk.rita)
    delivery.send_due()
    assert replies(x, shown) == []


@pytest.mark.campaign
def test_a_late_answer_after_the_lease_is_recorded_as_found(ready, x, ahead):
    draft, shown = ready
    account = ConnectedAccount.objects.select_related("department").get(external_id="901")
    claimed = delivery.claim(draft, account)
    number = delivery.client_for(account).create_post(claimed.text, reply_to=int(claimed.target))
    ahead("10 seconds")
    delivery.release_expired_leases()
    delivery.record_posted(claimed.attempt, str(number), delivery.Outcome.POSTED, shown=None)
    assert Delivery.objects.get().status == DeliveryStatus.POSTED
    assert list(Result.objects.order_by("id").values_list("outcome", flat=True)) == [
        "uncertain",
        "found",
    ]


def test_no_delivery_to_another_post_account_network_or_surface_by_sql(desk):
    revision = factories.approved(desk).newest
    right = {
        "revision": revision,
        "sha256": revision.sha256,
        "account": desk.account,
        "target_id": revision.content["target"],
    }
    for wrong in (
        {"target_id": 4242},
        {"account": desk.business_account},
        {"network": "y"},
        {"surface": "private"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.create(**right | wrong)
    made = Delivery.objects.create(**right)
    with pytest.raises(DatabaseError), transaction.atomic():
        Delivery.objects.filter(pk=made.pk).update(target_id=4242)
    assert Delivery.objects.get().target_id == revision.content["target"]
