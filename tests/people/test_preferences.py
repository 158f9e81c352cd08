"""How each person has the desk: language, colours, density, letters, sound."""

from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from core.errors import Invalid
from core.text import formatting
from notices import subscriptions
from people.models import User
from people.preferences import preferences, zones
from people.preferences.keyboard_shortcuts import LETTERS
from tests import factories
from tickets.models import Mention

PLAIN = {f"letter-{letter}": letter for letter in LETTERS}
AS_IT_IS = dict.fromkeys(("language", "theme", "density", "time_zone", "hours"), "") | {
    "letters": True,
    "sound": False,
    "moves_on": True,
}


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


def test_times_are_said_in_the_chosen_zone_and_by_the_chosen_hours(desk, client):
    """On pages, in refusals and in letters alike; another person reads the desk's own."""
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    client.post(
        reverse("preferences"),
        PLAIN | {"language": "en", "time_zone": "Asia/Tokyo", "hours": "24", "letters": "1"},
    )
    user = User.objects.get(username="aylin")
    assert (user.time_zone, user.hours) == ("Asia/Tokyo", "24")
    at = Mention.objects.get(ticket=ticket).written_at
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    with timezone.override(ZoneInfo("Asia/Tokyo")), formatting.hours_as_chosen("24"):
        assert f'title="{formatting.when(at)}"' in page
    with zones.as_read_by(user):
        assert formatting.clock(at) == f"{at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}"
    assert timezone.get_current_timezone_name() == "Europe/Berlin"
    assert subscriptions.zone_of(user).key == "Asia/Tokyo"


def test_the_zone_is_chosen_from_a_list(desk, client):
    client.force_login(desk.aylin)
    page = client.get(reverse("preferences")).content.decode()
    assert '<option value="America/Argentina/Buenos_Aires">Argentina, Buenos Aires</option>' in page
    answer = client.post(reverse("preferences"), PLAIN | {"time_zone": "Mars/Olympus"})
    assert answer.status_code == 400
    assert "not a time zone that the desk knows" in answer.content.decode()
