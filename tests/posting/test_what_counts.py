"""Which replies, attempts and posts each step of sending and looking takes into account."""

import dataclasses
from datetime import timedelta

import pytest
from django.db import DataError, connection

from approvals.reviews import voiding
from core.database.db_time import desk_now
from core.database.transitions import move
from networks.errors import NetworkError
from posting import querysets, reconciliation
from posting.models import Attempt, Delivery, Doubt, Result, TimelineCheck
from posting.own_posts import candidates
from posting.sending import delivery
from posting.states import DELIVERY_MOVES, DeliveryStatus, Outcome
from tests import factories
from tickets import lifecycle
from tickets.accounts import accounts
from tickets.accounts.credentials import client_for
from tickets.ingestion import polling
from tickets.models import ConnectedAccount, Feed, Ticket
from tickets.states import ContextCause

NO_ANSWER = NetworkError("no_answer", outcome="uncertain")


def approved(desk, number=1, **fields):
    """An approved reply to a ticket of its own."""
    return factories.approved(
        desk,
        factories.submitted(
            desk, factories.a_ticket(desk, f"@AmselnetzHilfe question {number}"), **fields
        ),
    )


def of_business(desk):
    """An approved reply from the other account."""
    ticket = factories.arrive(
        desk,
        factories.post("@AmselnetzBiz hello", account="amselnetzbiz"),
        account=desk.business_account,
    )[0]
    return factories.approved(desk, factories.submitted(desk, ticket, by=desk.nele), by=desk.farida)


def uncertain(desk, draft=None, account=None):
    """A reply of unknown outcome."""
    sent = delivery.claim(draft or approved(desk), account or desk.account)
    delivery.record_trouble(sent, NO_ANSWER)
    return Delivery.objects.select_related("account__department", "revision__draft__ticket").get(
        pk=sent.delivery.pk
    ), sent.attempt


def public(desk, external_id, draft=None, account=None):
    """A reply that stands on X."""
    sent = delivery.claim(draft or approved(desk), account or desk.account)
    delivery.record_posted(sent.attempt, str(external_id), Outcome.POSTED, shown=None)
    return Delivery.objects.get(pk=sent.delivery.pk)


def ours(
    external_id, text="Unplug it. ^an", *, reply_to=None, conversation=1, account=901, **fields
):
    """A post of ours as the client reads it."""
    return factories.XPost(
        id=int(external_id),
        version_ids=(int(external_id),),
        author_id=account,
        text=text,
        created_at=fields.pop("at", desk_now()),
        conversation_id=int(conversation),
        replied_to=None if reply_to is None else int(reply_to),
        **fields,
    )


def asked_nothing(desk):
    """Whether X, which is not there, was asked nothing: else the account would rest."""
    return ConnectedAccount.objects.get(pk=desk.account.pk).rests_until is None


@pytest.mark.campaign
def test_an_account_is_free_unless_it_has_a_reply_in_flight_itself(desk):
    first, second = approved(desk), of_business(desk)
    delivery.claim(second, desk.business_account)
    Delivery.objects.create(
        revision=first.newest,
        sha256=first.newest.sha256,
        account=desk.account,
        target_id=first.newest.target_external_id,
    )
    assert list(querysets.accounts_free_to_send()) == [desk.account]
    accounts.pause(desk.account, reason="Storm.", by=desk.lena)
    assert not querysets.accounts_free_to_send().exists()


@pytest.mark.campaign
def test_a_reply_is_ready_once_its_own_delay_is_over(desk, settings, ahead):
    settings.SEND_DELAY_SECONDS = 60
    first = approved(desk)
    assert not querysets.ready_to_send(desk.account).exists()
    ahead("2 minutes")
    approved(desk, 2)
    waiting = factories.submitted(desk, factories.a_ticket(desk, "@AmselnetzHilfe question 3"))
    assert list(querysets.ready_to_send(desk.account)) == [first]
    assert not querysets.ready_to_send(desk.business_account).exists()
    assert waiting.draft.status == "in_review"


def test_an_account_with_nothing_to_send_is_not_even_opened(desk, settings):
    settings.CREDENTIALS_KEYS = []
    assert delivery.send_due() == 0


