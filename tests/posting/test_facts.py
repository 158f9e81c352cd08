"""Facts that are there stay as they are.

Deliveries, take-downs, posts, ends and sights, also by raw SQL as the application.
"""

import pytest
from django.db import IntegrityError, connection, transaction

from approvals.drafts import saved_replies
from approvals.models import SavedReply
from core.database.guards import DeskNow
from people.identity import tokens
from people.models import Absence, ApiToken
from posting import takedown
from posting.models import Attempt, Delivery, Result, TakeDown
from posting.sending import delivery
from posting.states import DELIVERY_MOVES, DeliveryStatus
from tests import factories
from tests.approvals.test_four_eyes import guard_refuses
from tickets import incidents
from tickets.conversations import notes
from tickets.ingestion import refresh
from tickets.models import CustomerNote, Incident, Mention, OwnPost, ParkedPost, PostVersion
from tickets.states import MentionState

FACTS = "posting_delivery_facts"
CHANGES = {
    "external_id": "42",
    "code": "'x'",
    "said": "'x'",
    "tries": "9",
    "claimed_at": "now()",
    "leased_until": "now() + interval '1 hour'",
    "uncertain_since": "now() - interval '1 hour'",
    "look_at": "now()",
    "due_at": "now() - interval '1 hour'",
    "updated_at": "now()",
}
PLANNED = {
    ("due", "due_at"),
    ("uncertain", "look_at"),
    ("for_a_person", "look_at"),
    *((one, "updated_at") for one in ("due", "in_flight", "uncertain", "for_a_person")),
}


