"""The client against the simulator, in both vocabularies.

And every request held to X's own description of it.
"""

import itertools
import time
from datetime import UTC, datetime

import pytest

from tests.contract import answers, description
from tests.pictures import a_picture
from tests.stack import Simulator
from xapi.client import XClient
from xapi.errors import XError
from xapi.naming import Named
from xapi.payloads import read_page
from xapi.simulator.faults import Plan

_days = itertools.count(1)


@pytest.fixture(scope="module")
def own_x():
    """A simulator of this module's own."""
    simulator = Simulator()
    simulator.control("search_lag", on=False)
    simulator.control(
        "users", username="AmselnetzHilfe", name="Amselnetz Hilfe", account=True, id=901
    )
    yield simulator
    simulator.stop()


@pytest.fixture(params=["old", "new"])
def client(own_x, request):
    """A client in each vocabulary."""
    made = XClient(
        {"bearer_token": "sim-901"}, base_url=own_x.url, vocabulary=request.param, timeout=2
    )
    yield made
    made.close()


def test_what_was_written_is_read_back_whole(own_x, client):
    post = own_x.says(
        "grace_adeyemi",
        "@AmselnetzHilfe 5 < 6 & see https://example.com/a?b=1&c=2",
        lang="en",
        media=[{"type": "photo", "url": "https://pbs.twimg.com/x.jpg", "alt_text": "a router"}],
    )
    page = read_page(client.mentions(901, most=5))
    read = next(one for one in page.posts if one.id == post["id"])
    assert (
        read.text.replace(read.links[0]["url"], read.links[0]["expanded_url"])
        == "@AmselnetzHilfe 5 < 6 & see https://example.com/a?b=1&c=2"
    )
    assert read.named == (Named("amselnetzhilfe", 901, 0),)
    assert read.media[0]["alt_text"] == "a router"
    assert read.version_ids == (post["id"],)
    assert page.users[read.author_id].handle == "grace_adeyemi"


@pytest.mark.campaign
def test_a_post_with_pictures_is_read_without_x_s_link_to_them(own_x, client):
    asked = own_x.says("grace_adeyemi", "@AmselnetzHilfe show me")
    pictures = [client.upload_picture(a_picture(colour)) for colour in ("orange", "blue")]
    client.describe_picture(pictures[0], "Orange & blue.")
    word = client.words["fields"]
    made = client.create_post(
        f"Here, see https://example.com/{word} ^an", reply_to=asked["id"], pictures=pictures
    )
    raw = client.posts([made])
    assert " https://t.co/" in raw["data"][0]["text"].rpartition("^an")[2]
    read = read_page(raw).posts[0]
    assert read.text.endswith(" ^an")
    assert [one["alt_text"] for one in read.media] == ["Orange & blue.", ""]
    assert [one["expanded_url"] for one in read.links] == [f"https://example.com/{word}"]


def test_long_posts_edits_replies_and_quotes(own_x, client):
    long = own_x.says("grace_adeyemi", "@AmselnetzHilfe " + "long " * 100)
    own_x.control("edits", id=long["id"], text="@AmselnetzHilfe " + "longer " * 100)
    page = read_page(client.posts([long["id"]]))
    assert page.posts[0].key == long["id"]
    assert page.posts[0].text.endswith("longer")
    assert len(page.posts[0].version_ids) == 2
    ours = client.create_post(f"Answer {client.words['fields']} ^an", reply_to=page.posts[0].id)
    back = own_x.says("grace_adeyemi", "thank you", reply_to=ours)
    reply = next(
        one for one in read_page(client.mentions(901, since_id=ours)).posts if one.id == back["id"]
    )
    assert (reply.replied_to, reply.conversation_id, reply.named) == (
        ours,
        long["id"],
        (Named("amselnetzhilfe", 901, 0),),
    )


def test_paging_shows_everything_once(own_x, client):
    own_x.control("storm", account="AmselnetzHilfe", count=23, authors=3)
    seen, token = [], ""
    while True:
        page = read_page(client.mentions(901, token=token, most=7))
        seen += [one.id for one in page.posts]
        token = page.next_token
        if not token:
            break
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)


def test_missing_deleted_and_protected_posts_are_told_apart(own_x, client):
    gone, hidden = (
        own_x.says("gone_guy", "@AmselnetzHilfe gone"),
        own_x.says("hidden_guy", "@AmselnetzHilfe hidden"),
    )
    own_x.control("deletions", id=gone["id"])
    own_x.control("users", username="hidden_guy", protected=True)
    page = read_page(client.posts([gone["id"], hidden["id"], 12345]))
    assert page.missing == {
        gone["id"]: "resource-not-found",
        hidden["id"]: "not-authorized-for-resource",
        12345: "resource-not-found",
    }


