"""What nobody can read is refused with a sentence, as a page or in the API's one form.

Never by a 500, and a 500 of the API is JSON too.
"""

import json
import re

import pytest
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver, path

from people.identity import tokens
from servicedesk import urls
from tests import factories

DEEP = {
    "lists": b"[" * 100_000,
    "closed lists": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
}


def breaks(request):
    """A page that is broken."""
    raise ZeroDivisionError


class Broken:
    """The desk's addresses, and two that are broken."""

    urlpatterns = [path("api/broken/", breaks), path("broken/", breaks), *urls.urlpatterns]
    handler400 = urls.handler400
    handler403 = urls.handler403
    handler404 = urls.handler404
    handler500 = urls.handler500


@pytest.fixture
def call(desk):
    """A call of the API as Aylin: status, body."""
    key = tokens.issue(desk.aylin, name="test")

    def ask(method, address, body=b"", content_type="application/json", **headers):
        answer = Client(raise_request_exception=False).generic(
            method,
            f"/api/v1/{address}",
            body,
            content_type=content_type,
            headers={"authorization": f"Token {key}", **headers},
        )
        return answer.status_code, json.loads(answer.content)

    return ask


@pytest.mark.parametrize("deep", DEEP)
@pytest.mark.parametrize(
    "address", ["tokens/", "tickets/{n}/notes/", "tickets/{n}/tags/", "tickets/{n}/drafts/"]
)
def test_json_that_is_nested_too_deeply_is_refused_with_a_sentence(desk, call, address, deep):
    status, body = call("POST", address.format(n=factories.a_ticket(desk).number), DEEP[deep])
    assert (status, body["error"]["code"]) == (400, "parse_error")
    assert body["error"]["message"]


def test_an_encoding_that_is_none_of_texts_is_refused_with_a_sentence(call):
    status, body = call("POST", "tokens/", b'{"name": "x"}', "application/json; charset=rot13")
    assert (status, body["error"]["code"]) == (400, "parse_error")


@pytest.mark.parametrize("asked", ["version=%0D%0A", "version=a%0Ab", "lang=%0A", "format=%0A"])
def test_nothing_that_is_asked_of_the_description_breaks_a_header(asked):
    answer = Client(raise_request_exception=False).get(f"/api/v1/schema/?{asked}")
    assert answer.status_code in {200, 404}


@pytest.mark.parametrize(
    "address", ["tickets/?q=%00", "tickets/?tag=a%00b", "drafts/?x%00=1", "nothing/%00/"]
)
def test_a_nul_in_an_address_of_the_api_is_refused_in_its_form(call, address):
    status, body = call("GET", address)
    assert (status, body["error"]["code"]) == (400, "text_unreadable")


def test_an_error_of_the_api_is_json_where_the_address_answers_otherwise(call):
    status, body = call("POST", "schema/", b"{}", accept="application/vnd.oai.openapi")
    assert (status, body["error"]["code"]) == (405, "method_not_allowed")


