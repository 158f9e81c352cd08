"""Each network of the desk has an adapter that answers as the contract says, X's among them."""

from datetime import UTC, datetime

import pytest

import networks.attached
from networks import contract, errors, pages
from networks.names import Network, Surface
from networks.pages import Answer, KnownPost, KnownProfile, Page
from networks.paging import turn
from networks.registry import ADAPTERS, UnknownNetwork, network_of
from networks.x.answers import in_desk_words, read_page
from xapi import attached, payloads
from xapi import errors as x_errors
from xapi.client import XClient

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
RAW = {
    "id": "1990000000000000001",
    "text": "@AmselnetzHilfe the line is dead, see https://t.co/abc123",
    "author_id": "7001",
    "conversation_id": "1990000000000000001",
    "created_at": "2026-11-20T12:00:00.000Z",
    "entities": {
        "mentions": [{"start": 0, "end": 15, "username": "AmselnetzHilfe", "id": "901"}],
        "urls": [{"url": "https://t.co/abc123", "expanded_url": "https://example.com/line"}],
    },
}


def members(protocol):
    """Return what a protocol asks for."""
    return {
        name
        for name in [*vars(protocol), *vars(protocol).get("__annotations__", {})]
        if not name.startswith("_")
    }


def known_post():
    return KnownPost(
        id=7, version_ids=(5, 7), author_id=901, text="Hi", created_at=NOON, conversation_id=5
    )


@pytest.fixture
def connection():
    opened = network_of(Network.X).open_connection(
        {"bearer_token": "sim-901"}, base_url="http://127.0.0.1:1", timeout=1
    )
    yield opened
    opened.close()


@pytest.mark.parametrize("name", Network.values)
def test_every_network_has_an_adapter_of_its_name(name):
    adapter = network_of(name)
    assert adapter.name == name
    assert {*adapter.surfaces} <= {*Surface.values}
    assert members(contract.Adapter) <= {*dir(adapter)}
    assert members(contract.TextRules) <= {*dir(adapter.text)}


def test_there_is_no_adapter_without_a_network():
    assert set(ADAPTERS) == set(Network.values)


@pytest.mark.parametrize("name", ["", "X", "mastodon", None])
def test_an_unknown_network_is_refused_with_a_sentence(name):
    with pytest.raises(UnknownNetwork, match=r"no adapter for a network named .*; it knows x\."):
        network_of(name)


def test_xs_connection_posts_and_profiles_have_what_the_desk_reads(connection):
    x = network_of(Network.X)
    assert members(contract.Connection) <= {*dir(connection)}
    for post in (x.read_post(RAW), known_post()):
        assert members(contract.Post) <= {*dir(post)}
    profile = x.read_profile({"id": "901", "username": "AmselnetzHilfe"})
    for one in (profile, KnownProfile(901, "AmselnetzHilfe", "Amselnetz")):
        assert members(contract.Profile) <= {*dir(one)}
    assert members(contract.Named) <= {*dir(x.read_post(RAW).named[0])}


def test_a_page_of_x_is_read_into_the_desks_without_copying_its_posts(monkeypatch):
    read = payloads.read_page({"data": [RAW], "meta": {"next_token": "t1"}})
    monkeypatch.setattr(payloads, "read_page", lambda _body: read)
    page = network_of(Network.X).read_page({})
    assert page.posts[0] is read.posts[0]
    assert (page.next_token, page.trouble, page.missing) == ("t1", None, {})


def test_what_x_does_not_show_and_what_cannot_be_read_stands_on_the_page():
    gone = {"type": "https://api.x.com/2/problems/resource-not-found", "resource_id": "11"}
    page = read_page({"data": [{"id": "no"}], "errors": [gone]})
    assert page.missing == {11: pages.GONE}
    assert page.unreadable == [pages.Unreadable({"id": "no"}, page.unreadable[0].why)]
    assert (pages.GONE, pages.HIDDEN) == (payloads.GONE, payloads.HIDDEN)


def test_an_answer_of_errors_alone_is_trouble_in_the_desks_words():
    depleted = {"errors": [{"type": "about:blank/credits-depleted", "detail": "no credit"}]}
    page = read_page(depleted)
    with pytest.raises(errors.NetworkError, match="402: no credit"):
        page.checked()
    said = network_of(Network.X).error_in(depleted, outcome=errors.UNCERTAIN)
    assert (said.code, said.outcome, said.permanent) == ("402", errors.NOT_SENT, True)


def test_the_desk_and_xs_client_know_the_same_outcomes_and_codes():
    for name in ("NOT_SENT", "UNCERTAIN", "REFUSED"):
        assert getattr(errors, name) == getattr(x_errors, name)
    assert errors.ACCOUNT_WIDE == x_errors.ACCOUNT_WIDE
    assert errors.MISSHAPEN == payloads.MISSHAPEN
    for name in members(networks.attached) & {*dir(attached)}:
        assert getattr(networks.attached, name) == getattr(attached, name)


def test_nothing_is_lost_of_an_error_on_its_way():
    told = x_errors.XError(
        "429", outcome="not_sent", said="slow down", status=429, permanent=True, retry_at=NOON
    )
    assert vars(in_desk_words(told)) == vars(told)
    assert str(in_desk_words(told)) == str(told)


