"""Receive what the simulated X sends by itself.

Filtered stream, Activity, webhooks; and the endpoints that the desk does not call yet.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.stack import Simulator, wait_until
from tests.support.waiting import stays

pytestmark = [pytest.mark.campaign, pytest.mark.table]

APP = {"authorization": "Bearer sim-app"}
US = {"authorization": "Bearer sim-901"}
RULES = "/2/tweets/search/stream/rules"
SUBSCRIPTIONS = "/2/activity/subscriptions"


@pytest.fixture(scope="module")
def own_x():
    """A simulator of this module's own, with two accounts and a customer."""
    simulator = Simulator()
    simulator.control("search_lag", on=False)
    simulator.control(
        "users", username="AmselnetzHilfe", name="Amselnetz Hilfe", account=True, id=901
    )
    simulator.control(
        "users", username="AmselnetzNews", name="Amselnetz News", account=True, id=902
    )
    simulator.control("users", username="grace_adeyemi", name="Grace", id=77)
    yield simulator
    simulator.stop()


@pytest.fixture(autouse=True)
def plain_habits(own_x):
    """Each test finds X sending plainly, with nothing subscribed."""
    yield
    own_x.control("push", repeat=0, shuffle=False, silent=False, keepalive_seconds=20, cut=True)
    for one in call(own_x, "GET", SUBSCRIPTIONS).json().get("data", []):
        call(own_x, "DELETE", f"{SUBSCRIPTIONS}/{one['subscription_id']}")
    ids = [one["id"] for one in call(own_x, "GET", RULES).json().get("data", [])]
    if ids:
        call(own_x, "POST", RULES, {"delete": {"ids": ids}})
    for one in call(own_x, "GET", "/2/webhooks").json().get("data", []):
        call(own_x, "DELETE", f"/2/webhooks/{one['id']}")
    wait_until(
        lambda: own_x.control("push", method="GET")["open"] == {"filtered": 0, "activity": 0},
        10,
        "the lines are closed",
    )


def call(x, method, path, body=None, *, as_whom=APP, **query):
    """One request to the simulated X."""
    return requests.request(
        method, x.url + path, json=body, params=query, headers=as_whom, timeout=20
    )


class Line:
    """An open stream, read in a thread."""

    def __init__(self, x, path):
        self.answer = requests.get(x.url + path, headers=APP, stream=True, timeout=20)
        self.blank, self.items = 0, []
        if self.answer.status_code == 200:
            threading.Thread(target=self.read, daemon=True).start()
            wait_until(lambda: self.blank, 10, "the line is open")

    def read(self):
        """Take in what comes until the line ends."""
        with contextlib.suppress(requests.RequestException, ValueError, AttributeError):
            for line in self.answer.iter_lines(chunk_size=1):
                if line:
                    self.items.append(json.loads(line))
                else:
                    self.blank += 1
        self.answer.close()

    def has(self, count):
        """Wait for so many items."""
        wait_until(lambda: len(self.items) >= count, 10, f"{count} items, not {self.items}")
        return self.items


