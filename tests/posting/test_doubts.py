"""Our own post is known as ours however X writes it.

Where that is not certain a person says, and no second reply follows.
"""

import dataclasses

import pytest
from django.db import DatabaseError, connection, transaction

from approvals.models import Draft, Void
from approvals.reviews import void_messages, voiding
from approvals.states import DraftStatus
from core.errors import Invalid, Stale
from posting import reconciliation
from posting.messages import attempt_messages
from posting.models import Delivery, Doubt
from posting.own_posts import timeline
from posting.sending import delivery
from posting.states import DeliveryStatus
from servicedesk.evidence import facts
from tests import factories
from tests.support.replies import replies
from tickets.ingestion import polling
from tickets.models import Feed, OwnPost, Ticket
from xapi import payloads

pytestmark = [pytest.mark.campaign, pytest.mark.table]

LINKED = {
    "a bare host": "Please look at amselnetz.example.com/hilfe for it.",
    "a whole address in capitals": "See https://AmselNetz.Example.com/Hilfe/ and unplug it.",
    "an address that X encodes": "See amselnetz.example.com/störung?a=1&b=2 & wait.",
    "two links and pictures of every kind": (
        "😀 a\u00a0b amsel.example.com/x\n\n👩‍👩‍👧 amsel.example.com/y\u2003^^"
    ),
    "one link twice": "amsel.example.com/x, yes: amsel.example.com/x",
}


@pytest.fixture
def lost(desk, x):
    """A way to have a reply with these words whose answer X lost: (draft, post)."""

    def make(words: str, *, kind: str = "lost"):
        shown = x.says(
            "grace_adeyemi",
            f"@AmselnetzHilfe please help me with {words[:9]} {Delivery.objects.count()}",
        )
        polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
        draft = factories.approved(
            desk,
            factories.submitted(desk, Ticket.objects.get(conversation_id=shown["id"]), text=words),
        )
        x.control("faults", kind=kind)
        delivery.send_due()
        return draft, shown

    return make


def by_hand(x, shown, text: str) -> dict:
    """Somebody writes under the customer's post with our account, past the desk."""
    return x.control("posts", username="AmselnetzHilfe", text=text, reply_to=shown["id"])


@pytest.mark.parametrize("words", LINKED.values(), ids=LINKED.keys())
def test_a_reply_whose_links_x_rewrote_is_found_and_stands_there_once(lost, x, words):
    draft, shown = lost(words)
    assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN
    timeline.watch()
    assert not OwnPost.objects.exists()
    reconciliation.look_up_uncertain()
    sent = Delivery.objects.get()
    assert sent.status == DeliveryStatus.POSTED
    assert [str(one["id"]) for one in replies(x, shown)] == [sent.external_id]
    assert not OwnPost.objects.filter(through_desk=False).exists()
    assert not Void.objects.exists()


def test_a_reply_to_a_post_that_was_edited_meanwhile_is_found(lost, x, desk):
    """X names the newest version as the one that was answered, the approved words an older one."""
    shown = x.says("grace_adeyemi", "@AmselnetzHilfe an edit comes")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    draft = factories.approved(
        desk, factories.submitted(desk, Ticket.objects.get(conversation_id=shown["id"]))
    )
    account = delivery.ConnectedAccount.objects.select_related("department").get(pk=desk.account.pk)
    claimed = delivery.claim(draft, account)
    x.control("edits", id=shown["id"], text="@AmselnetzHilfe an edit has come")
    x.control("faults", kind="lost")
    delivery.send(claimed, delivery.client_for(account))
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    reconciliation.look_up_uncertain()
    assert Delivery.objects.get().status == DeliveryStatus.POSTED


