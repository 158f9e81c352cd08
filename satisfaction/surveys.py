"""What each department asks: versions that follow one another; without one nobody is asked."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.database.editions import kept
from core.database.locking import lock_row
from core.errors import Invalid, NotAllowed, Reason
from core.text.readable import one_line
from people import policies
from people.models import Department, User
from satisfaction import events
from satisfaction.models import Survey

LONGEST = 120
QUESTION_EN = "Did we solve your matter?"
QUESTION_DE = "Haben wir Ihr Anliegen gelöst?"


@kept(Survey)
def asking_departments() -> dict[int, Survey]:
    """Return the newest version of each department that asks anybody, by the department's key."""
    newest = Survey.objects.order_by("department_id", "-version").distinct("department_id")
    return {one.department_id: one for one in newest if one.rate}


def newest_of(department: Department) -> Survey | None:
    """Return the version that holds; None where the department never asked."""
    return Survey.objects.filter(department=department).order_by("-version").first()


@transaction.atomic
def keep_survey(
    department: Department, *, question_en: str, question_de: str, rate: int | None, by: User
) -> Survey:
    """Keep a new version, unless it says what the newest says.

    Refuses who does not set up the desk, an empty question, one that is too long, and a rate that
    is not 0 to 100.
    """
    if reason := policies.why_not_manage(by):
        raise NotAllowed(reason)
    lock_row(Department, department.pk)
    wanted = {
        "question_en": question_of(question_en, "question_en"),
        "question_de": question_of(question_de, "question_de"),
        "rate": rate_of(rate),
    }
    newest = newest_of(department)
    if newest and all(getattr(newest, name) == value for name, value in wanted.items()):
        return newest
    number = newest.version + 1 if newest else 1
    survey = Survey.objects.create(department=department, version=number, by=by, **wanted)
    record(
        events.SURVEY_CHANGED,
        survey,
        by=by,
        topic=department,
        department_id=department.pk,
        version=number,
        rate=survey.rate,
    )
    return survey


def question_of(typed: str, field: str) -> str:
    """Return a question as it is asked; refuses an empty one and one that is too long."""
    question = one_line(typed, field)
    if not question or len(question) > LONGEST:
        sentence = _("Write the question, with at most {n} characters.").format(n=LONGEST)
        raise Invalid(Reason("question_length", sentence), field)
    return question


def rate_of(typed: int | None) -> int:
    """Return how many of a hundred are asked; refuses what is not 0 to 100."""
    if typed is None or not 0 <= typed <= 100:
        raise Invalid(Reason("rate_range", _("Write a number from 0 to 100.")), "rate")
    return typed
