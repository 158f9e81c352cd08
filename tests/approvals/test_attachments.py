"""Bring pictures to a reply.

What is brought, what is frozen with the words, and what nobody changes afterwards.
"""

import hashlib
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image

from approvals.drafts import attachments, drafting
from approvals.models import Attachment, Draft, Revision
from approvals.reviews import decisions
from core.errors import Invalid, NotAllowed, Stale
from people.identity.tokens import issue
from tests import factories
from tests.pictures import a_picture
from tickets.models import Ticket


@pytest.fixture
def draft(desk):
    """Aylin's reply to Grace, being written."""
    return drafting.open_draft(
        factories.a_ticket(desk), by=desk.aylin, text="Hi Grace, this cable."
    )


def brought(draft, by, colour="orange", alt="An orange light.", **more):
    """A picture on the draft."""
    shot = a_picture(colour, **more)
    return attachments.attach(draft, picture=io.BytesIO(shot), size=len(shot), alt=alt, by=by)


def submit(draft, by, **more):
    """As it stands on the screen."""
    return drafting.submit(
        draft,
        text="Hi Grace, this cable.",
        context_version=Ticket.objects.get(pk=draft.ticket_id).context_version,
        by=by,
        **more,
    )


@pytest.mark.campaign
def test_the_hash_covers_pictures_and_descriptions(desk, draft):
    one = brought(draft, desk.aylin)
    first = submit(draft, desk.aylin)
    kept = Attachment.objects.get()
    assert first.attachments == [
        {
            "alt": "An orange light.",
            "kind": "image/png",
            "sha256": hashlib.sha256(bytes(kept.image)).hexdigest(),
        }
    ]
    assert hashlib.sha256(first.payload.encode()).hexdigest() == first.sha256
    second = submit(draft, desk.aylin, alts={one.pk: "A red light."})
    assert second.attachments[0]["alt"] == "A red light."
    assert second.sha256 != first.sha256
    attachments.detach(draft, one.pk, by=desk.aylin)
    assert submit(draft, desk.aylin).attachments == []
    assert Attachment.objects.get().is_attached is False


@pytest.mark.campaign
def test_an_approval_is_void_when_a_description_changes(desk, draft):
    one = brought(draft, desk.aylin)
    factories.approved(desk, submit(draft, desk.aylin))
    submit(draft, desk.aylin, alts={one.pk: "Another light."})
    assert Draft.objects.get().status == "in_review"
    assert Revision.objects.order_by("number").first().reviews.get().void.reason == "text_changed"


@pytest.mark.campaign
def test_without_a_description_nothing_is_submitted_and_nothing_lost(desk, draft, client):
    one = brought(draft, desk.aylin, alt="")
    client.force_login(desk.aylin)
    number = Ticket.objects.get().number
    page = client.post(
        reverse("draft-submit", args=[number]), {"text": "Hi Grace, look.", f"alt:{one.pk}": " "}
    )
    assert page.status_code == 400
    assert "A picture has no description yet." in page.content.decode()
    assert "Hi Grace, look." in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()
    assert (
        client.post(
            reverse("draft-submit", args=[number]),
            {"text": "Hi Grace, look.", f"alt:{one.pk}": "A light."},
        ).status_code
        == 302
    )
    assert Revision.objects.get().attachments[0]["alt"] == "A light."


@pytest.mark.campaign
def test_only_the_picture_that_was_refused_is_called_wrong(desk, draft, client):
    wrong = r'name="alt:(\d*)"[^>]*aria-invalid="true"'
    client.force_login(desk.aylin)
    ticket = Ticket.objects.get()
    undescribed = brought(draft, desk.aylin, alt="")
    described = brought(draft, desk.aylin, "blue")
    page = client.get(reverse("ticket", args=[ticket.number])).content.decode()
    assert re.findall(wrong, page) == []
    submitting = reverse("draft-submit", args=[ticket.number])
    typed = {"text": "Hi Grace, look.", "context_version": str(ticket.context_version)}
    alts = {f"alt:{undescribed.pk}": "", f"alt:{described.pk}": "A blue light."}
    page = client.post(submitting, typed | alts).content.decode()
    assert re.findall(wrong, page) == [str(undescribed.pk)]
    of_another_window = client.post(submitting, typed)
    assert of_another_window.status_code == 409
    assert re.findall(wrong, of_another_window.content.decode()) == []


@pytest.mark.parametrize(
    ("alt", "code"),
    [("x" * 1001, "alt_long"), ("zero\u200bwidth", "text_unreadable"), (" ", "alt_missing")],
)
def test_descriptions_that_are_refused(desk, draft, alt, code):
    one = brought(draft, desk.aylin)
    with pytest.raises(Invalid) as refused:
        submit(draft, desk.aylin, alts={one.pk: alt})
    assert refused.value.code == code


def test_a_window_that_showed_other_pictures_does_not_submit(desk, draft):
    one = brought(draft, desk.aylin)
    brought(draft, desk.aylin, "red")
    with pytest.raises(Stale):
        submit(draft, desk.aylin, alts={one.pk: "An orange light."})
    with pytest.raises(Stale):
        submit(draft, desk.aylin, alts={})


