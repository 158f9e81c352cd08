"""The verbs of a ticket act on rows of the list: one request, and what is said comes back."""

import pytest
from django.urls import reverse

from tests import factories
from tickets import incidents
from tickets.views import verbs


def test_a_verb_for_a_row_answers_with_what_is_said_and_no_page(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    answer = client.post(
        reverse("ticket-act", args=[ticket.number, "assign"]),
        {"row": "1", "person": desk.bastian.person_id},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 200
    assert "Assigned to Bastian Vogt." in answer.json()["toasts"]
    ticket.refresh_from_db()
    assert ticket.assignee == desk.bastian.person


def test_what_a_row_may_not_is_refused_with_a_sentence(desk, client):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.nele)
    client.force_login(desk.aylin)
    answer = client.post(
        reverse("ticket-act", args=[ticket.number, "assign"]),
        {"row": "1", "person": desk.nele.person_id},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 403
    assert answer.json()["error"]["message"]
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_rows_offer_colleagues_and_incidents_with_the_departments_they_belong_to(desk):
    ticket = factories.a_ticket(desk)
    incident = incidents.open_incident(name="Storm", department=ticket.department, by=desk.aylin)
    of_lena = verbs.of_rows(desk.lena)
    service, business = str(desk.service.pk), str(desk.business.pk)
    departments = {one.name: set(one.departments.split()) for one in of_lena.members}
    assert departments["Bastian Vogt"] == {service}
    assert departments["Nele Harmsen"] == {business}
    assert [(one.pk, one.departments) for one in of_lena.incidents] == [(incident.pk, service)]
    elsewhere = {one.pk: set(one.departments.split()) for one in of_lena.departments}
    assert elsewhere == {desk.service.pk: {business}, desk.business.pk: {service}}


@pytest.mark.parametrize("path", ["/inbox/", "ticket"])
def test_a_page_with_a_list_has_the_verbs_of_its_rows_once(desk, client, path):
    ticket = factories.a_ticket(desk)
    client.force_login(desk.aylin)
    page = client.get(
        reverse("ticket", args=[ticket.number]) if path == "ticket" else path
    ).content.decode()
    for verb in ("snooze", "hand-off", "tag", "resolve", "join", "assign"):
        assert page.count(f'data-row-verb="{verb}"') == 1
    assert f'data-number="{ticket.number}"' in page
    assert "data-row-verb" not in client.get("/inbox/list/").content.decode()
