"""A page made of what is kept is the page that would be made anew, after whatever happened."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from approvals.escalation import escalation
from approvals.templatetags import drafts
from core.database import editions
from core.screens import drawn_once
from people.memberships import memberships
from people.models import Department, Membership, Person
from people.roles import Role
from tests import factories
from tickets import incidents, lifecycle
from tickets.conversations import notes
from tickets.inbox import rows, rows_at_hand
from tickets.models import ConnectedAccount, Customer, Incident, SavedView, Ticket

TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+')
POSITION = re.compile(r'data-position="\d+"')
READERS = ("aylin", "lena", "max")


def changes(desk: Any, ticket: Ticket) -> dict[str, Callable[[], object]]:
    """What colleagues, customers and administrators do, one after the other."""
    role = Membership.objects.filter(person=desk.rita.person, ended_at=None).first()
    now = lambda: Ticket.objects.get(pk=ticket.pk)  # noqa: E731 - verbs take it fresh
    return {
        "nothing": lambda: None,
        "a ticket is taken": lambda: lifecycle.take(now(), by=desk.aylin),
        "a note": lambda: notes.add_note(now(), text="Call back", by=desk.aylin),
        "tags": lambda: lifecycle.tag(now(), tags=["bill", "router", "urgent"], by=desk.aylin),
        "another post": lambda: factories.arrive(
            desk, factories.post("@AmselnetzHilfe hello?", conversation=ticket.conversation_id)
        ),
        "another ticket": lambda: factories.a_ticket(desk, "@AmselnetzHilfe and my bill"),
        "a reply is submitted": lambda: factories.submitted(desk, now()),
        "it is escalated": lambda: escalation.escalate(now(), reason="Press", by=desk.aylin),
        "an incident begins": lambda: incidents.open_incident(
            name="A cable", department=desk.service, by=desk.lena
        ),
        "it has the ticket": lambda: incidents.join(
            now(), incident=Incident.objects.get(), by=desk.aylin
        ),
        "it has another name": lambda: Incident.objects.update(name="Two cables"),
        "it is over": lambda: incidents.end_incident(Incident.objects.get(), by=desk.lena),
        "a colleague has another name": lambda: Person.objects.filter(
            pk=desk.aylin.person_id
        ).update(name="Aylin Winter"),
        "a department has another name": lambda: Department.objects.filter(
            pk=desk.service.pk
        ).update(name_en="Service"),
        "somebody comes": lambda: memberships.give_role(
            desk.rita.person, role=Role.AGENT, department=desk.business, by=desk.max
        ),
        "somebody goes": lambda: memberships.end_role(role, by=desk.max),
        "our account is paused": lambda: ConnectedAccount.objects.filter(pk=desk.account.pk).update(
            name="Amselnetz"
        ),
        "the customer has another name": lambda: Customer.objects.update(name="Grace A."),
        "a view is kept": lambda: SavedView.objects.create(
            user=desk.lena, name="Bills", query="tag=bill"
        ),
    }


def forget() -> None:
    """Let nothing be kept any more."""
    editions._values.clear()
    rows_at_hand._read.clear()
    rows._prepared.clear()
    drafts.drawn_in.cache_clear()
    drawn_once.forget()


def shown(browser: Client, address: str) -> str:
    """The page, but for what is another one each time."""
    answer = browser.get(address, headers={"x-panes": "0"})
    assert answer.status_code == 200, address
    return POSITION.sub("", TOKEN.sub("", answer.content.decode()))


def where(anew: str, kept: str) -> str:
    """Return the first place at which two pages differ, in both."""
    place = next(n for n, both in enumerate(zip(anew, kept, strict=False)) if len(set(both)) > 1)
    return f"anew {anew[place - 200 : place + 60]!r}, kept {kept[place - 200 : place + 60]!r}"


@pytest.mark.campaign
@pytest.mark.parametrize("reader", READERS)
def test_a_page_of_what_is_kept_is_the_page_made_anew(desk, reader, monkeypatch, settings):
    settings.LIVE_PREFIX += f"kept-for-{reader}:"  # what was read in another test is none of ours
    ticket = factories.a_ticket(desk)
    still = timezone.now() + timedelta(minutes=1)  # what a page says of waiting moves by the minute
    monkeypatch.setattr(timezone, "now", lambda: still)
    browser = Client()
    browser.force_login(getattr(desk, reader))
    pages = ["/inbox/", "/inbox/?tab=mine", "/inbox/?tab=approval", "/inbox/?tag=bill", "/review/"]
    if reader != "max":
        pages.append(f"/tickets/{ticket.number}/?unseen=1")
    for what, change in changes(desk, ticket).items():
        change()
        kept = {address: shown(browser, address) for address in pages}
        forget()
        for address in pages:
            anew = shown(browser, address)
            assert anew == kept[address], (what, address, where(anew, kept[address]))
