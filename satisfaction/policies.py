"""Why this person may not do this: one function per verb, a reason or None."""

from django.utils.translation import gettext as _

from core.errors import IllegalMove, Reason, Stale
from people import access
from people.models import User
from tickets.models import Outcome


def why_not_check(outcome: Outcome, by: User) -> Reason | None:
    """Let a reviewer of the ticket's department judge a drawn outcome that another one recorded."""
    department = outcome.ticket.department
    if not access.may_endorse(by, department):
        sentence = _("The reviewers of {department} check how customers left.")
        return Reason("no_right", sentence.format(department=department.name))
    if not outcome.sampled:
        return Reason(
            "not_drawn",
            _("This one was not drawn. Which ones are checked is decided by chance."),
            kind=IllegalMove,
        )
    if access.same_person(outcome.by.person_id, by.person_id):
        return Reason("own_outcome", _("You recorded this yourself; somebody else checks it."))
    if hasattr(outcome, "undone_by"):
        return Reason("taken_back", _("This was taken back meanwhile."), kind=Stale)
    if hasattr(outcome, "check_made"):
        return Reason("checked_already", _("A colleague has checked this already."), kind=Stale)
    return None
