"""Days on which somebody is away."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.database.guards import DeskNow
from core.errors import Invalid, Reason
from people import (
    policies,
)
from people.models import (
    Absence,
    Person,
    User,
)


@transaction.atomic
def add_absence(person: Person, *, first_day: date, last_day: date, by: User) -> Absence:
    """Away from a day to a day; entered by oneself or by an administrator."""
    if by.person_id != person.pk:
        policies.require_administrator(by)
    if last_day < first_day:
        raise Invalid(
            Reason("absence_backwards", _("The last day lies before the first.")), "last_day"
        )
    absence = Absence.objects.create(person=person, first_day=first_day, last_day=last_day)
    record("absence.entered", absence, by=by, topic=person)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by: User) -> None:
    """Back again, or it was entered by mistake."""
    if by.person_id != absence.person_id:
        policies.require_administrator(by)
    Absence.objects.filter(pk=absence.pk, ended_at__isnull=True).update(ended_at=DeskNow())
    record("absence.ended", absence, by=by, topic=absence.person)
