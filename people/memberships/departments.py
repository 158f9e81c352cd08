"""Setting up departments."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, Reason
from core.text.readable import readable_name
from people import policies
from people.access import chain
from people.hours.business_hours import known_zone, spans_of, subdivisions
from people.models import Department, User
from people.roles import ReviewPolicy

MINUTES = (1, 24 * 60)


@dataclass(frozen=True)
class Wanted:
    """What a department is to be.

    `hours` are the spans of each weekday as people write them: `8:00-12:00, 13:00-17:30`; all empty
    is round the clock.
    """

    name_en: str
    name_de: str
    parent: Department | None
    review_policy: str
    clock_minutes: int
    reply_minutes: int
    time_zone: str
    hours: dict[str, str]
    holiday_country: str
    holiday_state: str
    holidays_by_hand: list[date]

    def values(self) -> dict[str, Any]:
        """Return the columns and what stands in them."""
        english = readable_name(self.name_en, "name_en")
        return {
            "name_en": english[:120],
            "parent": self.parent,
            "name_de": (readable_name(self.name_de, "name_de") or english)[:120],
            "review_policy": ReviewPolicy(self.review_policy),
            "clock_minutes": self.clock_minutes,
            "reply_minutes": self.reply_minutes,
            "time_zone": self.time_zone,
            "hours": spans_of(self.hours),
            "holiday_country": self.holiday_country,
            "holiday_state": self.holiday_state,
            "holidays_by_hand": sorted(set(self.holidays_by_hand)),
        }


@transaction.atomic
def keep(department: Department | None, *, by: User | None, **given: Any) -> Department:
    """Make a department or change it; `given` are the fields of `Wanted`.

    Refuses a name that is taken, a parent that lies below, minutes out of range, spans that
    overlap, a zone or country that nobody knows.
    """
    policies.require_administrator(by)
    wanted = Wanted(**given)
    refuse_odd(department, wanted)
    kept = department or Department()
    for name, value in wanted.values().items():
        setattr(kept, name, value)
    try:
        kept.full_clean()
    except ValidationError as wrong:
        field = next(iter(wrong.message_dict))
        sentence = " ".join(wrong.messages)
        if field.startswith("name"):
            sentence = _("Give the department a name that no other has.")
        raise Invalid(Reason("department_odd", sentence), field) from wrong
    kept.save()
    if department is None:
        record("department.made", kept, by=by, department_id=kept.pk)
    else:
        record("department.changed", kept, by=by, department_id=kept.pk)
    return kept


def refuse_odd(department: Department | None, wanted: Wanted) -> None:
    """Refuse (`Invalid`) a place below itself, an unknown zone or state, minutes out of range."""
    if wanted.parent and department and department.pk in chain(wanted.parent):
        sentence = _("{name} itself belongs to this department.").format(name=wanted.parent.name)
        raise Invalid(Reason("parent_below", sentence), "parent")
    if not known_zone(wanted.time_zone):
        sentence = _("This time zone is not known. Choose one from the list.")
        raise Invalid(Reason("zone_unknown", sentence), "time_zone")
    country, state = wanted.holiday_country, wanted.holiday_state
    if country and state and state not in subdivisions(country):
        sentence = _("This state is not known in that country.")
        raise Invalid(Reason("state_unknown", sentence), "holiday_state")
    least, most = MINUTES
    for field in ("clock_minutes", "reply_minutes"):
        if not least <= getattr(wanted, field) <= most:
            sentence = _("Minutes between {least} and {most}.").format(least=least, most=most)
            raise Invalid(Reason("minutes_odd", sentence), field)