@pytest.mark.parametrize(
    "first", [timeline.watch, reconciliation.look_up_uncertain], ids=["the watch", "the look"]
)
def test_another_text_at_the_place_of_an_uncertain_reply_is_for_a_person(
    lost, x, first, ahead, client, desk
):
    draft, shown = lost("Unplug it for a while.", kind="drop")
    post = by_hand(x, shown, "Unplug it for a while, please")
    first()
    doubtful = Delivery.objects.get()
    assert doubtful.status == DeliveryStatus.FOR_A_PERSON
    assert Doubt.objects.get().external_id == str(post["id"])
    assert "may not be the approved ones" in attempt_messages.sentence(doubtful)
    for step in ("10 seconds", "1 minute", "5 minutes"):
        ahead(step)
        timeline.watch()
        reconciliation.look_up_uncertain()
        voiding.void_all()
        delivery.send_due()
    assert len(replies(x, shown)) == 1
    assert not Void.objects.exists()
    assert not OwnPost.objects.exists()
    assert Draft.objects.get(pk=draft.pk).status == DraftStatus.APPROVED
    client.force_login(desk.rita)
    page = client.get("/outbox/?tab=uncertain").content.decode()
    assert "Unplug it for a while, please" in page
    assert "This is the reply" in page
    assert "Say first whether it is the reply" in page


def test_a_person_says_that_the_doubtful_post_is_the_reply(lost, x, client, desk):
    draft, shown = lost("Unplug it for a while.", kind="drop")
    post = by_hand(x, shown, "Unplug it for a while, please")
    timeline.watch()
    client.force_login(desk.rita)
    assert (
        client.post(
            f"/outbox/{Delivery.objects.get().pk}/public/", {"post": post["id"]}
        ).status_code
        == 302
    )
    assert (Delivery.objects.get().status, Delivery.objects.get().external_id) == (
        DeliveryStatus.POSTED,
        str(post["id"]),
    )
    own = OwnPost.objects.get()
    assert own.through_desk
    assert "a while, please" in own.text
    assert Ticket.objects.get(pk=draft.ticket_id).status == "answered"


def test_a_person_says_that_it_is_another_and_the_reply_is_void_after_it_is_known_to_be_absent(
    lost, x, client, desk, ahead
):
    draft, shown = lost("Unplug it for a while.", kind="drop")
    post = by_hand(x, shown, "Something else")
    timeline.watch()
    made = Delivery.objects.get()
    with pytest.raises(Stale):
        reconciliation.say_absent(made, by=desk.rita)
    client.force_login(desk.rita)
    assert client.post(f"/outbox/{made.pk}/another/", {"post": post["id"]}).status_code == 302
    assert not OwnPost.objects.get().through_desk
    voiding.void_all()
    assert not Void.objects.exists()
    with pytest.raises(Stale, match="shows some posts late"):
        reconciliation.say_absent(made, by=desk.rita)
    ahead("10 minutes")
    reconciliation.say_absent(made, by=desk.rita)
    delivery.send_due()
    assert len(replies(x, shown)) == 1
    assert Void.objects.get().reason == "answered_on_x"
    assert void_messages.for_author(Void.objects.get())
    with pytest.raises(Stale):
        reconciliation.say_another(made, external_id=str(post["id"]), by=desk.rita)
    assert not [fault for fault in facts.faults() if fault.place.startswith("doubt")]


def test_while_a_person_is_asked_the_reply_that_x_shows_late_is_found_and_the_other_is_a_stranger(
    lost, x, ahead
):
    draft, shown = lost("Unplug it for a while.", kind="drop")
    by_hand(x, shown, "Something else")
    reconciliation.look_up_uncertain()
    assert Delivery.objects.get().status == DeliveryStatus.FOR_A_PERSON
    late = by_hand(x, shown, Draft.objects.get(pk=draft.pk).newest.text)
    ahead("2 minutes")
    reconciliation.look_up_uncertain()
    assert (Delivery.objects.get().status, Delivery.objects.get().external_id) == (
        DeliveryStatus.POSTED,
        str(late["id"]),
    )
    assert set(OwnPost.objects.values_list("through_desk", "text").order_by("position")) == {
        (False, "@grace_adeyemi Something else"),
        (True, f"@grace_adeyemi {Draft.objects.get(pk=draft.pk).newest.text}"),
    }


