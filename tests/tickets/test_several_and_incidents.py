"""Several tickets at once, incidents with their wave and their text, and lists of any length."""

import pytest
from django.urls import reverse

from approvals.drafts import drafting, saved_replies
from approvals.models import Draft
from approvals.reviews import decisions
from core.errors import Invalid, NotAllowed
from core.models import Event
from people.memberships import memberships
from people.roles import Role
from tests import factories
from tickets import incidents, lifecycle
from tickets.models import Incident, Ticket

OUTAGE = "Hi {customer}, we see the outage in Kranstedt, two teams are on site."


@pytest.fixture
def three(desk):
    """Three tickets about one thing."""
    return [factories.a_ticket(desk, f"@AmselnetzHilfe no network since {n}") for n in (7, 8, 9)]


def several(client, tickets, act, **more):
    """Choose these tickets in the list and do that; the page after it."""
    return client.post(
        reverse("several"),
        {"number": [one.number for one in tickets], "act": act, "back": "/inbox/?tab=open", **more},
        follow=True,
    )


def test_several_are_chosen_in_the_list_without_a_script(desk, three, client):
    client.force_login(desk.aylin)
    page = client.get("/inbox/", {"select": "1"}).content.decode()
    assert all(f'name="number" value="{one.number}"' in page for one in three)
    assert "approve" not in page.split("<main")[1]


@pytest.mark.parametrize(
    ("act", "more", "seen", "says"),
    [
        (
            "assign",
            {"person": "bastian"},
            lambda one: one.assignee.name == "Bastian Vogt",
            "assigned to Bastian Vogt.",
        ),
        (
            "assign",
            {"person": ""},
            lambda one: one.assignee is None,
            "nobody is assigned now.",
        ),
        (
            "tag",
            {"tags": "Outage, kranstedt"},
            lambda one: one.tags == ["kranstedt", "outage"] or one.tags == ["outage", "kranstedt"],
            "tagged.",
        ),
        ("snooze", {"until": "tomorrow"}, lambda one: one.snoozed_until is not None, "snoozed."),
        ("resolve", {"reason": "thanks"}, lambda one: one.resolved_reason == "thanks", "resolved."),
        (
            "join",
            {"incident": "new", "name": "Kranstedt is dark"},
            lambda one: one.incident.name == "Kranstedt is dark",
            "joined to Kranstedt is dark.",
        ),
    ],
)
def test_each_verb_is_done_for_all_that_were_chosen(desk, three, client, act, more, seen, says):
    client.force_login(desk.aylin)
    if more.get("person"):
        more = {"person": getattr(desk, more["person"]).person_id}
    elif act == "assign":
        # Where nobody is assigned anyway, nothing happens
        Ticket.objects.update(assignee=desk.bastian.person)
    page = several(client, three, act, **more).content.decode()
    assert f"3 tickets: {says}" in page
    assert all(seen(one) for one in Ticket.objects.filter(pk__in=[one.pk for one in three]))
    assert (
        Event.objects.filter(
            topic_kind="tickets.ticket", topic_id__in=[one.pk for one in three], by=desk.aylin
        ).count()
        >= 3
    )  # one event for each


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"person": ""}, lambda one: one.assignee is None),
        ({"until": "tomorrow"}, lambda one: one.snoozed_until is not None),
        ({"reason": "thanks", "tags": ""}, lambda one: one.resolved_reason == "thanks"),
        ({"tags": "attic", "name": ""}, lambda one: one.tags == ["attic"]),
        ({"tags": "", "name": "Dark"}, lambda one: one.incident.name == "Dark"),
    ],
)
def test_a_button_says_by_its_value_what_it_does_and_enter_by_what_was_typed(
    desk, three, client, given, seen
):
    client.force_login(desk.aylin)
    numbers = [one.number for one in three]
    client.post(reverse("several"), {"number": numbers, **given})
    assert all(seen(one) for one in Ticket.objects.filter(number__in=numbers))


def test_a_page_that_swaps_its_panes_gets_what_is_open_beside_the_list(desk, three, client):
    client.force_login(desk.aylin)
    numbers = [one.number for one in three[:2]]
    given = {"number": numbers, "reason": "thanks", "open": three[2].number}
    answer = client.post(reverse("several"), given, headers={"X-Panes": "1"})
    page = answer.content.decode()
    assert f'data-looking="{three[2].number}"' in page
    assert "2 tickets: resolved." in page


