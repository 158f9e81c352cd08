"""Let the clock run with a controlled time.

Whom it calls, at which minute of service, once, and also after everything was down.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from approvals.drafts import drafting
from approvals.escalation import escalation, reminders
from approvals.models import Call, Draft
from approvals.templatetags.drafts import duty_sentence
from core.models import Event
from people.hours import absences, business_hours
from people.identity import persons, provisioning
from people.memberships import memberships
from people.models import Department
from people.roles import Role
from tests import factories
from tickets.models import Ticket

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = {str(day): [["08:00", "12:00"], ["13:00", "17:00"]] for day in range(5)}


@pytest.fixture
def it_is(ahead):
    """Put the desk's clock at a local time; it then runs on."""

    def put(year, month, day, hour, minute):
        at = datetime(year, month, day, hour, minute, tzinfo=BERLIN)
        # In UTC: within one zone Python subtracts walls
        ahead(f"{(at.astimezone(UTC) - datetime.now(UTC)).total_seconds()} seconds")
        return at

    return put


@pytest.fixture
def office(desk):
    """Customer Service with office hours, belonging to a department with a lead of its own."""
    above = Department.objects.create(name_en="House", name_de="Haus")
    boss = persons.add_person("Berta Boss", initials="bb")
    provisioning.add_sign_in("berta", person=boss)
    memberships.give_role(boss, role=Role.LEAD, department=above)
    Department.objects.filter(pk=desk.service.pk).update(
        hours=OFFICE,
        parent=above,
        clock_minutes=10,
        holiday_country="DE",
        holiday_state="HE",
        holidays_by_hand=[date(2026, 12, 24)],
    )
    return desk


def called():
    """First names in the order of the calls."""
    return [
        one.person.name.split()[0] for one in Call.objects.order_by("id").select_related("person")
    ]


def due_times():
    """When each call was due, local."""
    return [
        one.due_at.astimezone(BERLIN).strftime("%a %H:%M") for one in Call.objects.order_by("id")
    ]


@pytest.mark.campaign
def test_a_review_left_alone_reaches_lead_deputy_and_the_parents_lead_across_the_lunch_break(
    office, it_is
):
    it_is(2026, 11, 30, 11, 55)
    factories.submitted(office)
    for hour, minute, expected in (
        (11, 59, []),
        (12, 30, []),
        (13, 4, []),
        (13, 6, ["Lena"]),
        (13, 14, ["Lena"]),
        (13, 16, ["Lena", "Samuel"]),
        (13, 26, ["Lena", "Samuel", "Berta"]),
        (16, 0, ["Lena", "Samuel", "Berta"]),
    ):
        it_is(2026, 11, 30, hour, minute)
        reminders.call_all()
        assert called() == expected, (hour, minute)
    assert due_times() == ["Mon 13:05", "Mon 13:15", "Mon 13:25"]
    assert Event.objects.filter(name="lead.called").count() == 3


def test_at_the_end_of_service_the_clock_rests_over_the_weekend(office, it_is):
    it_is(2026, 12, 4, 16, 55)
    factories.submitted(office)
    it_is(2026, 12, 6, 12, 0)
    assert reminders.call_all() == []
    it_is(2026, 12, 7, 8, 6)
    assert len(reminders.call_all()) == 1
    assert due_times() == ["Mon 08:05"]


def test_on_a_holiday_by_state_and_one_by_hand_the_clock_rests(office, it_is):
    it_is(2026, 12, 23, 16, 58)
    factories.submitted(office)
    it_is(2026, 12, 28, 8, 7)  # 24th by hand, 25th and 26th by law, 27th a Sunday
    assert reminders.call_all() == []
    it_is(2026, 12, 28, 8, 9)
    reminders.call_all()
    assert due_times() == ["Mon 08:08"]


def test_the_night_of_the_change_to_summer_time_is_an_hour_shorter(office, it_is):
    Department.objects.filter(pk=office.service.pk).update(
        hours={"6": [["01:00", "04:00"]]}, clock_minutes=90
    )
    it_is(2027, 3, 28, 1, 15)
    factories.submitted(office)
    it_is(2027, 3, 28, 3, 44)
    assert reminders.call_all() == []
    it_is(2027, 3, 28, 3, 46)
    reminders.call_all()
    assert due_times() == ["Sun 03:45"]
    department = Department.objects.get(pk=office.service.pk)
    night = datetime(2027, 3, 28, 0, 0, tzinfo=BERLIN)
    assert business_hours.between(
        department, night.astimezone(UTC), night.astimezone(UTC) + timedelta(days=1)
    ) == timedelta(hours=2)