@pytest.mark.campaign
def test_a_reply_is_claimed_once_when_it_is_due_and_for_its_own_account(desk, ahead):
    draft = approved(desk)
    assert delivery.claim(draft, desk.business_account) is None
    assert (
        delivery.claim(
            factories.submitted(desk, factories.a_ticket(desk, "@AmselnetzHilfe more")).draft,
            desk.account,
        )
        is None
    )
    accounts.pause(desk.account, reason="Storm.", by=desk.lena)
    assert delivery.claim(draft, desk.account) is None
    accounts.resume(desk.account, by=desk.lena)
    sent = delivery.claim(draft, desk.account)
    assert delivery.claim(draft, desk.account) is None
    # Another one of the account is in flight
    assert delivery.claim(approved(desk, 2), desk.account) is None
    delivery.record_trouble(
        sent, NetworkError("429", outcome="not_sent", retry_at=desk_now() + timedelta(minutes=5))
    )
    assert delivery.claim(draft, desk.account) is None
    assert Attempt.objects.count() == 1
    ahead("6 minutes")
    assert delivery.claim(draft, desk.account)


def test_what_the_wall_refuses_is_not_sent_and_any_other_trouble_of_the_database_is_told(
    desk, monkeypatch
):
    def breaks(*_given, **_named):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    draft = approved(desk)
    lifecycle.raise_context_version(draft.ticket, ContextCause.WROTE)
    assert delivery.claim(draft, desk.account) is None
    monkeypatch.setattr(delivery, "move", breaks)  # as if the database failed in the middle
    with pytest.raises(DataError):
        delivery.claim(approved(desk, 2), desk.account)


def test_a_success_is_written_down_once_and_trouble_after_it_is_none(desk):
    sent = delivery.claim(approved(desk), desk.account)
    for _time in range(2):
        delivery.record_posted(sent.attempt, "4711", Outcome.POSTED, shown=None)
    delivery.record_trouble(sent, NO_ANSWER)
    assert Result.objects.count() == 1
    assert Delivery.objects.get().status == DeliveryStatus.POSTED


def test_trouble_of_an_earlier_attempt_says_nothing_about_the_present_one(desk, ahead):
    draft = approved(desk)
    first = delivery.claim(draft, desk.account)
    delivery.record_trouble(first, NetworkError("429", outcome="not_sent"))
    ahead("1 hour")
    assert delivery.claim(draft, desk.account)
    delivery.record_trouble(first, NO_ANSWER)
    assert Delivery.objects.get().status == DeliveryStatus.IN_FLIGHT
    assert delivery.release_expired_leases() == 0


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [
        (ContextCause.WROTE, "open"),
        (ContextCause.EDITED, "open"),
        (ContextCause.OUR_POST, "answered"),
        (None, "answered"),
    ],
)
def test_a_reply_answers_the_ticket_unless_the_customer_wrote_after_the_approval_that_counts(
    desk, meanwhile, status, ahead
):
    revision = factories.submitted(desk)
    draft = factories.approved(desk, revision)
    ahead("25 hours")
    assert voiding.void_if_it_no_longer_holds(draft)
    lifecycle.raise_context_version(draft.ticket, ContextCause.WROTE)
    draft = factories.approved(desk, revision)
    sent = delivery.claim(draft, desk.account)
    if meanwhile:
        lifecycle.raise_context_version(draft.ticket, meanwhile)
    delivery.record_posted(sent.attempt, "4711", Outcome.POSTED, shown=None)
    assert Ticket.objects.get(pk=draft.ticket_id).status == status


@pytest.mark.campaign
def test_only_a_doubt_whose_time_has_come_is_looked_up(desk, ahead):
    late, _attempt = uncertain(desk)
    Delivery.objects.filter(pk=late.pk).update(look_at=desk_now() + timedelta(hours=1))
    over, attempt = uncertain(desk, approved(desk, 2))
    move(over, DeliveryStatus.FOR_A_PERSON, moves=DELIVERY_MOVES)
    ahead("1 minute")
    reconciliation.say_absent(over, by=desk.rita)
    assert Delivery.objects.get(pk=over.pk).look_at < desk_now()
    assert reconciliation.look_up_uncertain() == 0
    assert asked_nothing(desk)


def test_what_was_never_tried_is_not_looked_for(desk):
    newest = approved(desk).newest
    waiting = Delivery.objects.create(
        revision=newest,
        sha256=newest.sha256,
        account=desk.account,
        target_id=newest.target_external_id,
    )
    assert reconciliation.look_up(waiting, client_for(desk.account)) is False