def test_what_cannot_be_done_stays_and_is_said(desk, three, client):
    factories.submitted(desk, three[0])
    client.force_login(desk.aylin)
    page = several(client, three, "resolve", reason="thanks").content.decode()
    assert "2 tickets: resolved." in page
    assert "1 ticket stays: A reply is waiting for approval" in page
    assert Ticket.objects.filter(status="resolved").count() == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"act": "assign", "number": []}, "Choose at least one"),
        ({"act": "approve"}, "what should happen"),
        ({"act": "tag", "tags": " , "}, "at least one tag"),
        ({"act": "resolve", "reason": "boredom"}, "one of the reasons"),
        ({"act": "join", "incident": "new", "name": "  "}, "Give the incident a name"),
        ({"act": "snooze", "until": "?"}, "when the ticket"),
    ],
)
def test_a_choice_that_is_none_changes_nothing(desk, three, client, given, said):
    client.force_login(desk.aylin)
    before = list(Ticket.objects.values())
    answer = client.post(
        reverse("several"),
        {"number": [one.number for one in three]} | given,
        headers={"referer": "/inbox/?select=1"},
        follow=True,
    )
    assert said in answer.content.decode()
    assert list(Ticket.objects.values()) == before
    assert not Incident.objects.exists()


def test_nobody_works_on_several_tickets_of_another_department(desk, three, client):
    client.force_login(desk.nele)
    page = several(client, three, "tag", tags="mine").content.decode()
    assert "Nothing was done: none of these tickets is yours to work on." in page
    assert Ticket.objects.exclude(tags=[]).count() == 0


@pytest.mark.campaign
def test_the_wave_stands_as_one_line_above_the_list(desk, three, client):
    incident = incidents.open_incident(
        name="Kranstedt is dark", department=desk.service, by=desk.aylin
    )
    for one in three:
        incidents.join(one, incident=incident, by=desk.aylin)
    factories.submitted(desk, three[0])
    lifecycle.mark_answered(Ticket.objects.get(pk=three[1].pk))
    client.force_login(desk.bastian)
    page = client.get("/inbox/").content.decode()
    assert "3 tickets: 1 answered, 1 in approval, 1 open" in page
    narrowed = client.get("/inbox/", {"incident": incident.pk}).content.decode()
    assert narrowed.count('class="row"') == 3  # the answered one too
    client.force_login(desk.nele)
    assert "Kranstedt is dark" not in client.get("/inbox/").content.decode()


def the_lead_writes_its_text(desk, client, incident):
    """Write the incident's text as lead; nobody else may."""
    with pytest.raises(NotAllowed):
        saved_replies.keep(
            None,
            department=desk.service,
            title="Outage",
            language="en",
            text=OUTAGE,
            incident=incident,
            by=desk.aylin,
        )
    client.force_login(desk.lena)
    answer = client.post(
        f"{reverse('saved-reply-new')}?incident={incident.pk}",
        {"title": "Outage", "language": "en", "text": OUTAGE},
    )
    assert answer["Location"] == reverse("incident", args=[incident.pk])


@pytest.mark.campaign
def test_each_answer_of_an_incident_begins_with_its_text_and_keeps_its_own_four_eyes(
    desk, three, client
):
    incident = incidents.open_incident(
        name="Kranstedt is dark", department=desk.service, by=desk.aylin
    )
    the_lead_writes_its_text(desk, client, incident)
    Ticket.objects.update(language="en")
    incidents.join(Ticket.objects.get(pk=three[0].pk), incident=incident, by=desk.aylin)
    client.force_login(desk.aylin)
    page = client.get(reverse("ticket", args=[three[0].number])).content.decode()
    assert (
        "Hi Grace Adeyemi, we see the outage in Kranstedt, two teams are on site.</textarea>"
        in page
    )
    assert "Started from the text of the incident <bdi>Kranstedt is dark</bdi>." in page
    assert not Draft.objects.exists()  # looking begins nothing
    assert (
        "we see the outage"
        not in client.get(reverse("ticket", args=[three[1].number])).content.decode()
    )
    found = client.get(
        reverse("saved-reply-search", args=[three[1].number]), {"q": "outage"}
    ).json()["replies"]
    assert found == []  # offered in the incident's tickets alone
    ticket = Ticket.objects.get(pk=three[0].pk)
    revision = drafting.submit(
        drafting.open_draft(ticket, by=desk.aylin),
        text="Hi Grace, we see the outage.",
        context_version=ticket.context_version,
        by=desk.aylin,
    )
    with pytest.raises(NotAllowed):
        decisions.approve(
            revision, sha256=revision.sha256, context_version=ticket.context_version, by=desk.aylin
        )


