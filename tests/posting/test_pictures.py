"""Send a reply with exactly the approved pictures, or not at all.

Each goes with its description.
"""

import hashlib
import io

import pytest
import requests

from approvals.drafts import attachments, drafting
from approvals.models import Attachment, Draft
from posting import reconciliation
from posting.messages import attempt_messages
from posting.models import Delivery
from posting.sending import delivery, media_upload
from posting.states import DeliveryStatus
from tests import factories
from tests.pictures import a_picture
from tests.support.replies import replies
from tickets.ingestion import polling
from tickets.models import ConnectedAccount, Feed, OwnPost, Ticket

pytestmark = [pytest.mark.campaign, pytest.mark.table]


@pytest.fixture
def ready(desk, x):
    """An approved reply with two pictures to a post on the simulated X: (draft, post)."""
    shown = x.says("grace_adeyemi", f"@AmselnetzHilfe where does the cable go, {id(desk)}?")
    polling.read(Feed.objects.select_related("account__department").get(account=desk.account))
    draft = drafting.open_draft(Ticket.objects.get(conversation_id=shown["id"]), by=desk.aylin)
    for colour, alt in (
        ("orange", "The orange socket."),
        ("blue", 'The blue cable, 5 < 6 & "plugged in".'),
    ):
        shot = a_picture(colour)
        attachments.attach(draft, picture=io.BytesIO(shot), size=len(shot), alt=alt, by=desk.aylin)
    text = f"Hello Grace, like this ({id(shown)})."
    return factories.approved(
        desk,
        drafting.submit(
            draft, text=text, context_version=draft.ticket.context_version, by=desk.aylin
        ),
    ), shown


def test_the_reply_stands_on_x_with_the_approved_pictures_and_descriptions(ready, x, client, desk):
    draft, shown = ready
    delivery.send_due()
    made = replies(x, shown)
    assert len(made) == 1
    assert [one["alt_text"] for one in made[0]["media"]] == [
        "The orange socket.",
        'The blue cable, 5 < 6 & "plugged in".',
    ]
    public = [
        hashlib.sha256(requests.get(one["url"], timeout=5).content).hexdigest()
        for one in made[0]["media"]
    ]
    assert public == [one["sha256"] for one in draft.newest.attachments]
    assert Draft.objects.get().status == "posted"
    # Without X's link to the pictures
    assert OwnPost.objects.get(external_id=made[0]["id"]).text == made[0]["text"]
    client.force_login(desk.rita)
    page = client.get(f"/tickets/{draft.ticket.number}/").content.decode()
    assert page.count('alt="The orange socket."') == 1
    assert "The orange socket." in client.get(f"/evidence/{draft.pk}/").content.decode()
    page = requests.get(f"{x.url}/post/{shown['id']}", timeout=5).text
    assert 'alt="The orange socket."' in page


@pytest.mark.parametrize("place", ["POST /2/media/upload", "POST /2/media/metadata"])
@pytest.mark.parametrize("kind", ["500", "lost"])
def test_a_picture_that_did_not_arrive_leaves_the_reply_due(ready, x, place, kind, ahead):
    draft, shown = ready
    x.control("faults", kind=kind, on=place)
    delivery.send_due()
    waiting = Delivery.objects.get()
    assert (waiting.status, waiting.code) == (DeliveryStatus.DUE, "picture_waits")
    assert "X did not take the pictures just now" in attempt_messages.sentence(waiting)
    assert replies(x, shown) == []
    ahead("5 minutes")
    delivery.send_due()
    assert len(replies(x, shown)) == 1


def test_a_picture_that_x_refuses_brings_the_reply_back_with_x_s_words(ready, x):
    draft, shown = ready
    x.control("faults", kind="400", on="POST /2/media/upload")
    delivery.send_due()
    refused = Delivery.objects.get()
    assert (refused.status, refused.code) == (DeliveryStatus.REFUSED, "picture_refused")
    assert attempt_messages.sentence(refused).startswith("X did not take a picture and says: “")
    assert Draft.objects.get().status == "changes_requested"
    assert replies(x, shown) == []


def test_a_right_that_is_missing_pauses_the_account(ready, x):
    x.control("faults", kind="403 permission", on="POST /2/media/upload")
    delivery.send_due()
    assert ConnectedAccount.objects.get(external_id="901").pause_code == "permission"
    assert Delivery.objects.get().status == DeliveryStatus.DUE


def test_a_picture_that_was_exchanged_past_every_guard_is_not_sent(ready, x, monkeypatch):
    draft, shown = ready
    kept = Attachment.objects.order_by("id").first()
    kept.image = a_picture("black")
    monkeypatch.setattr(
        media_upload,
        "Attachment",
        type(
            "Table", (), {"objects": type("Rows", (), {"get": staticmethod(lambda **_named: kept)})}
        ),
    )
    delivery.send_due()
    refused = Delivery.objects.get()
    assert (refused.status, refused.code) == (DeliveryStatus.REFUSED, "picture_changed")
    assert replies(x, shown) == []


def test_a_revision_between_handing_over_and_claiming_is_not_sent_with_the_former_pictures(
    ready, x, desk, monkeypatch
):
    draft, shown = ready
    former = delivery.hand_over

    def slow(revision, client):
        """Meanwhile another description is submitted and approved."""
        handed_over = former(revision, client)
        again = drafting.submit(
            draft,
            text="Hello Grace, so.",
            context_version=Ticket.objects.get(pk=draft.ticket_id).context_version,
            by=desk.aylin,
        )
        factories.approved(desk, again)
        return handed_over

    monkeypatch.setattr(delivery, "hand_over", slow)
    delivery.send_due()
    waiting = Delivery.objects.exclude(status=DeliveryStatus.VOID).get()
    assert (waiting.status, waiting.code) == (DeliveryStatus.DUE, "late")
    assert replies(x, shown) == []


def test_an_uncertain_reply_with_pictures_is_found_by_its_words(ready, x):
    draft, shown = ready
    x.control("faults", kind="lost", on="POST /2/tweets")
    delivery.send_due()
    assert Delivery.objects.get().status == DeliveryStatus.UNCERTAIN
    assert reconciliation.look_up_uncertain() == 1
    assert Delivery.objects.get().status == DeliveryStatus.POSTED
    assert len(replies(x, shown)) == 1