def test_a_fifth_picture_is_refused_and_the_same_one_is_not_counted_twice(desk, draft):
    for colour in ("red", "green", "blue", "white"):
        brought(draft, desk.aylin, colour)
    assert brought(draft, desk.aylin, "red", alt="").alt == "An orange light."
    with pytest.raises(Invalid, match="X takes 4 pictures"):
        brought(draft, desk.aylin, "black")
    assert Attachment.objects.count() == 4


def test_nobody_brings_pictures_to_a_colleague_s_reply(desk, draft):
    with pytest.raises(NotAllowed):
        brought(draft, desk.bastian)
    one = brought(draft, desk.aylin)
    for verb in (
        lambda: attachments.detach(draft, one.pk, by=desk.bastian),
        lambda: attachments.describe(draft, {one.pk: "mine"}, by=desk.bastian),
    ):
        with pytest.raises(NotAllowed):
            verb()
    assert Attachment.objects.get().alt == "An orange light."


def test_a_picture_leaves_everything_behind_that_its_file_held(desk, draft):
    exif = Image.Exif()
    exif[0x010F] = "Telephone maker"
    one = brought(draft, desk.aylin, form="JPEG", size=(5000, 40), exif=exif)
    with Image.open(io.BytesIO(bytes(Attachment.objects.get().image))) as kept:
        assert dict(kept.getexif()) == {}
        assert (kept.format, kept.width, one.kind) == ("JPEG", 4096, "image/jpeg")


def test_what_would_be_too_much_for_x_is_sent_smaller(monkeypatch):
    monkeypatch.setattr(attachments, "LARGEST_SENT", 200_000)
    noise = io.BytesIO()
    Image.effect_noise((500, 400), 90).convert("RGB").save(noise, "PNG")
    assert noise.tell() > attachments.LARGEST_SENT
    image, kind, _width, _height = attachments.drawn_anew(noise, noise.seek(0, 2))
    assert (kind, len(image) <= attachments.LARGEST_SENT) == ("image/jpeg", True)


def animated():
    """A WebP that moves."""
    kept = io.BytesIO()
    Image.new("RGB", (9, 9)).save(
        kept, "WEBP", save_all=True, append_images=[Image.new("RGB", (9, 9), "red")]
    )
    return kept.getvalue()