class Hook:
    """A webhook of ours; `secret` is what it signs its challenges with."""

    def __init__(self, secret):
        outer, self.got, self.challenges = self, [], 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.challenges += 1
                token = parse_qs(urlsplit(self.path).query)["crc_token"][0]
                made = base64.b64encode(
                    hmac.new(secret.encode(), token.encode(), hashlib.sha256).digest()
                ).decode()
                self.answered(json.dumps({"response_token": f"sha256={made}"}).encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                made = base64.b64encode(
                    hmac.new(secret.encode(), body, hashlib.sha256).digest()
                ).decode()
                assert self.headers["x-twitter-webhooks-signature"] == f"sha256={made}"
                outer.got.append(json.loads(body)["data"])
                self.answered(b"")

            def answered(self, body):
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_the_stream_brings_what_matches_a_rule_once_per_rule_in_the_old_words(own_x):
    added = call(
        own_x,
        "POST",
        RULES,
        {
            "add": [
                {"value": "@AmselnetzHilfe -is:retweet", "tag": "us"},
                {"value": "is:reply"},
                {"value": "(amsel OR netz) lang:de"},
            ]
        },
    ).json()
    assert added["meta"]["summary"] == {"created": 2, "not_created": 1, "valid": 2, "invalid": 1}
    line = Line(own_x, "/2/tweets/search/stream")
    post = own_x.says("grace_adeyemi", "@AmselnetzHilfe my amsel is silent", lang="de")
    own_x.says("grace_adeyemi", "nobody is named")
    last = own_x.says("grace_adeyemi", "@AmselnetzHilfe my amsel is back", lang="de")
    item = line.has(2)[0]
    assert [one["data"]["id"] for one in line.items] == [str(post["id"]), str(last["id"])]
    assert item["data"]["id"] == str(post["id"])
    assert item["data"]["edit_history_tweet_ids"] == [str(post["id"])]
    assert len(item["matching_rules"]) == 2
    assert item["includes"]["users"][0]["username"] == "grace_adeyemi"


def test_one_stream_is_the_most_and_it_takes_the_apps_own_access(own_x):
    Line(own_x, "/2/tweets/search/stream")
    second = requests.get(own_x.url + "/2/tweets/search/stream", headers=APP, timeout=5)
    assert (second.status_code, second.json()["connection_issue"]) == (429, "TooManyConnections")
    assert call(own_x, "GET", RULES, as_whom=US).status_code == 403
    assert call(own_x, "GET", "/2/users/me").status_code == 403


def test_rules_are_refused_one_by_one_and_a_dry_run_changes_nothing(own_x):
    call(own_x, "POST", RULES, {"add": [{"value": "amsel"}]})
    again = call(
        own_x,
        "POST",
        RULES,
        {"add": [{"value": "amsel"}, {"value": "(open"}, {"value": "netz"}]},
        dry_run="true",
    ).json()
    assert [one["title"] for one in again["errors"]] == ["DuplicateRule", "UnprocessableEntity"]
    assert [one["value"] for one in call(own_x, "GET", RULES).json()["data"]] == ["amsel"]


def test_blank_lines_say_that_the_stream_lives_and_silence_that_it_does_not(own_x):
    own_x.control("push", keepalive_seconds=0.2)
    line = Line(own_x, "/2/activity/stream")
    before = line.blank
    wait_until(lambda: line.blank > before + 2, 5, "blank lines come")
    own_x.control("push", silent=True)
    wait_until(lambda: is_silent_for(line, 0.7), 10, "no blank line comes any more")


def is_silent_for(line: Line, seconds: float) -> bool:
    """Whether no blank line comes meanwhile."""
    before = line.blank
    stays(lambda: line.blank == before, seconds, "the line is silent")
    return True


@pytest.fixture
def subscribed(own_x):
    """Mentions and replies of our account, on the stream."""
    for kind in ("post.mention.create", "post.reply.create"):
        assert (
            call(
                own_x,
                "POST",
                SUBSCRIPTIONS,
                {"event_type": kind, "filter": {"user_id": "901"}, "tag": kind},
            ).status_code
            == 200
        )
    return Line(own_x, "/2/activity/stream")


def test_a_named_account_a_direct_reply_and_a_deeper_one(own_x, subscribed):
    root = own_x.says("grace_adeyemi", "@AmselnetzHilfe please help")
    ours = call(
        own_x,
        "POST",
        "/2/tweets",
        {"text": "Gladly. ^an", "reply": {"in_reply_to_tweet_id": str(root["id"])}},
        as_whom=US,
    ).json()["data"]["id"]
    back = own_x.says("grace_adeyemi", "thank you", reply_to=int(ours))
    own_x.says("somebody_else", "same here", reply_to=back["id"])
    last = own_x.says("grace_adeyemi", "@AmselnetzHilfe one thing more")
    events = subscribed.has(3)
    assert [(one["data"]["event_type"], one["data"]["payload"]["id"]) for one in events] == [
        ("post.mention.create", str(root["id"])),
        ("post.reply.create", str(back["id"])),
        ("post.mention.create", str(last["id"])),
    ]
    assert events[1]["data"]["payload"]["in_reply_to_tweet_id"] == ours


def test_events_come_twice_and_in_any_order_if_so_ordered(own_x, subscribed):
    own_x.control("push", repeat=1, shuffle=True)
    posts = [own_x.says("grace_adeyemi", f"@AmselnetzHilfe number {n}")["id"] for n in range(2)]
    events = [one["data"] for one in subscribed.has(4)]
    assert [int(one["payload"]["id"]) for one in events] == [posts[1], posts[1], posts[0], posts[0]]
    assert len({one["event_uuid"] for one in events}) == 2


def test_private_events_want_the_accounts_consent_and_protected_people_are_left_out(
    own_x, subscribed
):
    assert (
        call(
            own_x, "POST", SUBSCRIPTIONS, {"event_type": "dm.received", "filter": {"user_id": "77"}}
        ).status_code
        == 403
    )
    own_x.control("users", username="shy", protected=True)
    own_x.says("shy", "@AmselnetzHilfe only for friends")
    own_x.says("grace_adeyemi", "@AmselnetzHilfe for all")
    assert subscribed.has(1)[0]["data"]["payload"]["author_id"] == "77"


def test_a_line_that_x_cuts_ends(own_x):
    line = Line(own_x, "/2/activity/stream")
    own_x.control("push", cut=True)
    wait_until(lambda: line.answer.raw.closed, 5, "the line ends")


def test_a_webhook_proves_its_secret_gets_signed_events_and_they_can_be_replayed(own_x):
    hook = Hook(own_x.control("push", method="GET")["consumer_secret"])
    made = call(own_x, "POST", "/2/webhooks", {"url": hook.url}).json()["data"]
    assert made["valid"] is True
    call(
        own_x,
        "POST",
        SUBSCRIPTIONS,
        {
            "event_type": "post.mention.create",
            "filter": {"user_id": "901"},
            "webhook_id": made["id"],
        },
    )
    post = own_x.says("grace_adeyemi", "@AmselnetzHilfe by hook")
    wait_until(lambda: hook.got, 10, "the event arrives")
    assert hook.got[0]["payload"]["id"] == str(post["id"])
    call(
        own_x,
        "POST",
        "/2/webhooks/replay",
        {
            "webhook_id": made["id"],
            "from_date": "2020-01-01T00:00:00Z",
            "to_date": "2999-01-01T00:00:00Z",
        },
    )
    wait_until(
        lambda: [one["event_uuid"] for one in hook.got].count(hook.got[0]["event_uuid"]) == 2,
        10,
        "the event arrives again, under the same number",
    )


def test_webhooks_that_x_would_not_take(own_x):
    good = Hook(own_x.control("push", method="GET")["consumer_secret"])
    for url, detail in (
        (Hook("another secret").url, "CrcValidationFailed"),
        ("https://desk.example:8443/hook", "UrlValidationFailed"),
        ("http://desk.example/hook", "UrlValidationFailed"),
        ("https://desk.example/hook", "CrcValidationFailed"),
    ):
        answer = call(own_x, "POST", "/2/webhooks", {"url": url})
        assert (answer.status_code, answer.json()["detail"]) == (400, detail), url
    call(own_x, "POST", "/2/webhooks", {"url": good.url})
    assert (
        call(own_x, "POST", "/2/webhooks", {"url": good.url}).json()["detail"]
        == "DuplicateUrlFailed"
    )
    assert (
        call(own_x, "POST", "/2/webhooks", {"url": good.url + "2"}).json()["detail"]
        == "WebhookLimitExceeded"
    )


def test_a_webhook_is_challenged_every_hour_and_forgiven_silence_for_a_day(own_x):
    hook = Hook(own_x.control("push", method="GET")["consumer_secret"])
    made = call(own_x, "POST", "/2/webhooks", {"url": hook.url}).json()["data"]

    def valid():
        return call(own_x, "GET", "/2/webhooks").json()["data"][0]["valid"]

    try:
        own_x.control("clock", ahead_seconds=3700)
        wait_until(lambda: hook.challenges == 2, 10, "the hourly challenge")
        hook.server.shutdown()
        hook.server.server_close()
        own_x.control("clock", ahead_seconds=2 * 3700)
        stays(valid, 2.5, "it is valid")
        own_x.control("clock", ahead_seconds=40 * 3600)
        wait_until(lambda: not valid(), 10, "it is no longer valid")
        assert call(own_x, "PUT", f"/2/webhooks/{made['id']}").json() == {"data": {"valid": False}}
    finally:
        own_x.control("clock", ahead_seconds=0)


def test_direct_messages_are_read_and_written_newest_first(own_x):
    own_x.control("messages", username="grace_adeyemi", to="AmselnetzHilfe", text="5 < 6")
    sent = call(
        own_x, "POST", "/2/dm_conversations/with/77/messages", {"text": "Thank you."}, as_whom=US
    )
    assert (sent.status_code, sent.json()["data"]["dm_conversation_id"]) == (201, "77-901")
    page = call(
        own_x,
        "GET",
        "/2/dm_conversations/with/77/dm_events",
        as_whom=US,
        max_results=1,
        **{"dm_event.fields": "sender_id,created_at"},
    ).json()
    rest = call(
        own_x,
        "GET",
        "/2/dm_conversations/77-901/dm_events",
        as_whom=US,
        pagination_token=page["meta"]["next_token"],
    ).json()
    assert [(one["text"], one.get("sender_id")) for one in page["data"] + rest["data"]] == [
        ("Thank you.", "901"),
        ("5 &lt; 6", None),
    ]
    assert call(own_x, "GET", "/2/dm_conversations/77-902/dm_events", as_whom=US).status_code == 403
    own_x.control("users", username="closed_door", receives_dm=False, id=78)
    assert (
        call(
            own_x, "POST", "/2/dm_conversations/with/78/messages", {"text": "Hello?"}, as_whom=US
        ).status_code
        == 403
    )


def a_picture_goes_up(own_x):
    """Upload a picture as JSON and as a form, and describe it."""
    picture = base64.b64encode(b"\x89PNG not really").decode()
    upload = call(
        own_x,
        "POST",
        "/2/media/upload",
        {"media": picture, "media_category": "tweet_image"},
        as_whom=US,
    ).json()["data"]
    call(
        own_x,
        "POST",
        "/2/media/metadata",
        {"id": upload["id"], "metadata": {"alt_text": {"text": "a green light"}}},
        as_whom=US,
    )
    parts = requests.post(
        own_x.url + "/2/media/upload",
        headers=US,
        files={"media": b"GIF89a"},
        data={"media_category": "tweet_image"},
        timeout=10,
    ).json()["data"]
    return upload, parts


def it_is_posted_with_its_description(own_x, upload, parts):
    """Answer with both pictures; the description and the bytes are there."""
    root = own_x.says("grace_adeyemi", "@AmselnetzHilfe show me")
    made = call(
        own_x,
        "POST",
        "/2/tweets",
        {
            "text": "Here. ^an",
            "reply": {"in_reply_to_tweet_id": str(root["id"])},
            "media": {"media_ids": [upload["id"], parts["id"]]},
        },
        as_whom=US,
    ).json()["data"]["id"]
    shown = call(
        own_x,
        "GET",
        f"/2/tweets/{made}",
        as_whom=US,
        expansions="attachments.media_keys",
        **{"media.fields": "alt_text,url"},
    ).json()
    assert shown["includes"]["media"][0]["alt_text"] == "a green light"
    assert (
        requests.get(shown["includes"]["media"][0]["url"], timeout=5).content
        == b"\x89PNG not really"
    )


def a_video_goes_up_in_pieces(own_x):
    """Upload a video in pieces; no post takes it before it is processed."""
    video = call(
        own_x,
        "POST",
        "/2/media/upload/initialize",
        {"media_category": "tweet_video", "media_type": "video/mp4", "total_bytes": 6},
        as_whom=US,
    ).json()["data"]["id"]
    for place in range(2):
        call(
            own_x,
            "POST",
            f"/2/media/upload/{video}/append",
            {"media": base64.b64encode(b"abc").decode(), "segment_index": place},
            as_whom=US,
        )
    done = call(own_x, "POST", f"/2/media/upload/{video}/finalize", as_whom=US).json()["data"]
    assert (done["size"], done["processing_info"]["state"]) == (6, "in_progress")
    early = call(
        own_x,
        "POST",
        "/2/tweets",
        {"text": "Too early", "media": {"media_ids": [video]}},
        as_whom=US,
    )
    assert early.status_code == 400
    own_x.control("clock", ahead_seconds=6)
    assert (
        call(own_x, "GET", "/2/media/upload", as_whom=US, media_id=video).json()["data"][
            "processing_info"
        ]["state"]
        == "succeeded"
    )
    own_x.control("clock", ahead_seconds=0)


def test_pictures_at_once_and_videos_in_pieces(own_x):
    upload, parts = a_picture_goes_up(own_x)
    it_is_posted_with_its_description(own_x, upload, parts)
    a_video_goes_up_in_pieces(own_x)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"media": "§", "media_category": "tweet_image"},
        {"media": "YQ==", "media_category": "poem"},
        {"media": "", "media_category": "tweet_image"},
    ],
)
def test_media_that_x_would_not_take(own_x, body):
    assert call(own_x, "POST", "/2/media/upload", body, as_whom=US).status_code == 400


