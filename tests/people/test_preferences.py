"""How each person has the desk: language, colours, density, letters, sound."""

import pytest
from django.urls import reverse
from django.utils import translation

from core.errors import Invalid
from people.models import User
from people.preferences import preferences
from people.preferences.keyboard_shortcuts import LETTERS

PLAIN = {f"letter-{letter}": letter for letter in LETTERS}
AS_IT_IS = {"language": "", "theme": "", "density": "", "letters": True, "sound": False}


def test_what_is_chosen_stands_on_the_page_and_holds_everywhere(desk, client):
    client.force_login(desk.aylin)
    answer = client.post(
        reverse("preferences"),
        PLAIN
        | {
            "language": "de",
            "theme": "dark",
            "density": "compact",
            "letters": "1",
            "letter-a": "Y",
            "sound": "1",
        },
    )
    assert answer.status_code == 302
    user = User.objects.get(username="aylin")
    assert (
        user.language,
        user.theme,
        user.density,
        user.letters,
        user.own_letters,
        user.sound,
    ) == ("de", "dark", "compact", True, {"a": "y"}, True)
    page = client.get("/inbox/").content.decode()
    assert '<html lang="de" data-theme="dark" data-density="compact">' in page
    assert 'data-letters="ay "' in page
    assert "data-sound" in page
    assert 'name="letter-a" value="Y"' in client.get(reverse("preferences")).content.decode()


def test_letters_can_be_switched_off(desk, client):
    client.force_login(desk.aylin)
    client.post(reverse("preferences"), PLAIN)
    assert User.objects.get(username="aylin").letters is False
    assert 'data-letters="off"' in client.get("/inbox/").content.decode()


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"a": "7"}, "is not a letter"),
        ({"a": "ß"}, "is not a letter"),
        ({"a": "ab"}, "is not a letter"),
        ({"a": "g"}, "begins the pairs"),
        ({"a": "c"}, "stands for “Request changes” as well"),
        ({"a": "y", "c": "Y"}, "stands for"),
    ],
)
def test_a_letter_does_one_thing(desk, own, words):
    with translation.override("en"), pytest.raises(Invalid, match=words):
        preferences.choose_desk(desk.aylin, **AS_IT_IS, own_letters=own)


def test_two_letters_may_change_places(desk):
    assert preferences.choose_desk(
        desk.aylin, **AS_IT_IS, own_letters={"a": "c", "c": "a"}
    ).own_letters == {"a": "c", "c": "a"}


def test_a_refused_form_keeps_what_was_typed(desk, client):
    client.force_login(desk.aylin)
    answer = client.post(reverse("preferences"), PLAIN | {"letter-a": "9", "theme": "dark"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "“9” is not a letter from a to z." in page
    assert 'name="letter-a" value="9"' in page
    assert User.objects.get(username="aylin").theme == ""


def test_what_the_desk_does_not_know_is_not_kept(desk, client):
    client.force_login(desk.aylin)
    client.post(
        reverse("preferences"), PLAIN | {"language": "xx", "theme": "neon", "density": "huge"}
    )
    user = User.objects.get(username="aylin")
    assert (user.language, user.theme, user.density) == ("", "", "")
