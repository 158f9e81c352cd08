"""Figures of satisfaction: of one department and one month that is over, never of a person.

They are made of facts alone (outcomes, checks, answers, the events of resolving), so that a month
that is over says the same for ever, and nothing follows from asking again. A department in which
fewer than five people wrote throughout the month has no figures at all.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from core.models import Event
from people import access
from people.models import Department, Membership
from people.roles import WRITERS
from satisfaction.answering import CHANGES
from satisfaction.asking import LASTS
from satisfaction.events import OUTCOME_CHECKED, SURVEY_ASKED
from satisfaction.intervals import Share, share_of
from satisfaction.models import Answer, OutcomeCheck
from satisfaction.periods import Month
from tickets import events
from tickets.models import Outcome
from tickets.states import LeftAs

FEWEST_WRITERS = 5
FOUR = 4  # of five: from here on customers count as content
ANSWERS_COME_FOR = LASTS + CHANGES


@dataclass(frozen=True)
class Outcomes:
    """How customers left, of all tickets that people resolved: each value's share, and unsaid.

    `disagreement` is how often the second person of the blind sample judged otherwise.
    """

    resolved: int
    shares: dict[str, Share]
    unsaid: Share
    disagreement: Share


def writers_throughout(department: Department, month: Month) -> int:
    """Return how many people held a role in the department, in which one writes, all that month.

    A person with several rows counts once; who changed their role within the month does not, which
    errs on the careful side.
    """
    held = Membership.objects.filter(
        department=department, role__in=WRITERS, started_at__lte=month.begins
    ).filter(Q(ended_at__isnull=True) | Q(ended_at__gte=month.ends))
    return len({access.natural(one) for one in held.values_list("person", flat=True)})


def is_too_small(department: Department, month: Month) -> bool:
    """Whether so few wrote there that figures would tell of single people."""
    return writers_throughout(department, month) < FEWEST_WRITERS


def outcomes_of(department: Department, month: Month) -> Outcomes | None:
    """Return how customers left that month; None where the department is too small."""
    if is_too_small(department, month):
        return None
    named = resolvings(department, month)
    numbers = [outcome for outcome in named if outcome]
    said = list(Outcome.objects.holding().filter(pk__in=numbers).values_list("value", flat=True))
    return Outcomes(
        resolved=len(named),
        shares={value: share_of(said.count(value), len(said)) for value in LeftAs.values},
        unsaid=share_of(len(named) - len(said), len(named)),
        disagreement=disagreement_in(department, month),
    )


def resolvings(department: Department, month: Month) -> list[int | None]:
    """Return for each ticket that people resolved that month the number of its outcome, or None.

    The last resolving of each counts, and none that was undone.
    """
    undone = Event.objects.filter(
        name=events.TICKET_UNDONE,
        department_id=department.pk,
        at__gte=month.begins,
        data__what=events.TICKET_RESOLVED,
    ).values_list("data__event", flat=True)
    rows = (
        Event.objects.filter(
            name=events.TICKET_RESOLVED,
            department_id=department.pk,
            by__isnull=False,
            at__gte=month.begins,
            at__lt=month.ends,
        )
        .exclude(pk__in=list(undone))
        .order_by("topic_id", "-pk")
        .distinct("topic_id")
    )
    return list(rows.values_list("data__outcome", flat=True))


def disagreement_in(department: Department, month: Month) -> Share:
    """Return how many checks made there that month say something else than the outcome."""
    made = Event.objects.filter(
        name=OUTCOME_CHECKED,
        department_id=department.pk,
        at__gte=month.begins,
        at__lt=month.ends,
    )
    checks = OutcomeCheck.objects.filter(pk__in=list(made.values_list("subject_id", flat=True)))
    return share_of(checks.exclude(value=F("outcome__value")).count(), checks.count())


@dataclass(frozen=True)
class Answers:
    """What customers answered who were asked that month: how many did, and chose 4 or 5 of five."""

    answered: Share
    top_two: Share


def answers_of(department: Department, month: Month, now: datetime) -> Answers | None:
    """Return what customers answered; None where the department is too small.

    None also while answers to what was asked that month may still come, so that nobody sees one
    come.
    """
    if now < month.ends + ANSWERS_COME_FOR or is_too_small(department, month):
        return None
    events_of_asking = Event.objects.filter(
        name=SURVEY_ASKED,
        department_id=department.pk,
        at__gte=month.begins,
        at__lt=month.ends,
    )
    asked = list(events_of_asking.values_list("subject_id", flat=True))
    newest = (
        Answer.objects.filter(asking__in=asked).order_by("asking_id", "-pk").distinct("asking_id")
    )
    values = list(newest.values_list("value", flat=True))
    good = sum(value >= FOUR for value in values)
    return Answers(share_of(len(values), len(asked)), share_of(good, len(values)))
