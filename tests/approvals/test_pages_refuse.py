"""What the pages of drafts, reviews and guidelines refuse, and to whom they are not there."""

import json

import pytest

from approvals.drafts import drafting
from approvals.guidelines import editing
from approvals.models import Draft, Revision
from people.identity.tokens import issue
from tests import factories
from tickets.models import Ticket

PARAGRAPH = {
    "number": "1",
    "title_en": "Be kind",
    "title_de": "",
    "text_en": "",
    "text_de": "",
    "checks": [
        {"kind": "forbidden_words", "severity": "hint", "settings": {"terms": {"en": ["sadly"]}}}
    ],
}


@pytest.fixture
def draft(desk):
    """Aylin's reply to Grace, being written."""
    return drafting.open_draft(factories.a_ticket(desk), by=desk.aylin, text="Hi Grace.")


def call(client, by, path, body=None):
    """The API's status and code."""
    headers = {"authorization": f"Token {issue(by, name='test')}"}
    answer = (
        client.get(path, headers=headers)
        if body is None
        else client.post(path, json.dumps(body), content_type="application/json", headers=headers)
    )
    return answer.status_code, answer.json().get("error", {}).get("code") if isinstance(
        answer.json(), dict
    ) else None


def test_a_decision_is_one_of_four_and_about_a_text(desk, draft, client):
    client.force_login(desk.rita)
    assert client.post(f"/review/{draft.pk}/ponder/", {}).status_code == 404
    assert (
        client.post(
            f"/review/{draft.pk}/approve/", {"sha256": "", "context_version": "1"}
        ).status_code
        == 404
    )
    assert call(
        client,
        desk.rita,
        f"/api/v1/drafts/{draft.pk}/approve/",
        {"context_version": 1, "sha256": "0" * 64},
    ) == (409, "not_in_review")
    assert call(client, desk.rita, "/api/v1/drafts/?status=lost") == (400, "invalid")


@pytest.mark.campaign
def test_the_leads_queue_is_the_leads(desk, client):
    for name, status in (("rita", 403), ("aylin", 403), ("lena", 200)):
        client.force_login(getattr(desk, name))
        assert client.get("/lead/").status_code == status


@pytest.mark.campaign
def test_another_departments_draft_is_not_there(desk, draft, client):
    client.force_login(desk.nele)
    assert client.get(f"/review/{draft.pk}/").status_code == 404
    assert call(client, desk.nele, f"/api/v1/drafts/{draft.pk}/") == (404, "not_found")
    client.force_login(desk.bastian)
    assert client.get(f"/review/{draft.pk}/").status_code == 200


@pytest.mark.campaign
def test_nothing_is_submitted_that_is_empty_or_was_written_past_the_customer(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    page = f"/tickets/{ticket.number}/draft/submit/"
    answer = client.post(page, {"text": "  ", "context_version": "1"})
    assert (answer.status_code, "There is no text yet" in answer.content.decode()) == (400, True)
    assert not Draft.objects.exists()
    factories.arrive(
        desk, factories.post("@AmselnetzHilfe and now?", conversation=ticket.conversation_id)
    )
    answer = client.post(page, {"text": "Hi Grace.", "context_version": "1"})
    assert (
        answer.status_code,
        "Something happened while you were writing" in answer.content.decode(),
    ) == (409, True)
    assert not Revision.objects.exists()
    assert (
        client.post(
            page,
            {"text": "Hi Grace.", "context_version": str(Ticket.objects.get().context_version)},
        ).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("place", "status"),
    [("1/new", 200), ("1/0", 200), ("1/1", 404), ("1/first", 404), ("2/new", 404)],
)
def test_a_check_of_a_guideline_has_its_address(desk, client, place, status):
    editing.first_version(None, text_en="## 1 Be kind", text_de="", paragraphs=[PARAGRAPH])
    client.force_login(desk.max)
    assert client.get(f"/guidelines/company/edit/{place}/").status_code == status


def test_a_guideline_is_the_companys_or_a_departments(desk, client):
    client.force_login(desk.aylin)
    for scope, status in (
        ("company", 200),
        (desk.service.pk, 200),
        ("everybody", 404),
        (99_999, 404),
    ):
        assert client.get(f"/guidelines/{scope}/").status_code == status
