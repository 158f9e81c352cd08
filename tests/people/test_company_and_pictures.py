"""Whose desk this is, and who brings a picture for the public list of initials."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from people import company
from people.models import Portrait


def picture(form="JPEG", size=(640, 400), **more):
    """A picture as a telephone would send it."""
    kept = io.BytesIO()
    Image.new("RGB", size, "teal").save(kept, form, **more)
    return SimpleUploadedFile("me", kept.getvalue())


def test_the_company_is_named_by_administrators_and_stands_where_people_meet_the_desk(desk, client):
    client.force_login(desk.rita)
    assert client.post(reverse("company"), {"name": "Rita's", "language": "en"}).status_code == 403
    client.force_login(desk.max)
    assert (
        client.post(reverse("company"), {"name": "  Amsel   Netz ", "language": "de"}).status_code
        == 302
    )
    assert (company.name(), company.language()) == ("Amsel Netz", "de")
    client.logout()
    assert "Amsel Netz" in client.get(reverse("sign-in")).content.decode()
    assert "Amsel Netz" in client.get(reverse("initials")).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " ", "language": "en"}, "needs a name"),
        ({"name": "A & B", "language": "fr"}, "Choose a language"),
    ],
)
def test_a_refused_company_keeps_what_was_typed(desk, client, typed, said):
    client.force_login(desk.max)
    answer = client.post(reverse("company"), typed)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert "A &amp; B" in answer.content.decode() or typed["name"] == " "
    assert company.name() == ""


def test_somebody_brings_a_picture_and_takes_it_away(desk, client):
    client.force_login(desk.aylin)
    exif = Image.Exif()
    exif[0x010F] = "Telephone maker"
    answer = client.post(
        reverse("person-act", args=[desk.aylin.person_id, "picture"]),
        {"picture": picture(exif=exif)},
    )
    assert answer.status_code == 302
    client.logout()
    assert reverse("picture", args=["an"]) in client.get(reverse("initials")).content.decode()
    shown = client.get(reverse("picture", args=["an"]))
    assert shown["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(shown.content)) as kept:
        assert kept.size == (192, 192)
        assert dict(kept.getexif()) == {}
    client.force_login(desk.max)
    away = reverse("person-act", args=[desk.aylin.person_id, "no-picture"])
    assert "Picture removed." in client.post(away, follow=True).content.decode()
    assert client.get(reverse("picture", args=["an"])).status_code == 404


def test_nobody_brings_a_picture_of_somebody_else(desk, client):
    for who in (desk.rita, desk.max):
        client.force_login(who)
        client.post(
            reverse("person-act", args=[desk.aylin.person_id, "picture"]), {"picture": picture()}
        )
    client.force_login(desk.rita)
    client.post(reverse("person-act", args=[desk.aylin.person_id, "no-picture"]))
    assert not Portrait.objects.exists()


def bomb():
    """A small file that says it is a huge picture."""
    kept = io.BytesIO()
    Image.new("1", (9000, 9000)).save(kept, "PNG")
    return SimpleUploadedFile("bomb", kept.getvalue())


@pytest.mark.parametrize(
    "odd",
    [
        lambda: SimpleUploadedFile("x", b"no picture"),
        lambda: picture("GIF"),
        lambda: SimpleUploadedFile("cut", picture().read()[:300]),
        lambda: SimpleUploadedFile("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        bomb,
        lambda: None,
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(desk, client, odd):
    client.force_login(desk.aylin)
    given = odd()
    page = reverse("person", args=[desk.aylin.person_id])
    answer = client.post(
        reverse("person-act", args=[desk.aylin.person_id, "picture"]),
        {"picture": given} if given else {},
        headers={"referer": page},
        follow=True,
    )
    assert (
        "cannot read this picture" in answer.content.decode()
        or "too many pixels" in answer.content.decode()
        or "Choose a picture" in answer.content.decode()
    )
    assert not Portrait.objects.exists()


def test_a_photograph_may_be_larger_than_other_bodies_but_not_without_end(desk, client):
    client.force_login(desk.aylin)
    address = reverse("person-act", args=[desk.aylin.person_id, "picture"])
    noise = Image.effect_noise((1800, 1400), 90).convert("RGB")
    kept = io.BytesIO()
    noise.save(kept, "JPEG", quality=95)
    assert 1_000_000 < kept.tell() < 6_000_000
    assert (
        client.post(address, {"picture": SimpleUploadedFile("large", kept.getvalue())}).status_code
        == 302
    )
    assert Portrait.objects.exists()
    assert (
        client.post(
            address, {"picture": SimpleUploadedFile("larger", b"x" * 7_000_000)}
        ).status_code
        == 413
    )
    assert (
        client.post(
            reverse("person-act", args=[desk.aylin.person_id, "rename"]), {"name": "x" * 1_100_000}
        ).status_code
        == 413
    )
