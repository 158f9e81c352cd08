"""The API as programs meet it: its description, its pages, its pace, its addresses."""

import base64
import io
import json
import os
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.throttling import ScopedRateThrottle

from people.identity.tokens import issue
from people.models import ApiToken
from tests import factories
from tests.pictures import a_picture

LISTS = ("departments", "people", "tokens", "tickets", "accounts", "drafts", "deliveries")


@pytest.fixture
def api(desk, client):
    """Call the API as somebody by a token: `api("rita", "get", "drafts/")`."""
    keys = {}

    def call(who, method, path, body=None, **more):
        if who not in keys:
            keys[who] = issue(getattr(desk, who), name="test")
        return getattr(client, method)(
            f"/api/v1/{path}",
            body,
            headers={"authorization": f"Token {keys[who]}"},
            **({"content_type": "application/json"} if method != "get" else {}),
            **more,
        )

    return call


def operations():
    """Every operation of the description."""
    import yaml

    said = io.StringIO()
    call_command("spectacular", stdout=said)
    for path, verbs in yaml.safe_load(said.getvalue())["paths"].items():
        for verb, operation in verbs.items():
            yield path, verb, operation


@pytest.mark.campaign
def test_every_operation_has_a_name_and_sentences_of_its_own():
    found = list(operations())
    names = [operation["operationId"] for _path, _verb, operation in found]
    summaries = [operation.get("summary", "") for _path, _verb, operation in found]
    sentences = [operation.get("description", "") for _path, _verb, operation in found]
    assert len(found) > 40
    for said in (names, summaries, sentences):
        assert all(said)
        assert sorted(said) == sorted(set(said))
    assert not [name for name in names if name.endswith("_create") and name != "tokens_create"]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_pages_and_knows_its_parameters(desk, api, name):
    page = api("rita", "get", f"{name}/").json()
    assert set(page) == {"next", "previous", "results"}
    refused = api("rita", "get", f"{name}/?colour=red")
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "unknown_parameter"
    assert "colour" in refused.json()["error"]["fields"]


@pytest.mark.campaign
def test_lists_are_narrowed_by_what_the_address_asks_for(desk, api):
    draft = factories.approved(desk)
    for asked, found in (
        ("status=approved", 1),
        ("status=writing", 0),
        (f"ticket={draft.ticket.number}", 1),
        (f"writer={draft.writer.person_id}", 1),
        (f"department={desk.business.pk}", 0),
    ):
        assert len(api("rita", "get", f"drafts/?{asked}").json()["results"]) == found, asked
    refused = api("rita", "get", "drafts/?status=lost")
    assert (refused.status_code, set(refused.json()["error"]["fields"])) == (400, {"status"})


def test_who_calls_too_often_waits_and_is_told_how_long(desk, api, monkeypatch):
    cache.clear()
    monkeypatch.setattr(
        ScopedRateThrottle, "THROTTLE_RATES", {"read": "2/min", "write": "1/min", "decide": None}
    )
    assert [api("rita", "get", "me/").status_code for _call in range(3)] == [200, 200, 429]
    refused = api("rita", "get", "drafts/")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert api("lena", "get", "me/").status_code == 200, "each caller has a pace of their own"
    made = [api("rita", "post", "tokens/", {"name": "t"}).status_code for _call in range(2)]
    assert made == [201, 429]
    cache.clear()


def test_the_pace_that_is_set_by_default_is_one_that_the_framework_reads():
    kept = {name: value for name, value in os.environ.items() if "_PER_MINUTE" not in name}
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import json; from servicedesk.settings import REST_FRAMEWORK as api; "
            "print(json.dumps(api['DEFAULT_THROTTLE_RATES']))",
        ],
        env=kept,
        capture_output=True,
        check=True,
        text=True,
    )
    rates = json.loads(said.stdout)
    read = {
        kind: ScopedRateThrottle.parse_rate(ScopedRateThrottle, rate)
        for kind, rate in rates.items()
    }
    assert read == {"read": (600, 60), "write": (240, 60), "decide": (60, 60)}


@pytest.mark.parametrize("place", ["p=abc", "p=%00", "r=1&p=abc", "p=-1"])
def test_a_cursor_that_nobody_gave_is_not_there(desk, api, place):
    cursor = base64.b64encode(place.encode()).decode()
    for name in LISTS:
        answer = api("rita", "get", f"{name}/?cursor={cursor}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), name


@pytest.mark.parametrize("asked", ["abc", "0", "201", "-1", "", "1.5", "9" * 30])
def test_a_page_of_another_size_than_there_is_is_refused_by_a_sentence(desk, api, asked):
    for name in LISTS:
        answer = api("rita", "get", f"{name}/?page_size={asked}")
        assert (answer.status_code, set(answer.json()["error"]["fields"])) == (400, {"page_size"})


def test_a_parameter_that_stands_twice_in_the_address_is_refused(desk, api):
    for name in LISTS:
        answer = api("rita", "get", f"{name}/?page_size=1&page_size=2")
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "said_twice"), name


def test_what_a_list_shows_has_an_address_of_its_own_and_what_it_does_not_show_has_none(desk, api):
    for name in ("departments", "accounts"):
        shown = api("aylin", "get", f"{name}/").json()["results"]
        every = api("max", "get", f"{name}/").json()["results"] if name == "accounts" else shown
        for one in shown:
            assert api("aylin", "get", f"{name}/{one['id']}/").json() == one
        for number in {one["id"] for one in every} - {one["id"] for one in shown} | {4242}:
            assert api("aylin", "get", f"{name}/{number}/").status_code == 404