CALLS = {
    "me": lambda one: one.me(),
    "mentions": lambda one: one.mentions(901, since_id=3),
    "own_posts": lambda one: one.own_posts(901, token="t"),
    "posts": lambda one: one.posts([1]),
    "search": lambda one: one.search("@AmselnetzHilfe", until_id=9),
    "upload_picture": lambda one: one.upload_picture(b"x"),
    "describe_picture": lambda one: one.describe_picture("1", "a router"),
    "create_post": lambda one: one.create_post("Hi", reply_to=1),
    "delete_post": lambda one: one.delete_post(1),
}


def test_the_calls_below_are_all_that_there_are():
    assert members(contract.Connection) == {*CALLS, "before", "close"}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_whatever_fails_fails_as_the_networks_error(connection, call):
    with pytest.raises(errors.NetworkError) as failed:
        call(connection)
    assert (failed.value.code, failed.value.outcome) == ("no_connection", "not_sent")


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("refusal", [errors.NetworkError("no", outcome="not_sent"), OSError("no")])
def test_who_is_not_let_pass_asks_nothing_and_is_asked_again(connection, call, refusal):
    """Whatever keeps `before` from letting a request pass, the next one meets it again."""
    met = []

    def refuse(one):
        met.append(one)
        raise refusal

    connection.before = refuse
    for _time in range(2):
        with pytest.raises(type(refusal), match="no"):
            call(connection)
    assert met == [connection, connection]


def test_before_may_ask_itself_and_lets_all_later_ones_pass(connection, monkeypatch):
    monkeypatch.setattr(XClient, "me", lambda _client: {"data": {"id": "901"}})
    asked = []
    connection.before = lambda one: asked.append(one.me()["data"]["id"])
    assert connection.me() == {"data": {"id": "901"}}
    connection.me()
    assert asked == ["901"]


def test_an_answer_is_what_came_and_reads_itself():
    body = {"data": [RAW], "meta": {"result_count": 1}}
    answer = Answer(body, read_page)
    assert answer == body
    assert answer.page().posts[0].names(901, [])
    with pytest.raises(ValueError, match="not an id"):
        network_of(Network.X).read_post({**RAW, "id": 1.5})


def test_pages_are_turned_to_the_last_and_never_twice():
    def asking(tokens):
        given = iter(tokens)
        return lambda _token: Answer({}, lambda _body: Page(next_token=next(given)))

    assert len(list(turn(asking(["a", "b", ""]), most=5))) == 3
    with pytest.raises(errors.NetworkError, match="loop"):
        list(turn(asking(["a", "a"]), most=5))
    with pytest.raises(errors.NetworkError, match="endless"):
        list(turn(asking(["a", "b", "c"]), most=2))


def test_ids_of_x_stand_in_time():
    x = network_of(Network.X)
    assert x.made_at(x.id_at(NOON)) == NOON
    assert x.made_at(x.id_at(NOON) - 1) < NOON


def test_xs_text_is_counted_and_cut_as_x_does():
    rules = network_of(Network.X).text
    assert rules.weigh("see example.com/a/very/long/path/that/counts/little") == 27
    assert (rules.limit, rules.most_cashtags) == (280, 1)
    assert rules.cashtags.findall("$AMS and $XYZ") == ["$AMS", "$XYZ"]
    assert rules.normal(" a\r\nb ") == "a\nb"
    assert rules.behind_handles("@grace Hi") == "Hi"
    assert [piece.kind for piece in rules.pieces("@grace Hi")] == ["handle", ""]
    assert rules.links.findall("see example.com") == ["example.com"]
    assert rules.handles.search("Hi @grace").name == "grace"


def test_a_post_says_what_was_sent_however_x_writes_it():
    x = network_of(Network.X)
    assert x.says_the_same("the line is dead, see https://example.com/line", x.read_post(RAW))
    assert not x.says_the_same("the line is fine", x.read_post(RAW))
    assert x.says_the_same("Hi", known_post())


def test_what_the_desk_knows_itself_claims_nothing_more():
    post = known_post()
    assert (post.key, post.replied_to, post.expansions) == (5, None, {})
    assert not post.names(901, ["amselnetzhilfe"])


def test_a_search_goes_by_our_handles():
    assert network_of(Network.X).query_for(["a", "b"]) == "@a OR to:a OR @b OR to:b"
    assert network_of(Network.X).query_for([str(n) for n in range(20)]).count("to:") == 8


@pytest.mark.parametrize(
    ("settings", "named", "quoted", "case"),
    [
        ("everyone", True, False, "named"),
        ("everyone", True, True, "named"),
        ("everyone", False, True, "quoted"),
        ("everyone", False, False, "keyword"),
        ("mentionedUsers", True, False, "named"),
        ("following", True, True, "restricted"),
        ("verified", False, True, "restricted"),
    ],
)
def test_whether_x_takes_a_reply_is_said_by_its_adapter(settings, named, quoted, case):
    network = network_of("x")
    said = network.reply_case(reply_settings=settings, names_us=named, quotes_us=quoted)
    assert said == case


def test_what_x_sets_bounds_to_is_said_by_its_adapter():
    limits = network_of("x").limits
    assert (limits.pictures, limits.may_miss < limits.handed_out) == (4, True)
