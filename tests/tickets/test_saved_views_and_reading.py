"""Views kept under a name, what a person has read, and what happened between two posts."""

import pytest
from django.urls import reverse

from core.broker import read_receipts
from core.errors import Invalid, NotAllowed
from tests import factories
from tickets import lifecycle
from tickets.conversations import thread
from tickets.inbox import rows, saved_views
from tickets.models import SavedView, Ticket


@pytest.mark.campaign
def test_a_view_is_kept_from_the_list_shown_and_discarded(desk, client):
    one = factories.a_ticket(desk, "@AmselnetzHilfe the bill is wrong")
    lifecycle.tag(one, tags=["bill"], by=desk.aylin)
    factories.a_ticket(desk, "@AmselnetzHilfe the router blinks")
    client.force_login(desk.aylin)
    assert "Save this view as" not in client.get("/inbox/").content.decode()
    assert "Save this view as" in client.get("/inbox/?tab=open&tag=bill").content.decode()
    page = client.post(
        reverse("view-keep"),
        {"name": " Bills ", "query": "tag=bill&tab=open&after=2026&evil=1", "share": ""},
        follow=True,
    )
    assert page.redirect_chain[-1][0] == "/inbox/?tab=open&tag=bill"
    assert "Saved as Bills." in page.content.decode()
    view = SavedView.objects.get()
    listed = client.get("/inbox/").content.decode()
    assert '<a class="chip" href="/inbox/?tab=open&amp;tag=bill"' in listed
    assert client.post(reverse("view-discard", args=[view.pk])).status_code == 302
    assert not SavedView.objects.exists()
    assert Ticket.objects.count() == 2


def test_the_same_name_keeps_the_newer_filters(desk):
    saved_views.keep(name="Mine", query="tag=bill", department=None, by=desk.aylin)
    saved_views.keep(name="Mine", query="tag=tariff", department=None, by=desk.aylin)
    assert [one.query for one in saved_views.of(desk.aylin)] == ["tag=tariff"]


def test_a_view_for_the_department_is_seen_by_its_people_alone(desk):
    saved_views.keep(name="Bills", query="tag=bill", department=desk.business, by=desk.nele)
    saved_views.keep(name="My own", query="tag=x", department=None, by=desk.nele)
    assert [one.name for one in saved_views.of(desk.minh)] == ["Bills"]
    assert [one.name for one in saved_views.of(desk.nele)] == ["Bills", "My own"]
    with pytest.raises(NotAllowed):
        saved_views.keep(name="Bills", query="tag=bill", department=desk.service, by=desk.nele)


def test_a_department_has_one_view_of_a_name(desk):
    saved_views.keep(name="Bills", query="tag=bill", department=desk.service, by=desk.aylin)
    # His own: nobody else sees it
    saved_views.keep(name="bills", query="tag=other", department=None, by=desk.bastian)
    with pytest.raises(Invalid, match="has a view of this name already"):
        saved_views.keep(name="bills", query="tag=other", department=desk.service, by=desk.bastian)
    saved_views.keep(name="Bills", query="tag=newer", department=desk.service, by=desk.aylin)
    assert [one.query for one in SavedView.objects.filter(department=desk.service)] == ["tag=newer"]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", "tag=bill"),
        ("  \x00", "tag=bill"),
        ("Everything", ""),
        ("Everything", "after=1&select=1"),
    ],
)
def test_a_view_without_name_or_filters_is_refused(desk, name, query):
    with pytest.raises(Invalid):
        saved_views.keep(name=name, query=query, department=None, by=desk.aylin)
    assert not SavedView.objects.exists()


def test_the_twenty_first_view_is_refused_with_a_sentence(desk):
    for number in range(20):
        saved_views.keep(
            name=f"View {number}", query=f"tag=t{number}", department=None, by=desk.aylin
        )
    with pytest.raises(Invalid, match="You have saved 20 views"):
        saved_views.keep(name="One more", query="tag=x", department=None, by=desk.aylin)
    saved_views.keep(name="View 3", query="tag=x", department=None, by=desk.aylin)


def test_only_one_s_own_view_can_be_discarded(desk, client):
    view = saved_views.keep(name="Bills", query="tag=bill", department=desk.service, by=desk.aylin)
    client.force_login(desk.bastian)
    assert client.post(reverse("view-discard", args=[view.pk])).status_code == 404
    assert SavedView.objects.exists()


@pytest.mark.campaign
def test_what_was_looked_at_is_read_until_the_customer_writes_again(desk, client, monkeypatch):
    ticket = factories.a_ticket(desk)

    def unread(user) -> bool:
        return rows.unread_of(Ticket.objects.filter(pk=ticket.pk), user) == {ticket.pk}

    assert unread(desk.aylin)
    client.force_login(desk.aylin)
    # Into a page that nobody sees
    client.get(reverse("conversation", args=[ticket.number]), {"unseen": "1"})
    assert unread(desk.aylin)
    client.get(f"/tickets/{ticket.number}/")
    assert not unread(desk.aylin)
    assert unread(desk.bastian)
    Ticket.objects.filter(pk=ticket.pk).update(last_inbound_at=factories.ago(minutes=-2))
    assert unread(desk.aylin)


def test_without_a_broker_what_is_new_is_unread(desk, monkeypatch):
    ticket = factories.a_ticket(desk)
    monkeypatch.setattr("core.broker.page_updates._silent_until", float("inf"))
    read_receipts.read(desk.aylin.pk, f"ticket:{ticket.pk}")
    assert read_receipts.up_to(desk.aylin.pk, [f"ticket:{ticket.pk}"]) == {}
    assert rows.unread_of(Ticket.objects.filter(pk=ticket.pk), desk.aylin) == {ticket.pk}


def test_what_happened_between_two_posts_is_folded_in_there(desk, client):
    ticket = factories.a_ticket(desk)
    lifecycle.take(ticket, by=desk.aylin)
    lifecycle.tag(ticket, tags=["bill"], by=desk.aylin)
    client.force_login(desk.aylin)
    client.post(reverse("ticket-act", args=[ticket.number, "note"]), {"text": "for @bastian"})
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    between = page.split('<details class="between">')[1].split("</details>")[0]
    assert "2 events" in between
    assert "Aylin Nergiz" in between
    entries = thread.of_ticket(Ticket.objects.get(pk=ticket.pk))
    thread.fold_in(entries, [])
    assert all(not one.before for one in entries)


def test_a_note_offers_the_colleagues_who_can_see_the_ticket(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert 'data-name="bv"' in page
    assert 'data-name="nh"' not in page  # of the department below: she does not see this ticket