def test_a_decision_without_the_hash_of_what_was_read_is_refused_before_anything(desk, api):
    revision = factories.submitted(desk)
    for verb in ("approve", "countersign", "request-changes", "reject", "correct"):
        address = f"drafts/{revision.draft_id}/{verb}/"
        said = {"context_version": 1, ("text" if verb == "correct" else "comment"): "no"}
        answer = api("rita", "post", address, json.dumps(said))
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "hash_missing"), verb
        assert set(answer.json()["error"]["fields"]) == {"sha256"}


@pytest.mark.parametrize(
    "at", ["0392-10-29T21:06:43.8%2B21:30", "0001-01-01T00:00%2B23:59", "9999-12-31T23:59-23:59"]
)
def test_a_time_of_another_age_or_zone_is_a_time_or_refused(desk, api, at):
    for name in ("drafts", "tickets", "deliveries"):
        answer = api("rita", "get", f"{name}/?updated_since={at}")
        assert answer.status_code in {200, 400}, (name, answer.content)


def test_drafts_are_narrowed_by_the_time_of_their_last_saving(desk, api):
    factories.approved(desk)
    for since, found in (("2020-01-01T00:00:00Z", 1), ("9000-01-01T00:00:00Z", 0)):
        assert len(api("rita", "get", f"drafts/?updated_since={since}").json()["results"]) == found


def test_administrators_list_and_revoke_the_tokens_of_a_person(desk, api):
    issue(desk.aylin, name="hers")
    person = desk.aylin.person_id
    assert api("rita", "get", f"tokens/?person={person}").json()["results"] == []
    [token] = api("max", "get", f"tokens/?person={person}").json()["results"]
    assert api("rita", "delete", f"tokens/{token['id']}/").status_code == 404
    assert api("max", "delete", f"tokens/{token['id']}/").status_code == 204
    assert ApiToken.objects.get(pk=token["id"]).revoked_at


def test_a_picture_comes_as_a_file_and_nothing_else_does(desk, client):
    draft = factories.approved(desk)
    key = {"authorization": f"Token {issue(desk.aylin, name='test')}"}
    address = f"/api/v1/drafts/{draft.pk}/pictures/"
    picture = SimpleUploadedFile("words.png", b"no picture", "image/png")
    answer = client.post(address, {"picture": picture, "colour": "red"}, headers=key)
    assert (answer.status_code, set(answer.json()["error"]["fields"])) == (400, {"colour"})
    answer = client.post(address, {"picture": "AAAA"}, content_type="application/json", headers=key)
    assert answer.status_code == 415


def test_an_address_of_no_version_is_not_there(desk, client):
    for address in ("/api/", "/api/drafts/", "/api/v2/drafts/", "/api/v1/nothing/"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), address


def test_colleagues_are_listed_of_ones_own_departments_alone(desk, api):
    names = {one["name"] for one in api("aylin", "get", "people/").json()["results"]}
    assert {desk.aylin.person.name, desk.rita.person.name} <= names
    assert desk.nele.person.name not in names
    assert api("rita", "get", "drafts/?writer=1.5").status_code == 400


@pytest.mark.campaign
def test_a_customer_is_answered_by_the_api_as_the_page_says(desk, api, client, monkeypatch):
    """The steps of docs/how-to/answer-by-the-api.md, at the pace that a desk is set up with."""
    rates = {"read": "600/min", "write": "240/min", "decide": "60/min"}
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", rates)
    words = "Hi Grace, please unplug it for ten seconds."
    [ticket] = factories.arrive(desk, factories.post("@AmselnetzHilfe my router blinks"))
    found = api("aylin", "get", f"tickets/?status=new&department={desk.service.pk}").json()
    assert ticket.number in [one["number"] for one in found["results"]]
    draft = api("aylin", "post", f"tickets/{ticket.number}/drafts/", {"text": words}).json()
    key = {"authorization": f"Token {issue(desk.aylin, name='more')}"}
    picture = SimpleUploadedFile("router.png", a_picture(), "image/png")
    form = {"picture": picture, "alt": "The red light."}
    pictures = f"/api/v1/drafts/{draft['id']}/pictures/"
    assert client.post(pictures, form, headers=key).status_code == 201
    submitted = api("aylin", "post", f"drafts/{draft['id']}/submit/", {"text": words}).json()
    newest = submitted["revisions"][-1]
    assert [one["alt"] for one in newest["pictures"]] == ["The red light."]
    read = {"sha256": newest["sha256"], "context_version": submitted["context_version"]}
    own = api("aylin", "post", f"drafts/{draft['id']}/approve/", read)
    assert own.status_code == 403
    approved = api("rita", "post", f"drafts/{draft['id']}/approve/", read)
    assert (approved.status_code, approved.json()["status"]) == (200, "approved")
    assert api("rita", "get", "deliveries/?status=posted").json()["results"] == []


@pytest.mark.campaign
def test_no_operation_is_asked_for_its_options_with_a_failure(desk, api):
    for path, _verb, _operation in operations():
        address = path.removeprefix("/api/v1/").replace("{", "").replace("}", "")
        for name in ("id", "number", "external_id", "pk"):
            address = address.replace(f"/{name}/", "/1/")
        answer = api("rita", "options", address)
        assert answer.status_code in {404, 405}, (path, answer.status_code)


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["drafts", "tickets"])
def test_a_list_asks_the_database_as_often_for_many_as_for_one(desk, api, name):
    factories.approved(desk)
    api("rita", "get", f"{name}/")  # what is read once a day is read now
    asked = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert api("rita", "get", f"{name}/").status_code == 200
        asked.append(len(queries))
        for _number in range(3):
            factories.approved(desk)
    assert len(api("rita", "get", f"{name}/").json()["results"]) == 7
    assert asked[0] == asked[1]
