"""X's own SDK against the simulated X.

It accepts every answer, in both vocabularies, and X's description accepts every one
too, the refusals included.

`xdk` asks in the newer vocabulary; on streams it has the older one alone. Elsewhere the
older one is asked without it, and held to X's older description.
"""

import base64
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pydantic import TypeAdapter
from xdk import Client, schemas
from xdk.streaming import StreamConfig

from tests.contract import answers, description
from tests.pictures import a_picture
from tests.stack import Simulator
from xapi.simulator import refusals
from xapi.simulator.api import Api
from xapi.simulator.faults import PROBLEMS
from xapi.simulator.sending.hooks import signature
from xapi.simulator.store import Store

pytestmark = [pytest.mark.campaign, pytest.mark.table]

POST_FIELDS = [
    "attachments",
    "conversation_id",
    "created_at",
    "edit_controls",
    "entities",
    "lang",
    "note_post",
    "possibly_sensitive",
    "public_metrics",
    "reply_settings",
    "text",
    "withheld",
]
EXPANSIONS = [
    "author_id",
    "attachments.media_keys",
    "edit_history_post_ids",
    "entities.mentions.username",
    "in_reply_to_user_id",
    "referenced_posts",
]
USER_FIELDS = [
    "description",
    "name",
    "profile_image_url",
    "protected",
    "public_metrics",
    "receives_your_dm",
    "username",
    "verified",
]
MEDIA_FIELDS = ["alt_text", "preview_image_url", "type", "url"]
NEW = {
    "post_fields": POST_FIELDS,
    "expansions": EXPANSIONS,
    "user_fields": USER_FIELDS,
    "media_fields": MEDIA_FIELDS,
}
OLD = {
    "tweet.fields": (
        "attachments,author_id,conversation_id,created_at,edit_controls,"
        "edit_history_tweet_ids,entities,lang,note_tweet,possibly_sensitive,public_metrics,"
        "referenced_tweets,reply_settings,text,withheld"
    ),
    "expansions": (
        "author_id,attachments.media_keys,entities.mentions.username,in_reply_to_user_id,"
        "referenced_tweets.id"
    ),
    "user.fields": ",".join(USER_FIELDS),
    "media.fields": ",".join(MEDIA_FIELDS),
}
SHORTLY = StreamConfig(max_retries=0, timeout=30)


class Hook(BaseHTTPRequestHandler):
    """A webhook that knows the secret."""

    def do_GET(self):
        """Answer the challenge."""
        token = parse_qs(urlsplit(self.path).query)["crc_token"][0]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"response_token": signature(token.encode())}).encode())

    def log_message(self, *_words):
        """Say nothing."""


@pytest.fixture(scope="module")
def own_x():
    """A simulated X with posts of every kind.

    Long, edited, answered, quoting, with a picture, withheld, gone, hidden.
    """
    simulator = Simulator()
    simulator.control("search_lag", on=False)
    simulator.control("limits", on=False)
    simulator.control(
        "users", username="AmselnetzHilfe", name="Amselnetz Hilfe", account=True, id=901
    )
    simulator.control("users", username="grace_adeyemi", name="Grace", id=77)
    yield simulator
    simulator.stop()


@pytest.fixture(scope="module")
def hook():
    """The address of a webhook on this machine."""
    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()


