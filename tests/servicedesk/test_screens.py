"""Every screen opens for everybody who may see it, in both languages; the API describes itself."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.escalation import escalation
from servicedesk.operations import database_kind
from tests import factories
from tests.support.markup import rows_in
from tickets import lifecycle
from tickets.conversations import notes
from tickets.models import Ticket
from xapi.payloads import XUser

SCREENS = [
    "/inbox/",
    "/inbox/?tab=mine",
    "/inbox/?tab=unassigned",
    "/inbox/?tab=approval",
    "/inbox/?tab=snoozed",
    "/inbox/?tab=answered",
    "/inbox/?tab=resolved",
    "/inbox/?tab=filtered",
    "/inbox/?q=router",
    "/inbox/?q=@grace",
    "/inbox/?q=10001",
    "/inbox/?assignee=me&tag=x&status=new",
    "/review/",
    "/review/?tab=mine",
    "/review/?tab=escalated",
    "/review/?tab=decided",
    "/outbox/",
    "/outbox/?tab=uncertain",
    "/outbox/?tab=refused",
    "/outbox/?tab=posted",
    "/outbox/?tab=without",
    "/guidelines/",
    "/people/",
]


@pytest.mark.campaign
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_opens(desk, client, path, language):
    revision = factories.submitted(desk)
    escalation.escalate(revision.draft.ticket, reason="Why not.", by=desk.aylin)
    notes.add_note(revision.draft.ticket, text="For @rita only", by=desk.aylin)
    client.force_login(desk.lena)
    client.post("/language/", {"language": language})
    page = client.get(path)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


@pytest.mark.campaign
def test_ticket_review_lead_and_audit_open(desk, client):
    revision = factories.submitted(desk)
    client.force_login(desk.lena)
    for path in (
        f"/tickets/{revision.draft.ticket.number}/",
        f"/review/{revision.draft_id}/",
        "/lead/",
        "/audit/",
        "/audit/?kind=replies",
        f"/tickets/{revision.draft.ticket.number}/conversation/",
        f"/review/{revision.draft_id}/state/",
        "/inbox/list/",
        "/review/list/",
        "/outbox/list/",
    ):
        assert client.get(path).status_code == 200, path
    client.force_login(desk.aylin)
    assert client.get("/audit/").status_code == 403
    assert client.get("/lead/").status_code == 403


@pytest.mark.campaign
def test_search_finds_words_handles_names_and_numbers(desk, client):
    ticket = factories.a_ticket(desk, "@AmselnetzHilfe the Fritzbox blinkt seit gestern")
    factories.a_ticket(desk, "@AmselnetzHilfe something else")
    client.force_login(desk.aylin)
    for words in (
        "fritzbox",
        "Fritz",
        "blinkt gestern",
        "@grace_a",
        str(ticket.number),
        f"#{ticket.number}",
        "Adeyemi",
    ):
        assert str(ticket.number) in client.get("/inbox/", {"q": words}).content.decode(), words
    assert str(ticket.number) not in client.get("/inbox/", {"q": "nothing%_like"}).content.decode()


@pytest.mark.campaign
def test_the_inbox_pages_through_more_than_fifty(desk, client):
    factories.arrive(
        desk,
        *(
            factories.post(f"@AmselnetzHilfe number {n}", at=factories.ago(minutes=n))
            for n in range(60)
        ),
    )
    client.force_login(desk.aylin)
    first = client.get("/inbox/")
    assert rows_in(first.content.decode()) == 50
    following = client.get(f"/inbox/?after={first.context['next'].replace('+', '%2B')}")
    assert rows_in(following.content.decode()) == 10


@pytest.mark.campaign
def test_the_number_of_queries_does_not_grow(desk, client, django_assert_max_num_queries, settings):
    settings.LIVE_PREFIX += (
        "nobody-else:"  # who was here in another test would be looked up for the bar
    )

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/inbox/")
        return len(queries)

    client.force_login(desk.aylin)
    factories.arrive(desk, *(factories.post(f"@AmselnetzHilfe number {n}") for n in range(3)))
    few = min(asked(), asked())
    factories.arrive(desk, *(factories.post(f"@AmselnetzHilfe number {n}") for n in range(45)))
    asked()  # what is new is read once
    assert asked() <= few <= 7
    others = [XUser(id=7100 + n, handle=f"other{n}", name=f"Other {n}") for n in range(2)]
    before, number = (factories.a_ticket(desk, by=other).number for other in others)
    client.get(f"/tickets/{before}/")
    with django_assert_max_num_queries(11):
        client.get(f"/tickets/{number}/")
    with django_assert_max_num_queries(7):
        client.get(f"/tickets/{number}/", headers={"X-Panes": "1", "X-Requested-With": "fetch"})
    for ticket in Ticket.objects.order_by("id")[:3]:
        factories.submitted(desk, ticket)
    client.force_login(desk.rita)
    client.get("/review/")
    with django_assert_max_num_queries(6):
        assert client.get("/review/").context["rows"]


def test_snooze_tags_priority_assign_by_form(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    do = f"/tickets/{ticket.number}/do"
    client.post(f"{do}/take/")
    client.post(f"{do}/tag/", {"tags": "Router, störung , router"})
    client.post(f"{do}/priority/", {"priority": "high"})
    client.post(f"{do}/snooze/", {"until": "hour"})
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.tags, ticket.priority) == (
        desk.aylin.person,
        ["router", "störung"],
        "high",
    )
    assert ticket.snoozed_until
    factories.arrive(
        desk, factories.post("@AmselnetzHilfe I am back", conversation=ticket.conversation_id)
    )
    ticket.refresh_from_db()
    assert ticket.snoozed_until is None


def test_a_snoozed_ticket_comes_back_by_itself(desk, ahead):
    ticket = factories.a_ticket(desk)
    lifecycle.snooze(ticket, until=factories.ago(hours=-1), by=desk.aylin)
    assert lifecycle.wake_due() == 0
    ahead("2 hours")
    assert lifecycle.wake_due() == 1


@pytest.mark.campaign
def test_administrators_publish_guidelines_in_versions(desk, client):
    client.force_login(desk.max)
    path = "/guidelines/company/edit/"
    typed = {
        "text_en": "## 1 Kind\n\nBe **kind**. <script>x</script>",
        "text_de": "## 1 Freundlich\n\nSeien Sie freundlich.",
        "summary": "first",
        "saved": "0",
    }
    client.get(path)
    assert client.post(path, typed | {"act": "publish"}).status_code == 302
    page = client.get("/guidelines/company/").content.decode()
    assert "<strong>kind</strong>" in page
    assert "&lt;script&gt;" in page
    client.get(path)
    client.post(path, typed | {"text_en": "## 1 Newer", "text_de": "", "act": "save"})
    stale = client.post(path, typed | {"text_en": "## 1 Old base", "text_de": "", "act": "save"})
    assert stale.status_code == 409
    assert "Old base" in stale.content.decode()


def test_the_schema_describes_every_address(desk, client):
    client.force_login(desk.aylin)
    schema = client.get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    assert schema.status_code == 200
    text = schema.content.decode()
    for path in (
        "/api/v1/drafts/{id}/approve/",
        "/api/v1/tickets/{number}/hand-off/",
        "/api/v1/accounts/{id}/pause/",
    ):
        assert path in text


def test_health(client, db):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    everything = client.get("/readyz?all")
    assert everything.status_code == 503
    assert everything.json()["worker and beat"] == "not seen yet"


def test_one_click_sign_in_exists_in_the_demo_only(desk, client, settings):
    settings.DEMO = False
    assert client.post("/sign-in/as/", {"username": "aylin"}).status_code == 404
    assert "Who would you like to be?" not in client.get("/sign-in/").content.decode()
    settings.DEMO = True
    assert client.post("/sign-in/as/", {"username": "aylin"}).status_code == 404
    database_kind.set_mark("demo")
    assert client.post("/sign-in/as/", {"username": "aylin"}).status_code == 302
    assert client.post("/sign-in/as/", {"username": "root"}).status_code == 404


def test_pages_cannot_be_framed_and_carry_a_policy(desk, client):
    answer = client.get("/sign-in/")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
