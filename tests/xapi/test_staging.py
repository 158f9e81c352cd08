"""The stage directions beside the public page."""

import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.stack import Simulator


@pytest.fixture(scope="module")
def stage():
    """A simulated X with the demo's world."""
    simulator = Simulator(world=True)
    yield simulator
    simulator.stop()


def play(stage, what, **more):
    """Press a button of the column; the page after it."""
    body = urllib.parse.urlencode(
        {"what": what, "as": "grace_adeyemi", "lang": "en", **more}
    ).encode()
    with urllib.request.urlopen(
        urllib.request.Request(f"{stage.url}/play", data=body), timeout=20
    ) as answer:
        return answer.read().decode()


@pytest.mark.campaign
def test_a_customer_writes_at_the_press_of_a_button(stage):
    page = play(stage, "furious")
    assert "Dirk Brodersen" in page.split('id="posts"')[1]
    assert any(line["what"] == "post.created" for line in stage.history())


@pytest.mark.parametrize(
    ("what", "kind"),
    [("lost", "lost"), ("refused", "403 other"), ("credit", "402"), ("slow", "slow")],
)
def test_a_difficulty_is_ordered_and_said_until_it_has_hit(stage, what, kind):
    page = play(stage, what)
    assert "waits for the next reply" in page
    assert kind in [one["kind"] for one in stage.control("faults", method="GET")]
    urllib.request.urlopen(
        urllib.request.Request(f"{stage.url}/_control/faults", method="DELETE"), timeout=20
    ).close()
    with urllib.request.urlopen(f"{stage.url}/?lang=en", timeout=20) as answer:
        assert "waits for the next reply" not in answer.read().decode()


def test_the_wave_begins(stage):
    play(stage, "wave")
    assert stage.control("scripted", method="GET")["running"] is True
    stage.control("scripted", running=False)


def test_what_nobody_knows_is_refused_with_a_sentence(stage):
    with pytest.raises(urllib.error.HTTPError) as refused:
        play(stage, "earthquake")
    assert refused.value.code == 400
    assert "Nobody here knows how to do that." in refused.value.read().decode()


def test_another_site_s_form_plays_nothing(stage):
    request = urllib.request.Request(
        f"{stage.url}/play", data=b"what=wave", headers={"Origin": "https://evil.example"}
    )
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=20)


def test_what_somebody_types_is_never_filled_in_again(stage):
    """The page has places like `{{ posts }}`.

    Whoever writes one of them sees those very letters.
    """
    stage.says("grace_adeyemi", "@AmselnetzHilfe what is {{ me }} and {{ note }}?")
    me = urllib.parse.quote("{{ posts }} {{ text }}")
    with urllib.request.urlopen(f"{stage.url}/?lang=en&as={me}", timeout=20) as answer:
        page = answer.read().decode()
    assert "what is {{ me }} and {{ note }}?" in page
    assert page.count("{{ posts }} {{ text }}") >= 1
    assert page.count("what is {{ me }}") == 1
