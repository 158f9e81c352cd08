"""Bad input at every door.

A 4xx, a sentence that helps, a stable code, nothing changed, nothing typed lost.
"""

import json
import re
from html import escape

import pytest
from django.test import Client

from approvals.drafts import drafting
from approvals.models import Draft, Revision
from people.identity import tokens
from people.memberships import memberships
from servicedesk.api import urls as api_urls
from tests import factories
from tickets import lifecycle
from tickets.ingestion.intake import ingest
from tickets.models import Ticket
from xapi.payloads import read_page

pytestmark = [pytest.mark.campaign, pytest.mark.table]

TEXTS = {
    "": "text_empty",
    "   \n ": "text_empty",
    "^an": "text_empty",
    "x" * 277: "text_long",
    "ö" * 300: "text_long",
    "$AMS or $TSLA": "cashtags",
    "see\x07me": "text_unreadable",
    "a\u200bb": "text_unreadable",
    "a\u202eb": "text_unreadable",
    "a\u2066b": "text_unreadable",
    "\u8fbb\U000e0100": "text_unreadable",
    "a\u180bb": "text_unreadable",
    "\u1780\u17b5": "text_unreadable",
    "\U0001f3f4\U000e0068\U000e0069\U000e007f": "text_unreadable",
    "tag\U000e0041": "text_unreadable",
}


@pytest.fixture
def api(desk):
    """A call of the API as somebody: status, body."""

    def call(who, path, body=None, method="post", raw=None):
        key = tokens.issue(getattr(desk, who), name="test")
        data = raw
        if raw is None:
            data = json.dumps({} if body is None else body)
        answer = getattr(Client(), method)(
            f"/api/v1/{path}",
            data,
            content_type="application/json",
            headers={"authorization": f"Token {key}"},
        )
        return answer.status_code, answer.json() if answer.content else None

    return call


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_cannot_be_posted_is_refused_by_the_api(desk, api, text):
    ticket = factories.a_ticket(desk)
    _status, draft = api("aylin", f"tickets/{ticket.number}/drafts/", {"text": "kept"})
    status, body = api("aylin", f"drafts/{draft['id']}/submit/", {"text": text})
    assert (status, body["error"]["code"]) == (400, TEXTS[text])
    assert body["error"]["message"]
    assert body["error"]["fields"] == {"text": [body["error"]["message"]]}
    assert not Revision.objects.exists()
    assert Draft.objects.get().text == "kept"


@pytest.mark.parametrize("text", [text for text in TEXTS if text.strip() and "\x07" not in text])
def test_and_by_the_browser_which_gives_back_what_was_typed(desk, client, text):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    answer = client.post(
        f"/tickets/{ticket.number}/draft/submit/", {"text": text, "context_version": "1"}
    )
    assert answer.status_code == 400
    assert escape(text) in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not Revision.objects.exists()


def test_exactly_280_with_initials_is_fine_and_emoji_sequences_are_text(desk, api):
    ticket = factories.a_ticket(desk)
    for text in ("x" * 276, "Danke 👩‍👩‍👧‍👦 🇩🇪 👍🏽 ❤️"):
        _status, draft = api("aylin", f"tickets/{ticket.number}/drafts/", {"text": text})
        assert api("aylin", f"drafts/{draft['id']}/submit/", {"text": text})[0] == 200


def test_unknown_fields_wrong_types_and_broken_json_are_named(desk, api):
    ticket = factories.a_ticket(desk)
    revision = factories.submitted(desk, ticket)
    approve = f"drafts/{revision.draft_id}/approve/"
    for body, field in (
        ({"sha256": revision.sha256, "context_version": 1, "force": True}, "force"),
        ({"sha256": revision.sha256, "context_version": "soon"}, "context_version"),
        ({"sha256": revision.sha256}, "context_version"),
        ({"sha256": {"a": 1}, "context_version": 1}, "sha256"),
    ):
        status, answer = api("rita", approve, body)
        assert (status, answer["error"]["code"]) == (400, "invalid")
        assert field in answer["error"]["fields"]
    assert api("rita", approve, raw="{not json")[1]["error"]["code"] == "parse_error"
    assert api("rita", approve, raw="[1, 2]")[0] == 400
    assert Draft.objects.get().status == "in_review"


def test_an_approval_without_or_with_a_foreign_hash(desk, api):
    revision = factories.submitted(desk)
    path = f"drafts/{revision.draft_id}/approve/"
    status, body = api("rita", path, {"context_version": 1})
    assert (status, body["error"]["code"]) == (400, "hash_missing")
    status, body = api("rita", path, {"sha256": "f" * 64, "context_version": 1})
    assert (status, body["error"]["code"]) == (409, "hash_foreign")
    status, body = api("rita", path, {"sha256": revision.sha256, "context_version": 9})
    assert (status, body["error"]["code"]) == (409, "context_changed")


@pytest.mark.parametrize(
    "path",
    [
        "tickets/999999999/",
        "tickets/99999999999999999999999/",
        "drafts/424242/",
        "customers/5/",
        "nonsense/",
    ],
)
def test_what_does_not_exist_or_not_for_me_is_404_in_the_same_shape(desk, api, path):
    factories.a_ticket(desk)
    status, body = api("aylin", path, method="get", raw="")
    assert (status, body["error"]["code"]) == (404, "not_found")