class Sdk:
    """xdk as our account and as the app, and the posts that it asks for."""

    def __init__(self, own_x, word, hook):
        self.own_x, self.hook = own_x, hook
        self.us = Client(base_url=own_x.url, access_token="sim-901")
        self.app = Client(base_url=own_x.url, bearer_token="sim-app")
        self.fields, self.word = NEW, word

    def get(self, path, token="sim-901", **query):
        """Ask in the older vocabulary, without xdk."""
        given = self.us.session.get(
            f"{self.own_x.url}/2/{path}",
            params=OLD | query,
            timeout=30,
            headers={"Authorization": f"Bearer {token}"},
        )
        given.raise_for_status()
        return given.json()

    def posts(self):
        """Some posts of each kind.

        The ids of all, with one that is gone, one hidden and one that never was.
        """
        says = self.own_x.says
        first = says(
            "grace_adeyemi",
            "@AmselnetzHilfe <b> & https://example.com/a?b=1&c=2",
            lang="en",
            media=[{"type": "photo", "url": "https://pbs.twimg.com/x.jpg", "alt_text": "a router"}],
        )
        made = [
            first,
            says("grace_adeyemi", "@AmselnetzHilfe " + "long " * 100, withheld=["DE"]),
            says("grace_adeyemi", "@AmselnetzHilfe and", reply_to=first["id"], quoted=first["id"]),
            says("gone_guy", "@AmselnetzHilfe gone"),
            says("hidden_guy", "@AmselnetzHilfe hidden"),
        ]
        self.own_x.control("edits", id=first["id"], text="@AmselnetzHilfe edited")
        self.own_x.control("deletions", id=made[3]["id"])
        self.own_x.control("users", username="hidden_guy", protected=True)
        return [str(one["id"]) for one in made] + ["12345"]


def reading_new(sdk):
    """Every operation that shows posts or people, by xdk; some of it without any fields."""
    ids, user = sdk.posts(), {"user_fields": USER_FIELDS}
    for people in (user, {}):
        assert sdk.us.users.get_me(**people).data.id == "901"
        assert sdk.us.users.get_by_username("grace_adeyemi", **people).data.id == "77"
        [nobody] = sdk.us.users.get_by_username("nobody_here", **people).errors
        assert (nobody.resource_type, nobody.value, nobody.detail) == (
            "user",
            "nobody_here",
            "Could not find user with username: [nobody_here].",
        )
    for fields in (sdk.fields, {}):
        assert [one.type for one in sdk.us.posts.get_by_ids(ids, **fields).errors] == [
            refusals.HOSTS["new"] + kind
            for kind in ("resource-not-found", "not-authorized-for-resource", "resource-not-found")
        ]
        assert sdk.us.posts.get_by_id(ids[0], **fields).data.id != ids[0]  # the newest version
        assert sdk.us.posts.get_by_id("12345", **fields).errors[0].title
        assert (
            next(sdk.us.users.get_mentions("901", max_results=100, **fields)).meta.result_count >= 3
        )
        assert next(sdk.us.users.get_posts("77", max_results=5, **fields)).data
        assert next(sdk.us.users.get_mentions("77", max_results=5, **fields)).meta.result_count == 0
        assert next(sdk.us.posts.search_recent("from:grace_adeyemi", max_results=10, **fields)).data
        assert next(sdk.app.posts.search_all("from:grace_adeyemi", max_results=10, **fields)).data


def reading_old(sdk):
    """The same in the older vocabulary."""
    ids = sdk.posts()
    assert set(sdk.get("users/me")["data"]["public_metrics"]) == {
        "followers_count",
        "following_count",
        "listed_count",
        "tweet_count",
    }
    sdk.get("users/by/username/grace_adeyemi")
    for path, query in (
        ("tweets", {"ids": ",".join(ids)}),
        ("tweets/12345", {}),
        ("users/by/username/nobody_here", {}),
    ):
        assert all(
            one["type"].startswith(refusals.HOSTS["old"])
            for one in sdk.get(path, **query)["errors"]
        )
    for path in (f"tweets/{ids[0]}", "users/901/mentions", "users/77/tweets", "users/77/mentions"):
        sdk.get(path)
    sdk.get("tweets/search/recent", query="from:grace_adeyemi")
    sdk.get("tweets/search/all", "sim-app", query="from:grace_adeyemi")


def uploads_in_pieces(us, body):
    """Upload a picture in pieces, and a film."""
    begun = us.media.initialize_upload(
        schemas.InitializeMediaUploadRequest(
            media_category="tweet_image", media_type="image/png", total_bytes=10
        )
    ).data.id
    us.media.append_upload(
        begun, schemas.AppendMediaUploadRequest(media=body["media"], segment_index=0)
    )
    us.media.finalize_upload(begun)
    film = us.media.upload(
        schemas.MediaUploadRequest(media=body["media"], media_category="tweet_video")
    ).data.id
    assert us.media.get_upload_status(film).data.processing_info


