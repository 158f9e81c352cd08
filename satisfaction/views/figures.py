"""Figures of satisfaction for who leads: a department, a month, and nothing smaller."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from core.database.db_time import desk_now
from people import access
from people.models import Department, User
from people.requests import DeskRequest
from satisfaction import figures
from satisfaction.intervals import Share
from satisfaction.periods import Month, finished_months
from satisfaction.surveys import asking_departments
from tickets.states import LeftAs

MONTHS = 6


@dataclass(frozen=True)
class Figure:
    """A share as people read it: percent, the interval, and of how many; `is_few` greys it."""

    percent: int
    low: int
    high: int
    count: int
    of: int
    is_few: bool


@dataclass(frozen=True)
class MonthRow:
    """One month of a department; None where a figure is not told."""

    month: Month
    resolved: int
    values: tuple[Figure, ...]
    unsaid: Figure
    disagreement: Figure
    answered: Figure | None
    top_two: Figure | None


@dataclass(frozen=True)
class DepartmentFigures:
    """The months of one department that have figures, the newest first.

    `asks` is how many of a hundred tickets it asks now.
    """

    department: Department
    rows: tuple[MonthRow, ...]
    asks: int


@dataclass(frozen=True)
class FiguresScreen:
    """What one person sees: the departments that they lead; and all of them, to set surveys up."""

    departments: tuple[DepartmentFigures, ...]
    setting_up: tuple[Department, ...]

    @property
    def outcomes(self) -> Sequence[tuple[str, str | Promise]]:
        """How customers may have left, in the order of the columns."""
        return LeftAs.choices


def show(request: DeskRequest) -> HttpResponse:
    """Show the months that are over, to who leads; to administrators where surveys are set up."""
    screen = screen_of(request.user)
    if not screen.departments and not screen.setting_up:
        raise PermissionDenied
    return render(request, "satisfaction/figures.html", {"screen": screen})


def screen_of(user: User) -> FiguresScreen:
    """Prepare the page for this person."""
    led = [one for one in access.departments_of(user) if access.decides_escalations(user, one)]
    months = finished_months(desk_now(), count=MONTHS)
    asks = {pk: survey.rate for pk, survey in asking_departments().items()}
    return FiguresScreen(
        departments=tuple(
            DepartmentFigures(
                one,
                tuple(row for month in months if (row := row_of(one, month))),
                asks.get(one.pk, 0),
            )
            for one in led
        ),
        setting_up=tuple(access.all_departments()) if user.is_administrator else (),
    )


def row_of(department: Department, month: Month) -> MonthRow | None:
    """Return a month of a department; None where it is too small or nothing was resolved."""
    outcomes = figures.outcomes_of(department, month)
    if outcomes is None or not outcomes.resolved:
        return None
    answers = figures.answers_of(department, month, desk_now())
    is_told = answers is not None and answers.answered.of > 0
    return MonthRow(
        month=month,
        resolved=outcomes.resolved,
        values=tuple(figure_of(outcomes.shares[value]) for value in LeftAs.values),
        unsaid=figure_of(outcomes.unsaid),
        disagreement=figure_of(outcomes.disagreement),
        answered=figure_of(answers.answered) if answers and is_told else None,
        top_two=figure_of(answers.top_two) if answers and is_told else None,
    )


def figure_of(share: Share) -> Figure:
    """Return a share as people read it, in whole percent."""
    return Figure(
        percent=round(share.share * 100),
        low=round(share.low * 100),
        high=round(share.high * 100),
        count=share.count,
        of=share.of,
        is_few=share.is_few,
    )