def test_nobody_is_called_twice_and_nobody_forgotten_while_everything_was_down(office, it_is):
    it_is(2026, 11, 30, 9, 0)
    factories.submitted(office)
    it_is(2026, 12, 1, 9, 0)
    assert len(reminders.call_all()) == 3
    assert reminders.call_all() == []
    assert called() == ["Lena", "Samuel", "Berta"]
    assert due_times() == ["Mon 09:10", "Mon 09:20", "Mon 09:30"]


def test_two_workers_at_once_call_once(office, it_is):
    it_is(2026, 11, 30, 9, 0)
    draft = factories.submitted(office).draft
    it_is(2026, 11, 30, 9, 11)
    assert [len(reminders.call_to_review(draft.pk)), len(reminders.call_to_review(draft.pk))] == [
        1,
        0,
    ]


def test_an_escalation_calls_the_lead_at_once_then_the_deputy_then_the_parents_lead(office, it_is):
    it_is(2026, 11, 30, 9, 0)
    ticket = factories.a_ticket(office)
    escalation.escalate(ticket, reason="Difficult.", by=office.aylin)
    for minute, expected in (
        (1, ["Lena"]),
        (9, ["Lena"]),
        (11, ["Lena", "Samuel"]),
        (21, ["Lena", "Samuel", "Berta"]),
    ):
        it_is(2026, 11, 30, 9, minute)
        reminders.call_all()
        assert called() == expected


def test_an_absent_lead_hands_over_to_the_deputy(office, it_is):
    absences.add_absence(
        office.lena.person, first_day=date(2026, 11, 30), last_day=date(2026, 12, 2), by=office.lena
    )
    it_is(2026, 11, 30, 9, 0)
    factories.submitted(office)
    it_is(2026, 11, 30, 9, 31)
    reminders.call_all()
    assert called() == ["Samuel", "Berta"]
    assert due_times() == ["Mon 09:10", "Mon 09:30"]


def test_who_wrote_it_is_not_called_to_their_own_words(office, it_is):
    it_is(2026, 11, 30, 9, 0)
    factories.submitted(office, by=office.lena)
    it_is(2026, 11, 30, 9, 31)
    reminders.call_all()
    assert called() == ["Samuel", "Berta"]


@pytest.mark.campaign
def test_what_is_decided_in_time_calls_nobody_and_being_overdue_changes_nobodys_right(
    office, it_is
):
    it_is(2026, 11, 30, 9, 0)
    decided = factories.submitted(office)
    factories.approved(office, decided)
    waiting = factories.submitted(office, factories.a_ticket(office))
    it_is(2026, 11, 30, 10, 0)
    reminders.call_all()
    assert not Call.objects.filter(revision=decided).exists()
    assert Draft.objects.get(pk=waiting.draft_id).status == "in_review"
    assert factories.approved(office, waiting, by=office.tomasz).status == "approved"


def test_a_newer_text_starts_the_clock_anew(office, it_is):
    it_is(2026, 11, 30, 9, 0)
    revision = factories.submitted(office)
    it_is(2026, 11, 30, 9, 8)
    drafting.submit(
        revision.draft, text="Hi Grace, another text.", context_version=None, by=office.aylin
    )
    it_is(2026, 11, 30, 9, 12)
    assert reminders.call_all() == []
    it_is(2026, 11, 30, 9, 19)
    assert len(reminders.call_all()) == 1


@pytest.mark.campaign
def test_the_screen_says_who_was_called_and_when_nobody_is_on_duty_who_will_be(
    office, it_is, client
):
    it_is(2026, 11, 30, 9, 0)
    revision = factories.submitted(office)
    it_is(2026, 11, 30, 9, 11)
    reminders.call_all()
    client.force_login(office.tomasz)
    assert (
        "Overdue, notified:"
        in client.get(reverse("review", args=[revision.draft_id])).content.decode()
    )
    assert duty_sentence(Ticket.objects.get(drafts=revision.draft_id), revision) == ""
    it_is(2026, 11, 30, 20, 0)
    said = duty_sentence(Ticket.objects.get(drafts=revision.draft_id), revision)
    assert "Nobody who may decide is on duty now." in said
    assert "Rita Sommer" in said


def test_the_target_of_a_ticket_is_counted_in_hours_of_service(office):
    office.account.department.refresh_from_db()
    ticket = factories.arrive(
        office, factories.post(at=datetime(2026, 11, 20, 16, 50, tzinfo=BERLIN))
    )[0]
    assert ticket.due_at.astimezone(BERLIN) == datetime(2026, 11, 23, 8, 20, tzinfo=BERLIN)


def test_a_department_without_any_service_waits_for_nobody(office, it_is):
    Department.objects.filter(pk=office.service.pk).update(hours={"0": [["08:00", "08:00"]]})
    it_is(2026, 11, 30, 9, 0)
    factories.submitted(office)
    it_is(2026, 12, 30, 9, 0)
    assert reminders.call_all() == []
