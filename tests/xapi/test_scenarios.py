"""The scripted customers.

Who writes, what they answer to which kind of reply, and that a seed makes the same story.
"""

import json

import pytest

from servicedesk.launcher.running import ROOT
from xapi.simulator.marketplace.scenarios import Script
from xapi.simulator.store import Store

WORLD = json.loads((ROOT / "servicedesk" / "demo" / "demo_world.json").read_text())


@pytest.fixture
def script():
    """The demo's customers, standing still."""
    return Script(Store(), WORLD)


def said_by(script, handle):
    """Everything that this person has said, oldest first."""
    user = script.store.user_named(handle)
    return [script.store.newest(one).text for one in script.store.by.get(user.id, [])]


def test_a_concrete_step_satisfies_grace(script):
    post = script.begin("grace", "router")
    script.store.create(
        script.account("service"),
        "Hi Grace, please unplug it for 30 seconds. ^an",
        reply_to=post.id,
        by_api=True,
    )
    script.pass_time(200)
    texts = [
        one["text"].replace("{initials}", "an")
        for one in WORLD["customers"][0]["reactions"][0]["texts"]
    ]
    answers = said_by(script, "grace_adeyemi")[1:]
    assert len(answers) == 1
    assert any(answers[0].endswith(text) for text in texts)
    assert answers[0].startswith("@AmselnetzHilfe ")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Es tut uns leid. ^an", "apology_only"),
        ("Durchlaucht, die Kutsche ist vorgefahren. ^bv", "joke_back"),
        ("Which router do you have? ^an", "asks_details"),
        ("Please send it by direct message. ^an", "asks_dm"),
        ("I'm on it. ^an", "takes_over"),
        ("Well. ^an", "any"),
    ],
)
def test_kinds_of_answers(script, text, kind):
    assert script.kind_of(text) == kind


def test_the_same_text_again_is_noticed_as_a_template(script):
    for handle in ("router", "bill"):
        post = script.begin("grace", handle)
        script.store.create(
            script.account("service"), "Hello, we look into it. ^an", reply_to=post.id
        )
    assert script.kind_of("Hello, we look into it. ^cl") == "template"


def test_silence_brings_a_third_person_in(script):
    script.begin("dirk", "outage")
    script.pass_time(1000)
    assert any("@AmselnetzHilfe" in text for text in said_by(script, "verbraucherfunk"))


def test_who_gets_angry_may_delete_and_nobody_answers_a_deleted_post(script):
    post = script.begin("callum", "callbacks")
    script.pass_time(3000)
    assert script.store.newest(post.id).deleted or len(said_by(script, "callum_reid_k")) > 1


def test_the_wave_rolls_once(script):
    script.start_wave()
    script.start_wave()
    script.pass_time(40 * 60)
    posts = [one for one in script.store.order]
    assert 80 <= len(posts) <= 140
    assert any("{" in script.store.posts[one].text for one in posts) is False


def test_the_first_minutes_are_as_planned(script):
    script.steer(running=True)
    script.pass_time(5 * 60)
    wrote = {
        script.store.users[script.store.posts[one].author].username for one in script.store.order
    }
    assert {"priya_menon_hh", "brodersen_dirk", "baecker_ohlend", "SirBuffering"} <= wrote
