"""Figures of a department and a month that is over: of facts, never of few people, never moved."""

import inspect
import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.utils import timezone, translation

from people.models import Membership
from people.roles import Role
from satisfaction import checking, figures
from satisfaction.periods import Month, begin_of, finished_months
from servicedesk.launcher.running import ROOT
from tickets import lifecycle
from tickets.models import UndoEntry
from tickets.outcomes.recording import Said
from tickets.undo import undoing

pytestmark = pytest.mark.django_db
AHEAD = timedelta(days=40)


def test_a_month_has_one_name_wherever_its_reader_is():
    november = month_of(datetime(2026, 11, 12, tzinfo=UTC))
    for zone in ("Pacific/Honolulu", "Europe/Berlin", "Pacific/Auckland"):
        with timezone.override(zone):
            assert november.label == "November 2026"
    with translation.override("de"):
        assert month_of(datetime(2026, 3, 1, 12, tzinfo=UTC)).label == "März 2026"


def month_of(at):
    """The calendar month in which this is."""
    return Month(begin_of(at), begin_of(at, months=1))


@pytest.fixture
def month(ahead):
    """A month that begins after everybody has their role; the clock stands within it."""
    ahead(f"{AHEAD.days} days")
    return month_of(timezone.localtime(timezone.now() + AHEAD))


def leave_one(desk, *names):
    """End the roles of these people."""
    people = [getattr(desk, name).person for name in names]
    Membership.objects.filter(person__in=people).update(ended_at=timezone.now())


def test_every_ticket_that_people_resolved_counts_once_and_silence_is_visible(
    desk, resolved, month
):
    for value in ("content", "content", "not_content", "no_sign", "", ""):
        resolved(value, drawn=False)
    told = figures.outcomes_of(desk.service, month)
    assert told.resolved == 6
    assert {value: (one.count, one.of) for value, one in told.shares.items()} == {
        "content": (2, 4),
        "neutral": (0, 4),
        "not_content": (1, 4),
        "no_sign": (1, 4),
    }
    assert (told.unsaid.count, told.unsaid.of) == (2, 6)
    assert told.shares["content"].is_few


def test_the_last_resolving_of_a_ticket_counts_and_none_that_was_undone(desk, resolved, month):
    outcome = resolved("content", drawn=False)
    lifecycle.reopen(outcome.ticket, by=desk.aylin)
    left = Said("neutral")
    lifecycle.resolve(outcome.ticket, reason="done", by=desk.bastian, left=left)
    told = figures.outcomes_of(desk.service, month)
    assert (told.resolved, told.shares["neutral"].count, told.shares["content"].count) == (1, 1, 0)
    newest = UndoEntry.objects.filter(ticket=outcome.ticket).latest("pk")
    undoing.undo(newest, by=desk.bastian)
    told = figures.outcomes_of(desk.service, month)
    assert (told.shares["neutral"].count, told.shares["content"].count) == (0, 1)


def test_how_often_the_second_person_judged_otherwise_is_a_figure(desk, resolved, month):
    for first, second in (("content", "content"), ("content", "neutral"), ("no_sign", "no_sign")):
        checking.check_outcome(resolved(first), value=second, by=desk.rita)
    resolved("content")
    found = figures.outcomes_of(desk.service, month).disagreement
    assert (found.count, found.of) == (1, 3)
    assert found.low < 1 / 3 < found.high


def test_a_department_of_four_writers_has_no_figure(desk, resolved, month):
    resolved("content", drawn=False)
    assert figures.writers_throughout(desk.business, month) == 4
    assert figures.outcomes_of(desk.business, month) is None
    assert figures.writers_throughout(desk.service, month) == 7
    leave_one(desk, "aylin", "bastian", "chiara")
    assert figures.outcomes_of(desk.service, month) is None


def test_who_joined_within_the_month_and_who_has_two_rows_makes_no_fifth(desk, month):
    leave_one(desk, "aylin", "bastian")
    assert figures.writers_throughout(desk.service, month) == 5
    again = desk.rita.person
    Membership.objects.create(person=again, department=desk.service, role=Role.AGENT)
    Membership.objects.create(person=desk.nele.person, department=desk.service, role=Role.AGENT)
    assert figures.writers_throughout(desk.service, month) == 5


def test_months_are_whole_over_and_never_overlap():
    now = datetime(2026, 3, 15, 12, tzinfo=UTC)
    months = finished_months(now, count=14)
    assert all(one.ends <= now for one in months)
    for later, earlier in itertools.pairwise(months):
        assert earlier.ends == later.begins
    assert len({one.begins.day for one in months}) == 1
    assert months[0].ends - months[0].begins == timedelta(days=28)


def test_no_two_figures_overlap_so_that_subtracting_tells_nothing(desk, resolved, month):
    resolved("content", drawn=False)
    spans = [(one.begins, one.ends) for one in finished_months(timezone.now() + AHEAD, count=24)]
    for n, (begins, ends) in enumerate(spans):
        for other_begins, other_ends in spans[n + 1 :]:
            assert other_ends <= begins or ends <= other_begins
    # And none holds two departments: what one adds to its parent cannot be worked out
    asked = inspect.signature(figures.outcomes_of).parameters
    assert list(asked) == ["department", "month"]
    assert figures.outcomes_of(desk.service, month).resolved == 1
    assert figures.outcomes_of(desk.business, month) is None


def test_what_happens_later_moves_no_figure_of_a_month_that_is_over(desk, resolved, month, ahead):
    outcome = resolved("content")
    before = figures.outcomes_of(desk.service, month)
    ahead(f"{AHEAD.days + 31} days")
    checking.check_outcome(outcome, value="neutral", by=desk.rita)
    lifecycle.reopen(outcome.ticket, by=desk.aylin)
    lifecycle.hand_off(outcome.ticket, to=desk.business, note="", by=desk.aylin)
    assert figures.outcomes_of(desk.service, month) == before


def test_no_code_of_figures_groups_by_a_person():
    """D7.6: figures never name, count by or order by who did it."""
    for name in ("figures.py", "intervals.py", "periods.py"):
        text = (ROOT / "satisfaction" / name).read_text()
        assert not re.search(r"annotate\(|aggregate\(|GROUP BY|values\([^)]*by", text), name
        assert not re.search(r"[\"'](by|by_id|by__person|assignee)\w*[\"']", text), name


def test_nothing_joins_a_judgement_to_a_writer_but_its_ticket():
    """D7.6: a schema without any other way from what is measured to who writes."""
    to_people = {
        f"{model.__name__}.{one.name}"
        for model in apps.get_app_config("satisfaction").get_models()
        for one in model._meta.get_fields()
        if one.many_to_one and one.related_model._meta.app_label == "people"
    }
    assert to_people == {"OutcomeCheck.by", "Survey.by", "Survey.department"}
    answers = apps.get_model("satisfaction", "Answer")
    leads_to = {one.related_model.__name__ for one in answers._meta.get_fields() if one.many_to_one}
    assert leads_to == {"Asking"}
