"""Why this person may not settle a doubtful delivery."""

from django.utils.translation import gettext as _

from core.errors import Reason
from people import access
from people.models import User
from posting.models import Delivery
from posting.states import DeliveryStatus


def why_not_say(delivery: Delivery, by: User) -> Reason | None:
    """Team leads and leads of the ticket's department say what they saw on X."""
    if not access.may_endorse(by, delivery.revision.draft.ticket.department):
        return Reason("no_right", _("Team leads and the department lead say what became of a reply."))
    if delivery.status != DeliveryStatus.FOR_A_PERSON:
        return Reason("not_for_a_person", _("The desk is still looking, or knows already what became of this reply."))
    return None


def why_not_look_again(delivery: Delivery, by: User) -> Reason | None:
    """Anybody of the department may ask the desk to look again."""
    if not access.may_write(by, delivery.revision.draft.ticket.department):
        return Reason("other_department", _("This reply belongs to {department}.").format(
            department=delivery.revision.draft.ticket.department.name))
    if delivery.status != DeliveryStatus.UNCERTAIN:
        return Reason("not_uncertain", _("It is known already what became of this reply."))
    return None