def writing(sdk):
    """Posting with a picture, hiding, deleting; uploads at once and in pieces; direct messages."""
    us, body = (
        sdk.us,
        {"media": base64.b64encode(a_picture()).decode(), "media_category": "tweet_image"},
    )
    picture = us.media.upload(schemas.MediaUploadRequest(**body)).data.id
    us.media.create_metadata(
        schemas.CreateMediaMetadataRequest(id=picture, metadata={"alt_text": {"text": "Orange."}})
    )
    uploads_in_pieces(us, body)
    asked = sdk.own_x.says("grace_adeyemi", f"@AmselnetzHilfe write, {sdk.word}")
    made = us.posts.create(
        schemas.CreatePostsRequest(
            text=f"Gladly, {sdk.word}.",
            reply={"in_reply_to_tweet_id": str(asked["id"])},
            media={"media_ids": [str(picture)]},
        )
    )
    root = us.posts.create(schemas.CreatePostsRequest(text=f"Ours, {sdk.word}."))
    reply = sdk.own_x.says("grace_adeyemi", "no!", reply_to=int(root.data.id))
    assert us.posts.hide_reply(
        str(reply["id"]), schemas.HidePostsReplyRequest(hidden=True)
    ).data.hidden
    assert us.posts.delete(made.data.id).data.deleted
    assert not us.posts.delete(made.data.id).data.deleted
    us.direct_messages.create_by_participant_id(
        "77", schemas.CreateDirectMessagesByParticipantIdRequest(text="Hello & < >")
    )
    us.direct_messages.create_by_conversation_id(
        "77-901",
        schemas.CreateDirectMessagesByConversationIdRequest(
            attachments=[{"media_id": str(picture)}]
        ),
    )
    assert next(us.direct_messages.get_events(max_results=5)).data
    assert next(us.direct_messages.get_events_by_participant_id("77", max_results=5)).data
    assert next(us.direct_messages.get_events_by_conversation_id("77-901", max_results=5)).data


def pushing(sdk):
    """Rules, streams, subscriptions, webhooks."""
    app = Client(base_url=sdk.own_x.url, bearer_token="sim-app")
    rules = {
        "add": [
            {"value": f"{sdk.word}fish", "tag": "fish"},
            {"value": "(" * 3},
            {"value": f"{sdk.word}fish"},
        ]
    }
    assert len(app.stream.update_rules(schemas.UpdateRulesRequest(**rules)).errors) == 2
    rule = next(app.stream.get_rules()).data[0]
    listening(sdk, app.stream.posts(stream_config=SHORTLY), f"@AmselnetzHilfe {sdk.word}fish")
    app.stream.update_rules(schemas.UpdateRulesRequest(delete={"ids": [rule.id]}))
    next(app.stream.get_rules())
    made = app.activity.create_subscription(
        schemas.CreateActivitySubscriptionRequest(
            event_type="post.mention.create", filter={"user_id": "901"}, tag="us"
        )
    ).data.subscription
    number = str(made.subscription_id)
    listening(
        sdk, app.stream.activity(stream_config=SHORTLY), f"@AmselnetzHilfe activity {sdk.word}"
    )
    assert next(app.activity.get_subscriptions()).data
    app.activity.update_subscription(number, {"tag": "them"})
    app.activity.delete_subscription(number)
    kept = app.webhooks.create(schemas.CreateWebhooksRequest(url=sdk.hook)).data.id
    assert app.webhooks.get().data
    app.webhooks.validate(kept)
    app.webhooks.create_webhook_replay_job(
        schemas.CreateWebhookReplayJobRequest(
            webhook_id=kept, from_date="202611260000", to_date="202611260010"
        )
    )
    app.webhooks.delete(kept)
    app.webhooks.get()


def listening(sdk, stream, words):
    """The first object of a stream, once somebody has posted these words."""
    telling = threading.Timer(1, lambda: sdk.own_x.says("grace_adeyemi", words))
    telling.start()
    try:
        assert next(stream).data
    finally:
        telling.join()
        stream.close()


def all_answers(own_x):
    """What X answered since the journal was emptied."""
    return own_x.control("answers", method="GET")


