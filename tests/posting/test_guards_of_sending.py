"""Try each re-check of the sender, and each line of the delivery's guard.

The lines are those that nothing else would miss.
"""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from approvals.models import Revision
from core.database.db_time import desk_now
from networks.errors import NetworkError
from networks.registry import network_of
from posting import reconciliation
from posting.models import Attempt, Delivery, Result
from posting.sending import delivery
from posting.states import DeliveryStatus, Outcome
from tests import factories
from tests.support.waiting import until_somebody_waits_for_me
from tickets.accounts import accounts
from tickets.models import ConnectedAccount
from xapi.client import XClient


def claimed(desk):
    """A reply in flight, its attempt written down."""
    return delivery.claim(factories.approved(desk), desk.account)


def refused(statement, *values):
    """Whether raw SQL as the application is refused by a guard."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return getattr(error.value.__cause__.diag, "constraint_name", "")


def test_a_posted_delivery_names_the_post_of_its_outcome(desk):
    sent = claimed(desk)
    Result.objects.create(attempt=sent.attempt, outcome=Outcome.POSTED, external_id="4711")
    assert (
        refused(
            "UPDATE posting_delivery SET status = 'posted', external_id = '4712' WHERE id = %s",
            sent.delivery.pk,
        )
        == "posting_delivery_rule"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE posting_delivery SET status = 'posted', external_id = '4711' WHERE id = %s",
            [sent.delivery.pk],
        )


def test_the_words_are_held_against_their_hash_once_more_before_they_leave(desk, monkeypatch):
    draft = factories.approved(desk)
    other_words = draft.newest.payload.replace("unplug", "smash")
    others = property(lambda _revision: other_words, lambda _revision, _value: None)
    # As if memory or driver had given other bytes than the database holds
    monkeypatch.setattr(Revision, "payload", others)
    with pytest.raises(RuntimeError, match="not the approved one"):
        delivery.claim(draft, desk.account)


def test_an_account_that_was_paused_after_the_list_was_made_sends_nothing(desk):
    draft = factories.approved(desk)
    accounts.pause(
        ConnectedAccount.objects.get(pk=desk.account.pk), reason="something is wrong", by=desk.lena
    )
    assert delivery.claim(draft, desk.account) is None
    assert not Attempt.objects.exists()
    assert not Delivery.objects.exists(), "not even begun: the wall was not needed"


def test_a_page_of_our_timeline_that_cannot_be_read_is_no_complete_one(desk, monkeypatch):
    sent = claimed(desk)
    Result.objects.create(attempt=sent.attempt, outcome=Outcome.UNCERTAIN, code="reset")
    Delivery.objects.filter(pk=sent.delivery.pk).update(
        status=DeliveryStatus.UNCERTAIN, uncertain_since=desk_now(), look_at=desk_now()
    )
    monkeypatch.setattr(
        XClient,
        "own_posts",
        lambda *_given, **_named: {"data": [{"id": "not a number", "text": 7}], "meta": {}},
    )
    client = network_of("x").open_connection(
        {"bearer_token": "sim-901"}, base_url="http://127.0.0.1:1", timeout=1
    )
    with pytest.raises(NetworkError, match="unreadable"):
        reconciliation.find(Delivery.objects.get(pk=sent.delivery.pk), client)


@pytest.mark.parametrize(
    "how",
    [
        "status = 'paused', paused_at = now()",
        "status = 'revoked'",
        "rests_until = desk_now() + interval '1 minute'",
    ],
)
def test_no_delivery_is_claimed_by_sql_while_its_account_does_not_send(desk, how):
    draft = factories.approved(desk)
    waiting = Delivery.objects.create(
        revision=draft.newest,
        sha256=draft.newest.sha256,
        account=desk.account,
        target_id=draft.newest.target_external_id,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE tickets_connectedaccount SET {how} WHERE id = %s", [desk.account.pk]
        )
    claim = (
        "UPDATE posting_delivery "
        "SET status = 'in_flight', leased_until = now() + interval '1 minute' "
        "WHERE id = %s"
    )
    assert refused(claim, waiting.pk) == "posting_delivery_rule"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_connectedaccount "
            "SET status = 'active', paused_at = NULL, rests_until = desk_now() - interval '1 "
            "second' "
            "WHERE id = %s",
            [desk.account.pk],
        )
        cursor.execute(claim, [waiting.pk])
        assert cursor.rowcount == 1


@pytest.mark.campaign
def test_a_claim_by_sql_waits_for_a_pause_that_is_on_its_way(open_desk, owner):
    """The pause holds the account's row.

    Who claims meanwhile waits for it, and is refused once it is there.
    """
    desk, draft = open_desk, factories.approved(open_desk)
    waiting = Delivery.objects.create(
        revision=draft.newest,
        sha256=draft.newest.sha256,
        account=desk.account,
        target_id=draft.newest.target_external_id,
    )
    outcome: list[str] = []

    def claim():
        outcome.append(
            refused(
                "UPDATE posting_delivery "
                "SET status = 'in_flight', leased_until = now() + interval '1 minute' "
                "WHERE id = %s",
                waiting.pk,
            )
        )
        connection.close()

    thread = threading.Thread(target=claim)
    with transaction.atomic():
        accounts.pause(
            ConnectedAccount.objects.get(pk=desk.account.pk), reason="a doubt", by=desk.lena
        )
        thread.start()
        until_somebody_waits_for_me()
        assert outcome == []
    thread.join(60)
    assert outcome == ["posting_delivery_rule"]
