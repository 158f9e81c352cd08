"""Filters of the inbox: each narrows, is said, and is taken off alone; the form is folded."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from core.database.db_time import desk_now
from tests import factories
from tickets import lifecycle
from tickets.inbox import filters, saved_views
from tickets.inbox.known_tags import known_tags
from tickets.models import Ticket
from tickets.states import Priority, ResolvedReason

NOTHING = dict.fromkeys((*saved_views.PARTS, "after", "select"), "")


def found(client, query: str) -> set[int]:
    """The numbers of the tickets in this list."""
    page = client.get(f"/inbox/list/?{query}").content.decode()
    return {int(number) for number in re.findall(r'data-number="(\d+)"', page)}


@pytest.fixture
def two(desk, client):
    """Two tickets: one as it came, one that differs in everything filters ask for."""
    plain = factories.a_ticket(desk, "@AmselnetzHilfe my router blinks")
    other = factories.a_ticket(desk, "@AmselnetzHilfe the bill is wrong")
    lifecycle.tag(other, tags=["bill"], by=desk.aylin)
    lifecycle.assign(other, to=desk.bastian.person, by=desk.aylin)
    lifecycle.set_priority(other, priority=Priority.HIGH, by=desk.aylin)
    client.force_login(desk.aylin)
    return plain, other


@pytest.mark.parametrize(
    "query",
    ["tag=bill", "tag=BILL", "priority=high", "assignee={bastian}", "tag=bill&priority=high"],
)
def test_each_filter_narrows_the_list(desk, client, two, query):
    plain, other = two
    query = query.format(bastian=desk.bastian.person_id)
    assert found(client, "") == {plain.number, other.number}
    assert found(client, query) == {other.number}


def test_language_account_and_state_narrow_too(desk, client, two):
    plain, other = two
    Ticket.objects.filter(pk=other.pk).update(language="fr")
    assert found(client, "language=fr") == {other.number}
    assert found(client, f"account={plain.account_id}") == {plain.number, other.number}
    assert found(client, f"account={plain.account_id + 999}") == set()
    lifecycle.resolve(other, reason=ResolvedReason.SPAM, by=desk.aylin)
    assert found(client, "tab=mine&status=resolved") == {other.number}
    assert found(client, "tab=resolved&status=new") == {plain.number}


def test_days_are_those_of_the_reader_and_both_count(desk, client, two):
    plain, other = two
    today = timezone.localdate()
    before = desk_now() - timedelta(days=10)
    Ticket.objects.filter(pk=other.pk).update(last_inbound_at=before)
    assert found(client, f"since={today}") == {plain.number}
    assert found(client, f"until={today - timedelta(days=5)}") == {other.number}
    assert found(client, f"since={today}&until={today}") == {plain.number}
    assert found(client, "since=2026-99-99") == {plain.number, other.number}


@pytest.mark.parametrize("value", ["x", "9" * 40, "-1", "'; --", "١"])
@pytest.mark.parametrize("name", filters.NAMES)
def test_whatever_stands_in_the_address_the_list_opens(desk, client, two, name, value):
    assert client.get("/inbox/", {name: value}).status_code == 200


def test_the_form_is_folded_and_what_holds_is_said_and_taken_off_alone(desk, client, two):
    page = client.get("/inbox/?tab=open&q=bill&tag=bill&priority=high").content.decode()
    assert re.search(r"<details data-stays>\s*<summary", page)
    assert "Tag: <bdi>bill</bdi>" in page
    assert "Priority: <bdi>High</bdi>" in page
    assert 'href="/inbox/?tab=open&amp;q=bill&amp;priority=high"' in page
    assert 'href="/inbox/?tab=open&amp;q=bill"' in page
    assert "Clear filters" in page
    assert "Clear filters" not in client.get("/inbox/?q=bill").content.decode()


def test_an_incident_elsewhere_is_not_named(desk):
    held = filters.filters_of(desk.aylin, NOTHING | {"incident": "12345"}).held
    assert [one.value for one in held] == ["12345"]


def test_a_view_keeps_every_filter(desk):
    view = saved_views.keep(
        name="French",
        query="language=fr&priority=high&since=2026-11-01&evil=1",
        department=None,
        by=desk.aylin,
    )
    assert view.query == "language=fr&priority=high&since=2026-11-01"


def test_tags_in_use_are_offered_the_most_frequent_first(desk, two):
    for text in ("@AmselnetzHilfe one", "@AmselnetzHilfe two"):
        lifecycle.tag(factories.a_ticket(desk, text), tags=["router", "x"], by=desk.aylin)
    assert known_tags(desk.aylin) == ["router", "x", "bill"]
    assert known_tags(desk.nele) == []