@pytest.mark.parametrize("word", ["old", "new"])
def test_x_s_own_sdk_accepts_every_answer_and_x_s_description_too(own_x, hook, word):
    own_x.control("journal", method="DELETE")
    sdk = Sdk(own_x, word, hook)
    for part in ({"new": reading_new, "old": reading_old}[word], writing, pushing):
        part(sdk)
    given = all_answers(own_x)
    journal = own_x.control("journal", method="GET")
    assert [(one["path"], one["status"]) for one in given if one["status"] >= 300] == []
    served = [(route.method, route.pattern) for route in Api(Store(), "").routes]
    asked = {(one["method"], one["path"]) for one in journal}
    missed = [
        route
        for route in served
        if not any(route[0] == method and re.fullmatch(route[1], path) for method, path in asked)
    ]
    assert missed == []
    assert [(one["path"], wrong) for one in given if (wrong := answers.against(one))] == []
    assert word in {said for one in given for said in description.vocabularies(one)}


def refused(sdk, call, kind):
    """Return what the call raises.

    Its body is read by xdk's own model of problems where X's newer description names the
    type.
    """
    with pytest.raises(requests.HTTPError) as error:
        call(sdk)
    body = error.value.response.json()
    kinds = answers.DESCRIBED["new"]["problems"]
    for one in [body] if "title" in body else body["errors"]:
        if one.get("type") in kinds:
            TypeAdapter(schemas.Problem).validate_python(one)
        elif "code" in one:
            assert set(one) == {"code", "message"}
        else:
            assert {"type", "title", "detail"} <= set(one), kind
    return body


FAULTS = [
    *PROBLEMS,
    *(
        one
        for one in refusals.kinds()
        if one.split(" ")[0] in {"type", "code", "words", "status"}
        and one not in {"status 405", "status 409", "status 422", "status 451", "type unheard-of"}
    ),
]
CALLS = {
    "GET /2/users/me": lambda sdk: sdk.us.users.get_me(),
    "GET /2/users/by/username": lambda sdk: sdk.us.users.get_by_username("grace_adeyemi"),
    "GET /2/users/77/tweets": lambda sdk: next(sdk.us.users.get_posts("77", **sdk.fields)),
    "GET /2/users/901/mentions": lambda sdk: next(sdk.us.users.get_mentions("901", **sdk.fields)),
    "GET /2/tweets": lambda sdk: sdk.us.posts.get_by_ids(["5"], **sdk.fields),
    "GET /2/tweets/search/recent": lambda sdk: next(
        sdk.us.posts.search_recent("fish", **sdk.fields)
    ),
    "POST /2/tweets": lambda sdk: sdk.us.posts.create(schemas.CreatePostsRequest(text="x")),
    "DELETE /2/tweets": lambda sdk: sdk.us.posts.delete("5"),
    "POST /2/media/metadata": lambda sdk: sdk.us.media.create_metadata(
        schemas.CreateMediaMetadataRequest(id="5", metadata={"alt_text": {"text": "x"}})
    ),
    "GET /2/dm_events": lambda sdk: next(sdk.us.direct_messages.get_events()),
    "GET /2/webhooks": lambda sdk: sdk.app.webhooks.get(),
    "GET /2/activity/subscriptions": lambda sdk: next(sdk.app.activity.get_subscriptions()),
}


@pytest.mark.parametrize("word", ["old", "new"])
def test_x_s_own_sdk_is_refused_in_every_way_that_x_s_description_has(own_x, hook, word):
    sdk, calls = Sdk(own_x, word, hook), CALLS if word == "new" else OLD_CALLS
    own_x.control("journal", method="DELETE")
    for place, kind in enumerate(FAULTS):
        on, call = list(calls.items())[place % len(calls)]
        for operation, asks in {on: call, "POST /2/tweets": CALLS["POST /2/tweets"]}.items():
            own_x.control("faults", kind=kind, on=operation, seconds=90)
            refused(sdk, asks, kind)
    given = all_answers(own_x)
    assert {one["fault"] for one in given} == set(FAULTS)
    assert [
        (one["path"], one["fault"], wrong) for one in given if (wrong := answers.against(one))
    ] == []