def test_search_by_conversation(own_x, client):
    post = own_x.says("grace_adeyemi", "@AmselnetzHilfe searchable")
    page = read_page(client.search(f"conversation_id:{post['id']}", most=10))
    assert [one.id for one in page.posts] == [post["id"]]


def test_x_refuses_what_x_refuses(own_x, client):
    post = own_x.says("grace_adeyemi", "@AmselnetzHilfe refuse me")
    unnamed = own_x.says("grace_adeyemi", "nobody is named here")
    limited = own_x.says(
        "grace_adeyemi", "@AmselnetzHilfe friends only", reply_settings="following"
    )
    word = client.words["fields"]
    client.create_post(f"same words {word}", reply_to=post["id"])
    for text, target, code in (
        (f"same words {word}", post["id"], "duplicate"),
        ("hello", unnamed["id"], "reply_rule"),
        ("hello", limited["id"], "restricted"),
        ("hello", 4242, "gone"),
        ("x" * 281, post["id"], "bad_request"),
        ("$AA and $BB", post["id"], "cashtag"),
    ):
        with pytest.raises(XError) as refused:
            client.create_post(text, reply_to=target)
        assert refused.value.code == code


def test_rate_limit_headers_and_429_with_a_time(own_x, client):
    own_x.control("faults", kind="429", on="GET /2/users/me", seconds=90)
    with pytest.raises(XError) as refused:
        client.me()
    assert refused.value.code == "429"
    assert refused.value.retry_at is not None


@pytest.mark.parametrize(
    ("limit", "hours"),
    [("x-user-limit-24hour", 24), ("x-app-limit-24hour", 24), ("x-rate-limit", 0.25)],
)
def test_429_waits_for_the_limit_that_is_exhausted(own_x, client, limit, hours):
    own_x.control("limits", on=True, most={f"{limit} POST /2/tweets": 1})
    # A midnight at X: all windows begin
    own_x.control("clock", ahead_seconds=next(_days) * 86_400 - time.time() % 86_400)
    try:
        asked = own_x.says("grace_adeyemi", "@AmselnetzHilfe help")
        client.create_post("Gladly.", reply_to=asked["id"])
        with pytest.raises(XError) as refused:
            client.create_post("Gladly again.", reply_to=asked["id"])
    finally:
        own_x.control("limits", on=True)
        own_x.control("clock", ahead_seconds=0)
    assert refused.value.code == "429"
    waits = (refused.value.retry_at - datetime.now(UTC)).total_seconds()
    assert hours * 3600 - 60 < waits <= hours * 3600


@pytest.mark.campaign
def test_the_simulator_remembers_after_a_restart(own_x):
    post = own_x.says("grace_adeyemi", "@AmselnetzHilfe remember me")
    before = len(own_x.history())
    own_x.part.stop()
    own_x.start()
    assert len(own_x.history()) == before
    reader = XClient({"bearer_token": "sim-901"}, base_url=own_x.url, timeout=2)
    assert read_page(reader.posts([post["id"]])).posts[0].id == post["id"]


@pytest.mark.campaign
def test_late_visibility_plans_and_switches_survive_a_restart(own_x):
    own_x.control("plans", seed=1, shares={"500": 1.0}, on="GET /2/users/by")
    own_x.control("duplicates", on=False)
    hidden = own_x.says("grace_adeyemi", "@AmselnetzHilfe not yet", shown_after_seconds=600)
    own_x.part.stop()
    own_x.start()
    plans = own_x.control("plans", method="GET")["plans"]
    own_x.control("plans", method="DELETE")
    own_x.control("duplicates", on=True)
    reader = XClient({"bearer_token": "sim-901"}, base_url=own_x.url, timeout=2)
    assert plans == [{"seed": 1, "shares": {"500": 1.0}, "on": "GET /2/users/by"}]
    assert read_page(reader.posts([hidden["id"]])).posts == []


def test_a_plan_hits_its_share_and_the_same_seed_draws_the_same(own_x):
    drawn = [
        [Plan.draw(plan, "POST", "/2/tweets") for _ in range(2000)]
        for plan in (Plan(7, {"lost": 0.2, "500": 0.1}), Plan(7, {"lost": 0.2, "500": 0.1}))
    ]
    kinds = [[fault and fault.kind for fault in one] for one in drawn]
    assert kinds[0] == kinds[1]
    assert 0.15 < kinds[0].count("lost") / 2000 < 0.25


