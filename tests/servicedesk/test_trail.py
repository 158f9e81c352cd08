"""The audit trail on its screen: in words, narrowed, linked, and without the desk's own noise."""

import html
import re

import pytest
from django.utils import timezone

from core.audit import record
from core.channel import acting_through
from core.models import Event
from servicedesk.evidence import trail
from servicedesk.launcher.running import ROOT
from tests import factories


@pytest.fixture
def happened(desk):
    """Two tickets, of which one was answered by Aylin and approved by Rita."""
    revision = factories.submitted(desk)
    factories.approved(desk, revision)
    other = factories.a_ticket(desk, "@AmselnetzHilfe something else")
    record("ticket.tagged", other, by=desk.lena, department_id=other.department_id)
    with acting_through("token:7"):
        record("person.changed", desk.rita.person, by=desk.max)
    return revision.draft.ticket, other


def shown(client, **asked):
    """The sentences, and the whole page."""
    page = client.get("/audit/", asked).content.decode()
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr.*?</tr>", body, re.S)
    return [html.unescape(re.sub(r"\s+", " ", re.sub("<.*?>", "", row))) for row in rows], page


def test_it_is_told_in_words_with_date_second_and_zone_and_links(happened, desk, client):
    ticket, other = happened
    client.force_login(desk.lena)
    rows, page = shown(client)
    assert rows[0].count(":") == 2
    assert re.search(r"\d{1,2} \w{3} \d{4}, \d+:\d\d:\d\d [ap]m \(CES?T\)", rows[0])
    assert f'href="/tickets/{ticket.number}/"' in page
    assert f'href="/tickets/{other.number}/"' in page
    client.force_login(desk.max)
    _rows, page = shown(client)
    assert f'href="/tickets/{ticket.number}/"' not in page  # another department's, for Max
    assert f'<a href="/people/{desk.rita.person_id}/"><bdi>Rita Sommer</bdi></a>' in page
    assert "by a program, token 7" in page
    assert "review.approved" not in page
    assert "tickets.ticket" not in page


def test_raw_names_stand_behind_a_switch(happened, desk, client):
    client.force_login(desk.max)
    _rows, page = shown(client, raw="on")
    assert "review.approved" in page
    assert f"tickets.ticket {happened[0].pk}" in page


def test_what_the_desk_does_all_the_time_is_shown_on_request(happened, desk, client):
    client.force_login(desk.max)
    noisy = Event.objects.filter(name__in=trail.NOISE).count()
    assert noisy
    quiet, _page = shown(client)
    everything, _page = shown(client, everything="on")
    assert len(everything) == len(quiet) + noisy


@pytest.mark.parametrize("kind", trail.KINDS)
def test_each_kind_shows_its_own_events_alone(happened, desk, client, kind):
    client.force_login(desk.max)
    _rows, page = shown(client, kind=kind, everything="on", raw="on")
    names = set(re.findall(r'audit__raw">\d+ ([a-z_]+)\.', page))
    assert names <= set(trail.KINDS[kind][1])


def test_every_event_belongs_to_one_kind():
    nouns = {path.name.partition(".")[0] for path in (ROOT / "templates/timeline").glob("*.html")}
    known = [noun for _label, nouns_of in trail.KINDS.values() for noun in nouns_of]
    assert not nouns - set(known)
    assert len(known) == len(set(known))


def test_it_is_narrowed_by_person_ticket_and_day(happened, desk, client):
    ticket, other = happened
    client.force_login(desk.lena)
    rows, _page = shown(client, person=desk.lena.person_id)
    assert rows
    assert all("Lena Brandt" in row for row in rows)
    rows, page = shown(client, ticket=f"{other.number:,}")
    assert rows
    assert f'href="/tickets/{ticket.number}/"' not in page
    today = timezone.localdate().isoformat()
    assert shown(client, first_day=today, last_day=today)[0] == shown(client)[0]
    assert shown(client, last_day="2020-01-01")[0] == []
    assert "Nothing in the trail fits" in shown(client, first_day="2999-01-01")[1]


@pytest.mark.parametrize(
    "odd",
    [{"person": "x"}, {"ticket": "x"}, {"first_day": "x"}, {"kind": "x"}, {"last_day": "\x00"}],
)
def test_what_cannot_be_read_narrows_nothing(happened, desk, client, odd):
    client.force_login(desk.max)
    assert shown(client, **odd)[0] == shown(client)[0]


def test_earlier_keeps_what_was_looked_for(happened, desk, client, monkeypatch):
    monkeypatch.setattr("servicedesk.screens.audit.SHOWN", 2)
    client.force_login(desk.max)
    first, page = shown(client, kind="replies")
    address = html.unescape(re.search(r'class="more" href="\?([^"]+)"', page)[1])
    assert "kind=replies" in address
    second = client.get(f"/audit/?{address}").content.decode()
    assert "earlier" not in first
    assert not any(row in second for row in first)


def test_a_lead_reads_the_trail_of_the_own_departments_alone(happened, desk, client):
    client.force_login(desk.henrik)
    _rows, page = shown(client, everything="on")
    assert f'href="/tickets/{happened[0].number}/"' not in page