OLD_CALLS = {
    "GET /2/users/me": lambda sdk: sdk.get("users/me"),
    "GET /2/users/77/tweets": lambda sdk: sdk.get("users/77/tweets"),
    "GET /2/tweets": lambda sdk: sdk.get("tweets", ids="5"),
}


OWN_REFUSALS = {
    "of nobody": (
        401,
        lambda sdk: Client(base_url=sdk.own_x.url, access_token="nobody").users.get_me(),
    ),
    "the user's access where the app's is wanted": (
        403,
        lambda sdk: sdk.us.session.get(
            f"{sdk.own_x.url}/2/webhooks", headers={"Authorization": "Bearer sim-901"}, timeout=30
        ).raise_for_status(),
    ),
    "the app's access where the user's is wanted": (
        403,
        lambda sdk: Client(base_url=sdk.own_x.url, access_token="sim-app").users.get_me(),
    ),
    "a page too small": (400, lambda sdk: next(sdk.us.users.get_mentions("901", max_results=3))),
    "another's post deleted": (403, lambda sdk: sdk.us.posts.delete(sdk.posts()[0])),
    "a reply to who did not name us": (
        403,
        lambda sdk: sdk.us.posts.create(
            schemas.CreatePostsRequest(
                text="hello",
                reply={
                    "in_reply_to_tweet_id": str(sdk.own_x.says("grace_adeyemi", "to nobody")["id"])
                },
            )
        ),
    ),
    "a reply to what is not there": (
        403,
        lambda sdk: sdk.us.posts.create(
            schemas.CreatePostsRequest(text="hello", reply={"in_reply_to_tweet_id": "4242"})
        ),
    ),
    "too long": (400, lambda sdk: sdk.us.posts.create(schemas.CreatePostsRequest(text="x" * 281))),
    "an upload of another kind": (400, lambda sdk: sdk.us.media.finalize_upload("5")),
    "a message to nobody": (
        404,
        lambda sdk: sdk.us.direct_messages.create_by_participant_id(
            "424242", schemas.CreateDirectMessagesByParticipantIdRequest(text="hello")
        ),
    ),
    "a webhook that is not there": (404, lambda sdk: sdk.app.webhooks.delete("5")),
    "a webhook that cannot be": (
        400,
        lambda sdk: sdk.app.webhooks.create(
            schemas.CreateWebhooksRequest(url="http://x.example:1/")
        ),
    ),
    "a webhook that does not answer": (
        400,
        lambda sdk: sdk.app.webhooks.create(
            schemas.CreateWebhooksRequest(url="https://x.example/")
        ),
    ),
    "a subscription that is not there": (
        404,
        lambda sdk: sdk.app.activity.delete_subscription("5"),
    ),
}


@pytest.mark.parametrize("why", OWN_REFUSALS)
def test_what_the_simulated_x_refuses_by_itself_is_refused_as_x_does(own_x, hook, why):
    status, call = OWN_REFUSALS[why]
    own_x.control("journal", method="DELETE")
    body = refused(Sdk(own_x, "new", hook), call, why)
    assert body["status"] == status
    assert [wrong for one in all_answers(own_x) if (wrong := answers.against(one))] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda one: one["answer"]["data"]["public_metrics"].pop("post_count"), "post_count"),
        (lambda one: one["answer"]["data"].update(id=5), "5"),
        (lambda one: one.update(status=201), "not 201"),
        (
            lambda one: one.update(
                status=403, answer={"title": "x", "detail": "y", "type": "https://example.com/odd"}
            ),
            "odd",
        ),
        (
            lambda one: one.update(
                answer={
                    "errors": [
                        {
                            "type": refusals.HOSTS["new"] + "resource-not-found",
                            "title": "x",
                            "detail": "y",
                        }
                    ]
                }
            ),
            "resource_type",
        ),
        (lambda one: one.update(path="/2/users/me/likes"), "not described"),
    ],
)
def test_an_answer_that_x_does_not_describe_is_noticed(own_x, hook, change, says):
    own_x.control("journal", method="DELETE")
    Sdk(own_x, "new", hook).us.users.get_me(user_fields=["public_metrics"])
    [one] = all_answers(own_x)
    assert answers.against(one) == []
    change(one)
    assert says in " ".join(answers.against(one))