@pytest.mark.campaign
def test_a_look_is_planned_for_one_doubt_alone(desk):
    one, _attempt = uncertain(desk)
    other, _attempt = uncertain(desk, approved(desk, 2))
    done = public(desk, 4711, approved(desk, 3))
    before = Delivery.objects.get(pk=other.pk).look_at
    for each in (one, done):
        reconciliation.look_again(each, timedelta(hours=2))
    assert Delivery.objects.get(pk=one.pk).look_at > desk_now() + timedelta(hours=1)
    assert Delivery.objects.get(pk=other.pk).look_at == before
    assert Delivery.objects.get(pk=done.pk).look_at is None


@pytest.mark.campaign
def test_one_more_try_depends_on_this_replys_own_doubts_alone(desk, ahead):
    draft = approved(desk)
    delivery.record_trouble(
        delivery.claim(draft, desk.account), NetworkError("429", outcome="not_sent")
    )
    ahead("1 hour")
    one, attempt = uncertain(desk, draft)
    uncertain(desk, approved(desk, 2))
    ahead("2 hours")
    assert reconciliation.note_absent(one, attempt, desk_now()) is False
    ahead("3 hours")
    assert reconciliation.note_absent(one, attempt, desk_now()) is True
    assert Delivery.objects.get(pk=one.pk).status == DeliveryStatus.DUE
    assert TimelineCheck.objects.count() == 2


def test_a_reply_that_was_found_meanwhile_is_not_absent(desk):
    one, attempt = uncertain(desk)
    delivery.record_posted(attempt, "4711", Outcome.FOUND, shown=None)
    assert reconciliation.note_absent(one, attempt, desk_now()) is True
    assert not TimelineCheck.objects.exists()


def test_a_post_is_the_reply_only_in_its_place_and_with_its_words(desk):
    one, _attempt = uncertain(desk)
    there = ours(4711, one.revision.text, reply_to=one.target_id)
    assert candidates.is_this(there, one)
    assert not candidates.is_this(dataclasses.replace(there, replied_to=1), one)
    assert not candidates.is_this(dataclasses.replace(there, text="Something else. ^an"), one)


@pytest.mark.campaign
def test_a_post_is_in_doubt_only_where_a_reply_of_its_account_is_missing(desk):
    one, _attempt = uncertain(desk)
    there = ours(4711, "Something else.", reply_to=one.target_id)
    Doubt.objects.create(
        delivery=one,
        external_id=str(there.id),
        position=there.id,
        text=there.text,
        written_at=there.created_at,
    )
    other, _attempt = uncertain(desk, approved(desk, 2))
    elsewhere = Doubt.objects.create(
        delivery=other,
        external_id="4711",
        position=4711,
        text="Something else.",
        written_at=there.created_at,
    )
    assert candidates.unknown_at([there], desk.account) == [(there, one)]
    assert candidates.unknown_at([there], desk.business_account) == []
    move(other, DeliveryStatus.FOR_A_PERSON, moves=DELIVERY_MOVES)
    Doubt.objects.filter(pk=elsewhere.pk).update(another_by=desk.rita, another_at=desk_now())
    delivery.record_posted(other.attempts.get(), "4712", Outcome.SEEN, shown=None, by=desk.rita)
    assert candidates.unknown_at([there], desk.account) == [(there, one)]
    assert candidates.unknown_at([ours(4713, reply_to=other.target_id)], desk.account) == []


def test_a_reply_that_was_never_tried_explains_no_post(desk):
    newest = approved(desk).newest
    waiting = Delivery.objects.create(
        revision=newest,
        sha256=newest.sha256,
        account=desk.account,
        target_id=newest.target_external_id,
    )
    Delivery.objects.filter(pk=waiting.pk).update(status="in_flight", leased_until=desk_now())
    assert (
        candidates.unknown_at([ours(4711, reply_to=newest.target_external_id)], desk.account) == []
    )


@pytest.mark.parametrize(
    ("minutes", "code"), [(5, "429"), (-5, "no_connection"), (0, "no_connection")]
)
def test_mentions_are_read_before_sending_unless_their_limit_is_still_used_up(desk, minutes, code):
    rests = desk_now() + timedelta(minutes=minutes) if minutes else None
    Feed.objects.filter(account=desk.account).update(rests_until=rests)
    with pytest.raises(NetworkError) as error:  # nobody answers at the address of X
        polling.read_newest(desk.account, client_for(desk.account))
    assert error.value.code == code