@pytest.mark.parametrize(
    ("kind", "code", "outcome"),
    [
        ("429 code", "429", "not_sent"),
        ("429 capped", "capped", "not_sent"),
        ("413", "bad_request", "refused"),
        ("422", "bad_request", "refused"),
        ("no_id", "unreadable", "uncertain"),
        ("redirect", "server", "uncertain"),
        ("errors", "unreadable", "uncertain"),
    ],
)
def test_each_answer_to_a_post_has_its_class(own_x, client, kind, code, outcome):
    post = own_x.says("grace_adeyemi", f"@AmselnetzHilfe {kind}")
    own_x.control("faults", kind=kind)
    with pytest.raises(XError) as error:
        client.create_post("words", reply_to=post["id"])
    assert (error.value.code, error.value.outcome) == (code, outcome)


def test_search_leaves_out_the_last_moments(own_x):
    own_x.control("search_lag", on=True)
    own_x.says("grace_adeyemi", "@AmselnetzHilfe just now and hardly there")
    reader = XClient({"bearer_token": "sim-901"}, base_url=own_x.url, timeout=2)
    assert read_page(reader.search('"hardly there"')).posts == []
    own_x.control("search_lag", on=False)
    assert len(read_page(reader.search('"hardly there"')).posts) == 1


def test_oauth1_signs_as_the_account(own_x):
    signing = XClient(
        {
            "consumer_key": "k",
            "consumer_secret": "s",
            "access_token": "sim-901",
            "access_token_secret": "t",
        },
        base_url=own_x.url,
        timeout=2,
    )
    assert signing.me()["data"]["username"] == "AmselnetzHilfe"
    stranger = XClient({"bearer_token": "sim-902999"}, base_url=own_x.url, timeout=2)
    with pytest.raises(XError, match="401"):
        stranger.me()


def test_every_request_is_one_that_x_describes(own_x):
    """Make one request of each kind in each vocabulary.

    Whatever the tests before have asked for counts too, so that it holds for this test
    alone as well.
    """
    for word in ("old", "new"):
        client = XClient(
            {"bearer_token": "sim-901"}, base_url=own_x.url, vocabulary=word, timeout=5
        )
        post = own_x.says("grace_adeyemi", f"@AmselnetzHilfe one of each, {word}")
        client.me()
        token = read_page(client.mentions(901, since_id=1, most=5)).next_token
        client.mentions(901, since_id=1, token=token or "p5", most=5)
        client.posts([post["id"]])
        client.own_posts(901, since_id=1)
        client.search("from:grace_adeyemi", since_id=1, until_id=post["id"])
        picture = client.upload_picture(a_picture())
        client.describe_picture(picture, "Orange.")
        assert client.delete_post(
            client.create_post(f"one of each {word}", reply_to=post["id"], pictures=[picture])
        )
        client.close()
    journal = own_x.control("journal", method="GET")
    asked = [
        (word, description.operation(request))
        for request in journal
        for word in description.vocabularies(request)
    ]
    assert set(asked) == {
        (word, name) for word, one in description.DESCRIBED.items() for name in one["operations"]
    }
    assert [
        (request, wrong) for request in journal if (wrong := description.against(request))
    ] == []
    given = own_x.control("answers", method="GET")
    assert {word for one in given for word in description.vocabularies(one)} == {"old", "new"}
    assert [
        (one["path"], one["fault"], wrong) for one in given if (wrong := answers.against(one))
    ] == []


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        (
            "POST",
            "/2/media/upload",
            {},
            {"media": "aGk=", "media_category": "tweet_image", "media_type": "image/png"},
        ),
        ("POST", "/2/tweets", {}, {"text": "x", "answer_to": "5"}),
        ("GET", "/2/tweets", {"ids": "5", "post.fields": "author_id"}, None),
        ("GET", "/2/tweets", {"ids": "5", "tweet.fields": "note_post"}, None),
        ("GET", "/2/tweets", {"ids": "x"}, None),
        ("GET", "/2/tweets", {}, None),
        ("GET", "/2/users/5/mentions", {"max_results": "3"}, None),
        ("GET", "/2/users/5/mentions", {"exclude": "replies"}, None),
        ("GET", "/2/users/5/likes", {}, None),
    ],
)
def test_what_x_does_not_describe_is_noticed(method, path, query, body):
    assert description.against({"method": method, "path": path, "query": query, "json": body})


def test_an_upload_says_nothing_that_the_newer_description_leaves_out(own_x, client):
    own_x.control("journal", method="DELETE")
    client.upload_picture(a_picture())
    sent = [one["json"] for one in own_x.control("journal", method="GET")]
    assert [set(one) for one in sent] == [{"media", "media_category"}]