def test_only_replies_in_ones_own_conversation_are_hidden(own_x):
    ours = call(own_x, "POST", "/2/tweets", {"text": "We are here for you."}, as_whom=US).json()[
        "data"
    ]["id"]
    reply, root = (
        own_x.says("grace_adeyemi", "rude words", reply_to=int(ours)),
        own_x.says("grace_adeyemi", "@AmselnetzHilfe hello"),
    )
    assert call(
        own_x, "PUT", f"/2/tweets/{reply['id']}/hidden", {"hidden": True}, as_whom=US
    ).json() == {"data": {"hidden": True}}
    assert (
        call(
            own_x, "PUT", f"/2/tweets/{root['id']}/hidden", {"hidden": True}, as_whom=US
        ).status_code
        == 403
    )
    assert any(
        line["what"] == "post.hidden" and line["id"] == reply["id"] for line in own_x.history()
    )


def test_fields_that_nobody_asked_for_are_absent_and_some_new_ones_come_by_expansion_only(own_x):
    post = own_x.says("grace_adeyemi", "@AmselnetzHilfe hello", withheld=["DE"])
    plain = call(own_x, "GET", f"/2/tweets/{post['id']}", as_whom=US).json()
    old = call(
        own_x,
        "GET",
        f"/2/tweets/{post['id']}",
        as_whom=US,
        **{"tweet.fields": "author_id,withheld,edit_controls"},
    ).json()["data"]
    new = call(
        own_x, "GET", f"/2/tweets/{post['id']}", as_whom=US, **{"post.fields": "author_id,withheld"}
    ).json()["data"]
    assert set(plain) == {"data"}
    assert set(plain["data"]) == {"id", "text", "edit_history_tweet_ids"}
    assert (
        old["author_id"],
        old["withheld"]["scope"],
        old["edit_controls"]["edits_remaining"],
    ) == ("77", "tweet", 5)
    assert (new.get("author_id"), new["withheld"]["scope"], "edit_history_post_ids" in new) == (
        None,
        "post",
        True,
    )