def change(table, row, column, value):
    """As the application, by raw SQL."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE id = %s", [row.pk])
        assert cursor.rowcount == 1


def made(desk):
    """A delivery that is due."""
    revision = factories.approved(desk).newest
    return Delivery.objects.create(
        revision=revision,
        sha256=revision.sha256,
        account=desk.account,
        target_id=revision.target_external_id,
    )


def go(one, status, **fields):
    """Move it by SQL, as any program would."""
    Delivery.objects.filter(pk=one.pk).update(status=status, **fields)


def ended(one, outcome, **fields):
    """What became of its newest attempt."""
    Result.objects.create(attempt=one.attempts.order_by("-number")[0], outcome=outcome, **fields)


def brought_to(desk, status):
    """A delivery in this state, by the way that leads there."""
    one = made(desk)
    if status == "due":
        return one
    if status == "void":
        go(one, "void")
        return one
    go(one, "in_flight", leased_until=factories.ago(hours=-1))
    Attempt.objects.create(delivery=one)
    if status == "in_flight":
        return one
    if status == "posted":
        ended(one, "posted", external_id="77")
        go(one, "posted", external_id="77", leased_until=None)
    elif status == "refused":
        ended(one, "refused")
        go(one, "refused", leased_until=None)
    else:
        ended(one, "uncertain")
        go(one, "uncertain", leased_until=None)
        if status == "for_a_person":
            go(one, "for_a_person")
    return one


@pytest.mark.campaign
@pytest.mark.parametrize("status", [str(one) for one in DELIVERY_MOVES])
def test_facts_of_a_delivery_are_frozen_in_every_state(desk, status):
    one = brought_to(desk, status)
    for column, value in CHANGES.items():
        if (status, column) in PLANNED:
            change("posting_delivery", one, column, value)
        else:
            guard_refuses(
                lambda column=column, value=value: change("posting_delivery", one, column, value),
                FACTS,
            )


@pytest.mark.campaign
def test_the_id_of_a_posted_reply_is_not_rewritten(ready, x):
    delivery.send_due()
    sent = Delivery.objects.get(status=DeliveryStatus.POSTED)
    for value in ("42", "NULL"):
        guard_refuses(
            lambda value=value: change("posting_delivery", sent, "external_id", value), FACTS
        )
    assert Delivery.objects.get(pk=sent.pk).external_id == sent.external_id


def test_an_id_is_named_with_the_move_to_posted_alone(desk):
    one = brought_to(desk, "in_flight")
    ended(one, "uncertain")
    guard_refuses(lambda: go(one, "uncertain", external_id="42", leased_until=None), FACTS)


def test_a_delivery_begins_without_facts(desk):
    revision = factories.approved(desk).newest
    fields = {
        "revision": revision,
        "sha256": revision.sha256,
        "account": desk.account,
        "target_id": revision.target_external_id,
    }
    for more in (
        {"external_id": "42"},
        {"tries": 1},
        {"uncertain_since": factories.ago(hours=1)},
        {"claimed_at": factories.ago(hours=1)},
    ):
        guard_refuses(lambda more=more: Delivery.objects.create(**fields, **more), FACTS)
    one = Delivery.objects.create(**fields, created_at=factories.ago(days=9))
    one.refresh_from_db()
    assert one.created_at > factories.ago(days=1)


def test_tries_and_the_time_of_doubt_are_the_databases_own(desk):
    one = brought_to(desk, "in_flight")
    ended(one, "uncertain")
    go(one, "uncertain", leased_until=None, tries=0, uncertain_since=factories.ago(days=1))
    one.refresh_from_db()
    assert one.tries == 1
    assert one.uncertain_since > factories.ago(hours=1)


def ordered(desk):
    """An order to take a posted reply down."""
    sent = Delivery.objects.get(pk=brought_to(desk, "posted").pk)
    return takedown.order(sent, reason="Wrong bill.", confirmed=True, by=desk.lena)


def test_a_take_down_follows_its_moves_and_stays_once_it_is_done(desk):
    one = ordered(desk)
    name = "posting_takedown_moves"
    change("posting_takedown", one, "code", "'server'")
    change("posting_takedown", one, "status", "'failed'")
    guard_refuses(lambda: change("posting_takedown", one, "code", "'other'"), name)
    guard_refuses(lambda: change("posting_takedown", one, "status", "'done'"), name)
    change("posting_takedown", one, "status", "'ordered'")
    change("posting_takedown", one, "status", "'done'")
    for column, value in (
        ("status", "'ordered'"),
        ("code", "'x'"),
        ("said", "'x'"),
        ("due_at", "now()"),
        ("updated_at", "now()"),
    ):
        guard_refuses(
            lambda column=column, value=value: change("posting_takedown", one, column, value), name
        )


@pytest.mark.campaign
def test_only_what_is_posted_is_taken_down_also_by_sql(desk):
    due = made(desk)
    guard_refuses(
        lambda: TakeDown.objects.create(delivery=due, reason="x", by=desk.lena),
        "posting_takedown_moves",
    )
    sent = brought_to(desk, "posted")
    guard_refuses(
        lambda: TakeDown.objects.create(delivery=sent, reason="x", by=desk.lena, status="done"),
        "posting_takedown_moves",
    )


def test_a_take_down_ordered_twice_is_one_order(desk):
    one = ordered(desk)
    assert takedown.order(one.delivery, reason="Wrong bill.", confirmed=True, by=desk.lena) == one


def own_post(desk):
    """A post of ours."""
    return OwnPost.objects.create(
        external_id="91",
        position=91,
        account=desk.account,
        conversation_id=1,
        text="Hello.",
        written_at=factories.ago(hours=1),
        unseen_seconds=30,
    )


def test_what_was_seen_of_our_post_stays(desk):
    one = own_post(desk)
    change("tickets_ownpost", one, "unseen_seconds", "40")
    change("tickets_ownpost", one, "seen_at", "now()")
    change("tickets_ownpost", one, "gone_at", "now()")
    for column, value in (
        ("unseen_seconds", "0"),
        ("seen_at", "NULL"),
        ("gone_at", "NULL"),
        ("seen_at", "now() - interval '1 day'"),
    ):
        guard_refuses(
            lambda column=column, value=value: change("tickets_ownpost", one, column, value),
            "tickets_ownpost_facts",
        )


def test_their_words_are_emptied_and_never_changed(desk, ahead):
    mention = factories.a_ticket(desk).last_mention
    version = mention.newest
    guard_refuses(
        lambda: change("tickets_postversion", version, "text", "'I never said that'"),
        "tickets_postversion_words",
    )
    guard_refuses(
        lambda: change("tickets_postversion", version, "links", "'[{}]'"),
        "tickets_postversion_words",
    )

    def empty() -> None:
        PostVersion.objects.filter(pk=version.pk).update(
            text="", links=[], media=[], named=[], extras=[]
        )

    guard_refuses(empty, "tickets_postversion_words")
    refresh.note_gone(mention, MentionState.DELETED)
    guard_refuses(empty, "tickets_postversion_words")
    for column, value, check in (
        ("gone_confirmed_at", "now() + interval '2 hours'", "mention_gone_twice"),
        ("status", "'live'", "mention_gone_since"),
    ):
        with pytest.raises(IntegrityError, match=check), transaction.atomic():
            change("tickets_mention", mention, column, value)
    guard_refuses(
        lambda: change("tickets_mention", mention, "gone_at", "now() - interval '2 hours'"),
        "tickets_mention_gone",
    )
    ahead("61 minutes")
    refresh.note_gone(mention, MentionState.DELETED)
    empty()
    change("tickets_postversion", version, "text", "'X shows it again'")


def test_a_mention_points_at_a_later_version_of_its_own(desk):
    mention = factories.a_ticket(desk).last_mention
    other = factories.a_ticket(desk, "@AmselnetzHilfe another").last_mention
    later = PostVersion.objects.create(
        mention=mention,
        external_id=str(mention.position + 5),
        position=mention.position + 5,
        text="Edited.",
        written_at=factories.ago(),
    )
    former = mention.newest_id
    guard_refuses(
        lambda: Mention.objects.filter(pk=mention.pk).update(newest=other.newest),
        "tickets_mention_newest",
    )
    Mention.objects.filter(pk=mention.pk).update(newest=later)
    guard_refuses(
        lambda: Mention.objects.filter(pk=mention.pk).update(newest=former),
        "tickets_mention_newest",
    )
    guard_refuses(
        lambda: Mention.objects.filter(pk=mention.pk).update(newest=None), "tickets_mention_newest"
    )


def customer_note(desk):
    ticket = factories.a_ticket(desk)
    return notes.add_person_note(ticket.customer, text="Friendly.", ticket=ticket, by=desk.aylin)


def token(desk):
    tokens.issue(desk.aylin, name="mine")
    return ApiToken.objects.get()


ONCE = {
    "tickets_customernote": (CustomerNote, "ended_at", customer_note),
    "tickets_incident": (
        Incident,
        "ended_at",
        lambda desk: incidents.open_incident(name="Storm", department=desk.service, by=desk.aylin),
    ),
    "tickets_parkedpost": (
        ParkedPost,
        "read_at",
        lambda desk: ParkedPost.objects.create(account=desk.account, raw={}, mark="x", why="x"),
    ),
    "approvals_savedreply": (
        SavedReply,
        "retired_at",
        lambda desk: saved_replies.keep(
            None, department=desk.service, title="Hello", language="en", text="Hi.", by=desk.max
        )[0],
    ),
    "people_apitoken": (ApiToken, "revoked_at", token),
    "people_absence": (
        Absence,
        "ended_at",
        lambda desk: Absence.objects.create(
            person=desk.lena.person, first_day="2026-01-01", last_day="2026-01-02"
        ),
    ),
}


@pytest.mark.parametrize("table", ONCE)
def test_what_ended_or_was_read_does_not_come_back(desk, table):
    model, column, make = ONCE[table]
    one = make(desk)
    model.objects.filter(pk=one.pk).update(**{column: DeskNow()})
    for value in ("NULL", "now() - interval '1 day'"):
        guard_refuses(
            lambda value=value: change(table, one, column, value),
            {"people_apitoken": "people_token_once"}.get(table, f"{table}_once"),
        )


def test_a_mention_stays_with_its_ticket(desk):
    mention = factories.a_ticket(desk).last_mention
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Mention.objects.filter(pk=mention.pk).update(
            ticket=factories.a_ticket(desk, "@AmselnetzHilfe another")
        )