def test_a_post_elsewhere_is_no_doubt(lost, x):
    elsewhere = x.says("dirk", "@AmselnetzHilfe and me?")
    draft, shown = lost("Unplug it for a while.")
    by_hand(x, elsewhere, "Something else")
    timeline.watch()
    assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN
    assert OwnPost.objects.get().text.endswith("Something else")


def test_a_reply_of_which_x_does_not_say_what_it_answers_is_known_by_its_conversation(
    lost, x, monkeypatch
):
    lost("See amselnetz.example.com/hilfe.")
    read_page = payloads.read_page

    def without_references(body):
        page = read_page(body)
        page.posts = [dataclasses.replace(one, replied_to=None) for one in page.posts]
        return page

    monkeypatch.setattr(payloads, "read_page", without_references)
    timeline.watch()
    assert not OwnPost.objects.exists()
    reconciliation.look_up_uncertain()
    assert Delivery.objects.get().status == DeliveryStatus.POSTED


def test_our_clock_may_go_some_minutes_before_xs(lost, x, ahead):
    """Our timeline is read back far enough to find what X dates before our attempt."""
    ahead("8 minutes")
    lost("Unplug it for a while.")
    reconciliation.look_up_uncertain()
    assert Delivery.objects.get().status == DeliveryStatus.POSTED


def test_a_doubt_is_answered_once_and_stays_by_sql(lost, x, desk):
    _draft, shown = lost("Unplug it for a while.", kind="drop")
    by_hand(x, shown, "Something else")
    timeline.watch()
    doubt = Doubt.objects.get()
    rita = desk.rita.pk
    refused = [
        "DELETE FROM posting_doubt",
        "UPDATE posting_doubt SET external_id = '5'",
        "UPDATE posting_doubt SET text = 'x'",
        "INSERT INTO posting_result (attempt_id, outcome, code, said, by_id) "
        "SELECT id, 'unseen', '', '', %s FROM posting_attempt",
    ]
    for statement in refused:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [rita] if "%s" in statement else None)
    Doubt.objects.filter(pk=doubt.pk).update(another_by=rita, another_at=doubt.noticed_at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Doubt.objects.filter(pk=doubt.pk).update(another_by=None, another_at=None)
    with (
        pytest.raises(DatabaseError, match="late"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(refused[-1], [rita])


def test_who_is_not_entitled_does_not_say_what_the_post_is(lost, x, client, desk):
    _draft, shown = lost("Unplug it for a while.", kind="drop")
    post = by_hand(x, shown, "Something else")
    timeline.watch()
    client.force_login(desk.aylin)
    assert (
        client.post(
            f"/outbox/{Delivery.objects.get().pk}/another/", {"post": post["id"]}
        ).status_code
        == 403
    )
    client.force_login(desk.nele)
    assert (
        client.post(
            f"/outbox/{Delivery.objects.get().pk}/another/", {"post": post["id"]}
        ).status_code
        == 404
    )
    assert Doubt.objects.get().another_at is None


def test_the_api_names_the_doubtful_post_and_takes_the_answer(lost, x, client, desk):
    _draft, shown = lost("Unplug it for a while.", kind="drop")
    post = by_hand(x, shown, "Something else")
    timeline.watch()
    client.force_login(desk.rita)
    made = Delivery.objects.get()
    [row] = client.get("/api/v1/deliveries/").json()["results"]
    assert row["doubts"][0]["post"] == str(post["id"])
    answer = client.post(
        f"/api/v1/deliveries/{made.pk}/another/",
        {"post": str(post["id"])},
        content_type="application/json",
    )
    assert answer.status_code == 200
    assert answer.json()["doubts"] == []


def test_a_post_that_belongs_to_another_reply_is_not_this_one(lost, x, desk):
    _draft, shown = lost("Unplug it for a while.", kind="drop")
    by_hand(x, shown, "Something else")
    timeline.watch()
    with pytest.raises(Invalid):
        reconciliation.say_public(Delivery.objects.get(), external_id="0", by=desk.rita)
