"""The blind sample: a second person judges how a customer left, and sees no first judgement."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, Reason
from people import access
from people.models import User
from satisfaction import events, policies
from satisfaction.models import OutcomeCheck
from tickets import lifecycle
from tickets.models import Outcome
from tickets.states import LeftAs


def waiting_for(user: User) -> QuerySet[Outcome]:
    """Return the drawn outcomes that this person can check, the oldest first.

    Of the departments in which they review, and none that they recorded themselves.
    """
    ids = [one.pk for one in access.departments_of(user) if access.may_endorse(user, one)]
    drawn = Outcome.objects.holding().filter(
        sampled=True, check_made__isnull=True, ticket__department__in=ids
    )
    own = access.all_rows_of(user.person_id)
    return drawn.exclude(by__person__in=own).order_by("pk")


@transaction.atomic
def check_outcome(outcome: Outcome, *, value: str, by: User) -> OutcomeCheck:
    """Keep what a second person says of how the customer left.

    Asked twice it is done once. Refuses whoever recorded it, and what was not drawn.
    """
    ticket = lifecycle.locked(outcome.ticket)
    outcome = Outcome.objects.select_related("by", "undone_by", "check_made").get(pk=outcome.pk)
    outcome.ticket = ticket
    made = getattr(outcome, "check_made", None)
    if made and (made.by_id, made.value) == (by.pk, value):
        return made
    if reason := policies.why_not_check(outcome, by):
        raise reason.error()
    if value not in LeftAs.values:
        sentence = _("Choose how the customer left: content, neutral, not content or no sign.")
        raise Invalid(Reason("outcome_unknown", sentence), "value")
    made = OutcomeCheck.objects.create(outcome=outcome, value=value, by=by)
    record(
        events.OUTCOME_CHECKED,
        made,
        by=by,
        topic=ticket,
        department_id=ticket.department_id,
        outcome=outcome.pk,
    )
    return made