def test_another_departments_ticket_is_invisible(desk, api, client):
    ticket = factories.a_ticket(desk)
    assert api("nele", f"tickets/{ticket.number}/", method="get", raw="")[0] == 404
    client.force_login(desk.nele)
    assert client.get(f"/tickets/{ticket.number}/").status_code == 404


def test_a_closed_ticket_keeps_the_text(desk, client, api):
    ticket = factories.a_ticket(desk)
    lifecycle.resolve(ticket, reason="done", by=desk.aylin)
    client.force_login(desk.aylin)
    answer = client.post(f"/tickets/{ticket.number}/draft/submit/", {"text": "Too late for this."})
    assert answer.status_code == 409
    assert "This ticket is resolved. Reopen it to reply" in answer.content.decode()
    assert (
        api("aylin", f"tickets/{ticket.number}/drafts/", {"text": "x"})[1]["error"]["code"]
        == "ticket_resolved"
    )


def test_a_body_over_one_megabyte_is_413(desk, api, client):
    ticket = factories.a_ticket(desk)
    status, body = api("aylin", f"tickets/{ticket.number}/drafts/", {"text": "x" * 1_100_000})
    assert (status, body["error"]["code"]) == (413, "body_too_large")
    client.force_login(desk.aylin)
    assert (
        client.post(
            f"/tickets/{ticket.number}/draft/submit/", {"text": "x" * 1_100_000}
        ).status_code
        == 413
    )