def test_data_and_errors_in_one_answer(own_x):
    own_x.says("grace_adeyemi", "@AmselnetzHilfe hello")
    own_x.control("faults", kind="partial", on="GET /2/users/901/mentions")
    answer = call(own_x, "GET", "/2/users/901/mentions", as_whom=US).json()
    assert answer["data"]
    assert answer["errors"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("(green OR red) light", {"a", "b"}),
        ("light -(green OR blue)", {"b"}),
        ("url:example.com", {"c"}),
        ("light has:links", {"c"}),
        ('"a green light"', {"a"}),
        ("-light", None),
        ("(light", None),
    ],
)
def test_search_reads_parentheses_and_operators(own_x, query, found):
    texts = {"a": "a green light", "b": "a red light", "c": "a blue light at https://example.com/x"}
    ids = {
        str(own_x.says("lamp_lighter", f"{text} {hash(query) % 1000}")["id"]): name
        for name, text in texts.items()
    }
    answer = call(
        own_x,
        "GET",
        "/2/tweets/search/all",
        query=f"{query} from:lamp_lighter" if found else query,
        since_id=str(min(map(int, ids)) - 1),
    )
    if found is None:
        assert answer.status_code == 400
    else:
        assert {ids[one["id"]] for one in answer.json()["data"]} == found


def test_rules_webhooks_and_messages_survive_a_restart(own_x):
    call(own_x, "POST", RULES, {"add": [{"value": "amsel"}]})
    own_x.control("messages", username="grace_adeyemi", to="AmselnetzHilfe", text="remember me")
    own_x.part.stop()
    own_x.start()
    assert [one["value"] for one in call(own_x, "GET", RULES).json()["data"]] == ["amsel"]
    assert call(own_x, "GET", "/2/dm_events", as_whom=US).json()["data"][0]["text"] == "remember me"