def test_a_text_in_another_language_does_not_begin_the_answer(desk, three, client):
    incident = incidents.open_incident(
        name="Kranstedt is dark", department=desk.service, by=desk.aylin
    )
    saved_replies.keep(
        None,
        department=desk.service,
        title="Outage",
        language="en",
        text=OUTAGE,
        incident=incident,
        by=desk.lena,
    )
    Ticket.objects.update(language="de", incident=incident)
    assert saved_replies.of_incident(Ticket.objects.get(pk=three[0].pk), desk.aylin.person) == ""


def test_an_incident_that_is_over_or_elsewhere_takes_no_ticket(desk, three):
    incident = incidents.open_incident(
        name="Kranstedt is dark", department=desk.service, by=desk.aylin
    )
    elsewhere = incidents.open_incident(
        name="Wrong bills", department=desk.business, by=desk.henrik
    )
    memberships.give_role(desk.aylin.person, role=Role.AGENT, department=desk.business, by=desk.max)
    with pytest.raises(NotAllowed, match="belongs to Business Customers"):
        incidents.join(three[0], incident=elsewhere, by=desk.aylin)
    incidents.end_incident(incident, by=desk.aylin)
    with pytest.raises(NotAllowed, match="is over"):
        incidents.join(three[0], incident=Incident.objects.get(pk=incident.pk), by=desk.aylin)
    with pytest.raises(NotAllowed):
        incidents.open_incident(name="Mine", department=desk.service, by=desk.farida)
    with pytest.raises(Invalid):
        saved_replies.keep(
            None,
            department=desk.service,
            title="Outage",
            language="en",
            text=OUTAGE,
            incident=elsewhere,
            by=desk.lena,
        )


def test_a_ticket_that_is_handed_over_leaves_the_incident(desk, three):
    incident = incidents.open_incident(
        name="Kranstedt is dark", department=desk.service, by=desk.aylin
    )
    ticket = incidents.join(three[0], incident=incident, by=desk.aylin)
    lifecycle.hand_off(ticket, to=desk.business, note="", by=desk.aylin)
    assert Ticket.objects.get(pk=ticket.pk).incident is None


@pytest.mark.campaign
@pytest.mark.parametrize(
    "tab", ["open", "mine", "unassigned", "approval", "snoozed", "answered", "resolved", "q"]
)
def test_every_list_is_paged_to_its_end_without_leaving_anything_out(desk, client, tab):
    made = factories.arrive(
        desk, *(factories.post(f"@AmselnetzHilfe number {n}") for n in range(57))
    )
    changed = {
        "mine": {"assignee": desk.aylin.person},
        "approval": {"status": "in_approval", "waiting_since": factories.ago(minutes=1)},
        "snoozed": {"snoozed_until": factories.ago(minutes=-60)},
        "answered": {"status": "answered"},
        "resolved": {
            "status": "resolved",
            "resolved_at": factories.ago(minutes=1),
            "resolved_reason": "done",
        },
    }.get(tab)
    if changed:
        Ticket.objects.update(**changed)
    client.force_login(desk.aylin)
    seen: list[str] = []
    address = "/inbox/?q=number" if tab == "q" else f"/inbox/?tab={tab}"
    while address:
        page = client.get(address).content.decode()
        seen += [part.split("/")[0] for part in page.split('href="/tickets/')[1:]]
        more = (
            page.partition('class="more" href="')[2].partition('"')[0] if "after=" in page else ""
        )
        address = more.replace("&amp;", "&") if "after=" in more else ""
    assert sorted(seen) == sorted(str(one.number) for one in made)


def test_what_was_searched_for_is_marked_and_the_rest_escaped(desk, client):
    factories.a_ticket(desk, "@AmselnetzHilfe <b>router</b> and Routers blink")
    client.force_login(desk.aylin)
    page = client.get("/inbox/", {"q": "router"}).content.decode()
    assert "&lt;b&gt;<mark>router</mark>&lt;/b&gt; and <mark>Routers</mark> blink" in page
