"""Setting up departments."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, Reason
from core.readable import readable_name
from people import joining
from people.access import chain
from people.calendars import known_zone, spans_of, subdivisions
from people.models import Department, User
from people.roles import ReviewPolicy

MINUTES = (1, 24 * 60)


@transaction.atomic
def keep(
    department: Department | None,
    *,
    by: User | None,
    name_en: str,
    name_de: str,
    parent: Department | None,
    review_policy: str,
    clock_minutes: int,
    reply_minutes: int,
    time_zone: str,
    hours: dict[str, str],
    holiday_country: str,
    holiday_state: str,
    holidays_by_hand: list[date],
) -> Department:
    """Make a department or change it.

    `hours` are the spans of each weekday as people write them: `8:00-12:00, 13:00-17:30`; all empty
    is round the clock.

    Refuses a name that is taken, a parent that lies below, minutes out of range, spans that
    overlap, a zone or country that nobody knows.
    """
    joining.may(by)
    kept = department or Department()
    if parent and department and department.pk in chain(parent):
        raise Invalid(
            Reason(
                "parent_below",
                _("{name} lies below this department itself.").format(name=parent.name),
            ),
            "parent",
        )
    if not known_zone(time_zone):
        raise Invalid(
            Reason("zone_unknown", _("This time zone is not known. Write it like Europe/Berlin.")),
            "time_zone",
        )
    if holiday_country and holiday_state and holiday_state not in subdivisions(holiday_country):
        raise Invalid(
            Reason("state_unknown", _("This state is not known in that country.")), "holiday_state"
        )
    for value, field in ((clock_minutes, "clock_minutes"), (reply_minutes, "reply_minutes")):
        if not MINUTES[0] <= value <= MINUTES[1]:
            raise Invalid(
                Reason(
                    "minutes_odd",
                    _("Minutes between {least} and {most}.").format(
                        least=MINUTES[0], most=MINUTES[1]
                    ),
                ),
                field,
            )
    values: dict[str, Any] = {
        "name_en": readable_name(name_en, "name_en")[:120],
        "parent": parent,
        "name_de": (readable_name(name_de, "name_de") or readable_name(name_en, "name_en"))[:120],
        "review_policy": ReviewPolicy(review_policy),
        "clock_minutes": clock_minutes,
        "reply_minutes": reply_minutes,
        "time_zone": time_zone,
        "hours": spans_of(hours),
        "holiday_country": holiday_country,
        "holiday_state": holiday_state,
        "holidays_by_hand": sorted(set(holidays_by_hand)),
    }
    for name, value in values.items():
        setattr(kept, name, value)
    try:
        kept.full_clean()
    except ValidationError as wrong:
        field = next(iter(wrong.message_dict))
        sentence = (
            _("Give the department a name that no other has.")
            if field.startswith("name")
            else " ".join(wrong.messages)
        )
        raise Invalid(Reason("department_odd", sentence), field) from wrong
    kept.save()
    if department is None:
        record("department.made", kept, by=by, department_id=kept.pk)
    else:
        record("department.changed", kept, by=by, department_id=kept.pk)
    return kept