def test_our_own_fault_is_json_in_the_api_and_a_page_elsewhere(db):
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=Broken, LOGIN_URL="/broken/"):
        client.force_login(factories.make_desk(quick=True).aylin)
        api, page, script = (
            client.get("/api/broken/"),
            client.get("/broken/"),
            client.get("/broken/", headers={"x-requested-with": "fetch"}),
        )
    assert (api.status_code, page.status_code, script.status_code) == (500, 500, 500)
    for one in (api, script):
        assert one["Content-Type"] == "application/json"
        assert one.json()["error"]["code"] == "failed"
        assert one.json()["error"]["message"]
    assert page["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("method", "address", "body", "content_type"),
    [
        (
            "POST",
            "/tickets/99999/do/note/",
            b"--x\r\n" + b"A: " + b"b" * 20_000 + b"\r\n\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
        ("POST", "/nowhere/", b"a=b", "multipart/form-data; boundary=\xff"),
        (
            "POST",
            "/nowhere/",
            b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
            "multipart/form-data; boundary=x; charset=nonsense",
        ),
        ("POST", "/people/", b"&".join([b"a=1"] * 1001), "application/x-www-form-urlencoded"),
        ("POST", "/inbox/several/", b"a=1", "application/x-www-form-urlencoded; charset=utf-7"),
        ("GET", "/inbox/", b"", ""),
    ],
)
def test_a_body_that_is_no_form_ends_in_a_sentence_also_on_a_page_of_errors(
    desk, method, address, body, content_type
):
    client = Client(raise_request_exception=False)
    client.force_login(desk.max)
    host = {"HTTP_HOST": "["} if method == "GET" else {}
    answer = client.generic(
        method, address, body, content_type=content_type.encode("latin-1").decode("latin-1"), **host
    )
    assert 400 <= answer.status_code < 500
    assert len(answer.content.decode()) > 100
    assert "<h1>Bad Request (400)</h1>" not in answer.content.decode()


@pytest.mark.parametrize(
    "after",
    [
        "0001-01-01T00:00:00%2B23:59_1",
        "9999-12-31T23:59:59-23:59_1",
        "0001-01-01T00:00:00Z_1",
        "9999-12-31T23:59:59.999999Z_9",
        "x_1",
        "_",
        "%00",
    ],
)
def test_a_place_in_a_list_from_both_ends_of_the_calendar_opens_the_list(desk, client, after):
    client.force_login(desk.aylin)
    for tab in ("open", "answered", "snoozed"):
        assert client.get(f"/inbox/?tab={tab}&after={after}").status_code == 200


@pytest.mark.parametrize(
    "day", ["0001-01-01", "9999-12-31", "01.01.0001", "31.12.9999", "2026-02-30", "-1", "9" * 400]
)
def test_a_day_of_another_age_is_refused_beside_its_field(desk, client, day):
    client.force_login(desk.max)
    answer = client.post(
        f"/people/{desk.rita.person_id}/absence/",
        {"first_day": day, "last_day": day},
        headers={"x-requested-with": "fetch"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "day_odd")


@pytest.mark.parametrize("known", [None, "", "a", -1, 2**70, [], {}, 1.5, True])
def test_a_session_that_holds_something_else_than_it_should_still_opens_pages(desk, client, known):
    client.force_login(desk.aylin)
    session = client.session
    session["known_access_change"] = known
    session.save()
    assert client.get("/inbox/").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "null",
        "inbox",
        "a",
        ".",
        "//",
        "\n",
        "http://[",
        "javascript:alert(1)",
        "https://example.com/",
    ],
)
def test_a_way_on_that_is_no_page_of_ours_leads_to_the_inbox(desk, client, target):
    client.force_login(desk.aylin)
    answers = [
        client.post("/language/", {"language": "en", "next": target}),
        client.post("/theme/", {"theme": "", "next": target}),
    ]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/inbox/")] * 2


def test_a_ticket_beside_a_list_in_which_one_chooses_opens(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    page = client.get(f"/tickets/{ticket.number}/?select=1").content.decode()
    assert desk.bastian.person.name in page


@pytest.mark.parametrize(
    "until",
    [
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_a_time_at_an_end_of_the_calendar_is_refused_by_the_api(desk, call, until):
    status, body = call(
        "POST",
        f"tickets/{factories.a_ticket(desk).number}/snooze/",
        json.dumps({"until": until}).encode(),
    )
    assert (status, list(body["error"]["fields"])) == (400, ["until"])


def post_only():
    """Every address of a page that takes POST alone, with `1` and a word for what it names."""
    for route in routes(get_resolver()):
        filled = re.sub(r"<(?:int|number):[a-z_]+>", "1", route)
        filled = "/" + re.sub(r"<[^>]+>", "word", filled)
        if not filled.startswith(("/api/", "/admin/")):
            yield filled


def routes(resolver, before=""):
    """All routes below this resolver, as they are written."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        else:
            yield route


def test_the_address_of_every_action_opened_as_a_page_leads_to_a_page(desk, client):
    client.force_login(desk.max)
    asked = 0
    for address in post_only():
        if client.get(address).status_code != 405:
            continue
        asked += 1
        answer = client.get(address, headers={"accept": "text/html,*/*"}, follow=True)
        assert answer.redirect_chain, address
        assert answer.status_code in {200, 404}, (address, answer.redirect_chain)
    assert asked >= 25


def test_a_reload_after_a_refused_submit_opens_the_ticket(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    address = f"/tickets/{ticket.number}/draft/submit/"
    assert client.post(address, {"text": ""}).status_code == 400
    answer = client.get(address, headers={"accept": "text/html"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/tickets/{ticket.number}/"
    assert answer.status_code == 200
    assert client.get(address, headers={"accept": "application/json"}).status_code == 405