def test_a_double_submit_makes_two_equal_revisions_at_most_and_one_draft(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    for _click in range(2):
        client.post(
            f"/tickets/{ticket.number}/draft/submit/", {"text": "Hello.", "context_version": "1"}
        )
    assert Draft.objects.count() == 1
    assert Ticket.objects.get().status == "in_approval"


def test_an_expired_session_leads_to_sign_in_and_a_script_is_told(desk):
    ticket = factories.a_ticket(desk)
    answer = Client().post(f"/tickets/{ticket.number}/draft/save/", {"text": "typed"})
    assert answer.status_code == 302
    assert "/sign-in/" in answer["location"]
    assert Client().get("/api/v1/tickets/").status_code == 401


def test_a_form_without_its_token_keeps_what_was_typed(desk):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(desk.aylin)
    answer = browser.post("/tickets/1/draft/submit/", {"text": "my long text"})
    assert answer.status_code == 403
    assert "my long text" in answer.content.decode()


def test_a_deactivated_person_is_out_at_the_next_request(desk, client):
    key = tokens.issue(desk.aylin, name="test")
    client.force_login(desk.aylin)
    assert client.get("/inbox/").status_code == 200
    memberships.deactivate(desk.aylin.person)
    assert client.get("/inbox/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"authorization": f"Token {key}"}).status_code == 401


def test_a_refused_form_gives_the_text_back(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    answer = client.post(f"/tickets/{ticket.number}/do/note/", {"text": "n" * 4001})
    assert answer.status_code == 400
    assert "n" * 4001 in answer.content.decode()
    assert (
        client.post(
            f"/tickets/{ticket.number}/do/snooze/", {"until": "2001-01-01T00:00"}
        ).status_code
        == 400
    )
    assert (
        client.post(f"/tickets/{ticket.number}/do/resolve/", {"reason": "because"}).status_code
        == 400
    )
    assert client.post(f"/tickets/{ticket.number}/do/explode/").status_code == 404


def test_another_window_saved_meanwhile(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    save = f"/tickets/{ticket.number}/draft/save/"
    first = client.post(
        save, {"text": "one", "saved": "0"}, headers={"x-requested-with": "fetch"}
    ).json()
    client.post(
        save, {"text": "two", "saved": str(first["saved"])}, headers={"x-requested-with": "fetch"}
    )
    answer = client.post(
        save, {"text": "three", "saved": str(first["saved"])}, headers={"x-requested-with": "fetch"}
    )
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "draft_changed"
    assert answer.json()["error"]["text"] == "two"


def test_a_colleagues_draft_is_taken_over_not_overwritten(desk, client):
    revision = factories.submitted(desk)
    client.force_login(desk.bastian)
    answer = client.post(
        f"/tickets/{revision.draft.ticket.number}/draft/submit/", {"text": "mine now"}
    )
    assert answer.status_code == 403
    assert "mine now" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/inbox/?after=garbage_5",
        "/inbox/?after=2026-01-01T00:00:00%2B00:00_99999999999999999999",
        "/inbox/?q=%00",
        "/inbox/?q='%22%5C",
        "/inbox/?tag=%00&assignee=99999999999999999999&department=99999999999999999999",
        "/inbox/?tab=nonsense&status=nonsense",
        "/review/?tab=x",
        "/outbox/?tab=x",
        "/guidelines/company/?version=x",
        "/audit/?before=99999999999999999999&person=%00&ticket=%00&first_day=%00",
    ],
)
def test_addresses_with_nonsense_in_them_open_all_the_same(desk, client, address):
    factories.a_ticket(desk)
    client.force_login(desk.lena)
    assert client.get(address).status_code == 200


def test_a_nul_and_half_a_character_are_refused(desk, client, api):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    assert (
        client.post(f"/tickets/{ticket.number}/escalate/", {"reason": "a\x00b"}).status_code == 400
    )
    assert api("aylin", f"tickets/{ticket.number}/notes/", raw='{"text": "half \\ud800"}')[0] == 400


HALVES = {
    "as a name": '{"\\ud800": "a"}',
    "as a value": '{"\\udfff": "\\ud800"}',
    "as a choice": '{"decision": "\\ud800", "status": "\\ud800", "reason": "\\ud800"}',
    "deeper": '{"text": ["a", {"b": "\\ud800"}]}',
}


@pytest.mark.parametrize("body", HALVES.values(), ids=HALVES)
def test_half_a_character_is_refused_by_every_operation(desk, api, body):
    number = str(factories.a_ticket(desk).number)
    told = 0
    for pattern in api_urls.of_nouns():
        if "post" not in getattr(pattern.callback, "actions", {}):
            continue
        address = re.sub(r"<[^>]+>", number, str(pattern.pattern))
        status, answer = api("aylin", address, raw=body)
        assert status in {400, 403, 404, 415}, (address, answer)
        told += "half of a character" in answer["error"]["message"]
    assert told > 10, "most operations read the body first"


@pytest.mark.parametrize("version", [2, 1000, 2**31 - 1, 2**31, 99_999_999_999])
def test_a_state_that_the_ticket_has_not_come_to_was_on_nobodys_screen(desk, client, api, version):
    ticket = factories.a_ticket(desk)
    assert ticket.context_version == 1
    draft = drafting.open_draft(ticket, by=desk.aylin)
    body = {"text": "We look into it.", "context_version": version}
    status, answer = api("aylin", f"drafts/{draft.pk}/submit/", body)
    assert status in {400, 409}, answer
    client.force_login(desk.aylin)
    page = client.post(f"/tickets/{ticket.number}/draft/submit/", body)
    assert page.status_code in {400, 409}
    assert "We look into it." in page.content.decode()
    assert not Revision.objects.exists()


def test_what_x_delivers_cannot_smuggle_markup_in(desk, client):
    link = {
        "url": "span",
        "expanded_url": "javascript:alert(1)",
        "display_url": "<script>x</script>",
    }
    body = {
        "data": [
            {
                "id": "2124319595115315200",
                "text": "@AmselnetzHilfe &lt;img src=x onerror=alert(1)&gt; https://t.co/abc",
                "author_id": "7001",
                "entities": {"urls": [link, {**link, "url": "https://t.co/abc"}]},
                "attachments": {"media_keys": ["1"]},
            }
        ],
        "includes": {
            "users": [{"id": "7001", "username": "grace_adeyemi", "name": "<b>Grace</b>"}],
            "media": [{"media_key": "1", "url": "javascript:alert(2)"}],
        },
    }
    ingest(read_page(body), desk.account)
    client.force_login(desk.aylin)
    page = client.get(f"/tickets/{Ticket.objects.get().number}/").content.decode()
    assert "javascript:" not in page
    assert "<script>x" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "&lt;b&gt;Grace" in page


@pytest.mark.parametrize("odd", ["²", "9" * 40, "-1", "1e3", "٣", "x", "\x00"])
def test_a_number_that_is_none_is_no_reason_to_fail(desk, client, odd):
    """`str.isdigit` is true for a raised two, of which no number can be made."""
    ticket = factories.a_ticket(desk)
    client.force_login(desk.lena)
    answers = [
        client.post(f"/tickets/{ticket.number}/do/assign/", {"person": odd}),
        client.post(f"/tickets/{ticket.number}/do/hand-off/", {"department": odd}),
        client.post(
            "/inbox/several/",
            {"number": [odd], "act": "resolve", "reason": "thanks", "person": odd, "incident": odd},
        ),
        client.post(f"/tickets/{ticket.number}/draft/save/", {"text": "a", "saved": odd}),
        *(client.get("/inbox/", {name: odd}) for name in ("department", "assignee", "after", "q")),
        client.get("/audit/", {"before": odd}),
    ]
    client.force_login(desk.max)
    answers += [
        client.get(f"/guidelines/{odd.replace(chr(0), '0')}/"),
        client.post("/accounts/new/", {"department": odd, "handle": "a"}),
        client.post("/people/", {"revoke": odd}),
        client.post(f"/people/{desk.rita.person_id}/end-role/", {"membership": odd}),
        client.post(
            "/routing/rules/new/",
            {"name": "n", "department": odd, "followers": odd, "minutes": odd, "saved": odd},
        ),
        client.post(
            "/saved-replies/new/", {"title": "t", "text": "x", "language": "en", "department": odd}
        ),
        client.post("/departments/new/", {"name_en": "N", "clock_minutes": odd, "parent": odd}),
    ]
    assert [one.status_code for one in answers if one.status_code >= 500] == []