@pytest.mark.parametrize(
    "odd",
    [
        lambda: b"no picture",
        lambda: b"",
        lambda: a_picture(form="GIF"),
        lambda: a_picture(size=(400, 400))[:90],
        animated,
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(desk, draft, client, odd):
    client.force_login(desk.aylin)
    answer = client.post(
        reverse("attachment-add", args=[Ticket.objects.get().number]),
        {"picture": SimpleUploadedFile("x.png", odd())},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 400
    assert not Attachment.objects.exists()
    assert answer.json()["error"]["message"]


@pytest.mark.campaign
def test_the_first_picture_opens_the_reply_and_words_typed_beside_it_are_kept(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    address = reverse("attachment-add", args=[ticket.number])
    client.post(address, {"text": "Look here", "picture": SimpleUploadedFile("x.png", a_picture())})
    one = Attachment.objects.get()
    client.post(
        address,
        {
            "text": "Look here, please",
            "saved": 0,
            f"alt:{one.pk}": "A light",
            "picture": [
                SimpleUploadedFile("y.png", a_picture("red")),
                SimpleUploadedFile("z.png", a_picture("blue")),
            ],
        },
    )
    assert (
        Draft.objects.get().text,
        Attachment.objects.count(),
        Attachment.objects.get(pk=one.pk).alt,
    ) == ("Look here, please", 3, "A light")
    client.post(
        reverse("attachment-remove", args=[ticket.number, one.pk]), {"text": "Look", "saved": 1}
    )
    assert (Draft.objects.get().text, Attachment.objects.count()) == ("Look", 2)
    assert (
        client.post(
            address, {"picture": SimpleUploadedFile("larger", b"x" * 13_000_000)}
        ).status_code
        == 413
    )


def test_the_picture_is_shown_to_who_sees_the_ticket(desk, draft, client):
    one = brought(draft, desk.aylin)
    address = reverse("attachment", args=[Ticket.objects.get().number, one.pk])
    client.force_login(desk.rita)
    answer = client.get(address)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert hashlib.sha256(answer.content).hexdigest() == Attachment.objects.get().sha256
    client.force_login(desk.farida)
    assert client.get(address).status_code == 404


@pytest.mark.campaign
def test_a_reviewer_corrects_a_description_and_the_difference_is_shown(desk, draft, client):
    brought(draft, desk.aylin, alt="An orange light")
    revision = submit(draft, desk.aylin)
    client.force_login(desk.rita)
    page = client.get(reverse("review", args=[draft.pk])).content.decode()
    assert "An orange light" in page
    assert reverse("attachment", args=[draft.ticket.number, Attachment.objects.get().pk]) in page
    seen = {"sha256": revision.sha256, "context_version": Ticket.objects.get().context_version}
    same = client.post(
        reverse("review-decide", args=[draft.pk, "correct"]),
        {**seen, "text": "Hi Grace, this cable."},
    )
    assert "The text is the same." in same.content.decode()
    client.post(
        reverse("review-decide", args=[draft.pk, "correct"]),
        {
            **seen,
            "text": "Hi Grace, this cable.",
            f"alt:{revision.attachments[0]['sha256']}": "A blinking orange light",
        },
    )
    corrected = Draft.objects.get().newest
    assert corrected.attachments[0]["alt"] == "A blinking orange light"
    assert Attachment.objects.get().alt == "A blinking orange light"
    client.force_login(desk.aylin)
    page = client.get(reverse("review", args=[draft.pk])).content.decode()
    assert "Other description" in page
    assert "<ins>A blinking</ins>" in page.replace("\n", "")
    decisions.approve(
        corrected,
        sha256=corrected.sha256,
        context_version=Ticket.objects.get().context_version,
        by=desk.aylin,
    )
    assert Draft.objects.get().status == "approved"


def canonical(content) -> str:
    """The one form in which the database takes a text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def refused_by_the_wall(work) -> bool:
    """Whether the database refuses it."""
    try:
        with transaction.atomic():
            work()
    except DatabaseError:
        return True
    return False


def test_the_wall_keeps_pictures_as_they_were_submitted(desk, draft, owner):
    kept, loose = brought(draft, desk.aylin), brought(draft, desk.aylin, "red")
    attachments.detach(draft, loose.pk, by=desk.aylin)
    # Nobody submitted it, and it may have been a mistake
    assert not Attachment.objects.filter(pk=loose.pk).exists()
    submit(draft, desk.aylin)
    assert refused_by_the_wall(
        lambda: Attachment.objects.filter(pk=kept.pk).update(image=a_picture("blue"))
    )
    assert refused_by_the_wall(
        lambda: Attachment.objects.filter(pk=kept.pk).update(kind="image/jpeg")
    )
    assert refused_by_the_wall(lambda: Attachment.objects.filter(pk=kept.pk).delete())
    assert Attachment.objects.get().sha256 == hashlib.sha256(a_picture()).hexdigest()


@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"alt": " "}, {"kind": "image/jpeg"}, {"alt": None}]
)
def test_the_wall_takes_no_text_with_a_picture_that_is_not_there_or_not_described(
    desk, draft, change
):
    brought(draft, desk.aylin)
    revision = submit(draft, desk.aylin)
    content = json.loads(revision.payload)
    content["attachments"][0] |= change
    assert refused_by_the_wall(
        lambda: Revision.objects.create(
            draft=draft,
            payload=canonical(content),
            user=desk.aylin,
            person=desk.aylin.person,
            context_version=1,
        )
    )


def test_the_wall_takes_no_picture_of_another_reply(desk, draft):
    other = drafting.open_draft(factories.a_ticket(desk, "@AmselnetzHilfe another"), by=desk.aylin)
    brought(other, desk.aylin)
    content = json.loads(submit(draft, desk.aylin).payload)
    content["attachments"] = [
        {"alt": "x", "kind": "image/png", "sha256": Attachment.objects.get().sha256}
    ]
    assert refused_by_the_wall(
        lambda: Revision.objects.create(
            draft=draft,
            payload=canonical(content),
            user=desk.aylin,
            person=desk.aylin.person,
            context_version=1,
        )
    )


@pytest.mark.campaign
def test_the_api_brings_describes_and_takes_away(desk, draft, client):
    key = {"Authorization": f"Token {issue(desk.aylin, name='mine')}"}
    made = client.post(
        f"/api/v1/drafts/{draft.pk}/pictures/",
        {"picture": SimpleUploadedFile("light.png", a_picture(), "image/png")},
        headers=key,
    )
    assert made.status_code == 201
    one = made.json()["pictures"][0]
    assert (one["alt"], one["width"], one["height"]) == ("", 60, 40)
    address = f"/api/v1/drafts/{draft.pk}/pictures/{one['id']}/"
    assert (
        client.patch(
            address, {"alt": "A light."}, content_type="application/json", headers=key
        ).json()["pictures"][0]["alt"]
        == "A light."
    )
    sent = client.post(
        f"/api/v1/drafts/{draft.pk}/submit/",
        {"text": "Hi Grace, look."},
        content_type="application/json",
        headers=key,
    ).json()
    assert sent["revisions"][0]["pictures"] == [
        {"alt": "A light.", "kind": "image/png", "sha256": one["sha256"]}
    ]
    assert client.delete(address, headers=key).json()["pictures"] == []
    assert client.delete(address, headers=key).status_code == 404
    odd = client.post(
        f"/api/v1/drafts/{draft.pk}/pictures/",
        {"picture": SimpleUploadedFile("light.png", b"no light", "image/png")},
        headers=key,
    )
    assert (odd.status_code, odd.json()["error"]["code"]) == (400, "picture_odd")
