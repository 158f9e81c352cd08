"""Why this person may not settle a doubtful delivery."""

from django.utils.translation import gettext as _

from core.database.db_time import desk_now
from core.errors import IllegalMove, Reason, Stale
from core.text.formatting import NAMED, listed, until
from people import access
from people.models import User
from posting.models import Delivery
from posting.own_posts import timeline
from posting.states import DeliveryStatus, TakeDownStatus


def why_not_say(delivery: Delivery, by: User) -> Reason | None:
    """Team leads and leads of the ticket's department say what they saw on X."""
    ticket = delivery.revision.draft.ticket
    if not access.may_endorse(by, ticket.department, owner=ticket.account.department):
        return Reason(
            "no_right", _("Team leads and the department lead say what became of a reply.")
        )
    if delivery.status != DeliveryStatus.FOR_A_PERSON:
        return Reason(
            "not_for_a_person",
            _("The desk is still looking, or already knows what became of this reply."),
            kind=Stale,
        )
    return None


def why_not_say_absent(delivery: Delivery) -> Reason | None:
    """Refuse while it is open what a post at its place is.

    And before X can be believed to show what it has.
    """
    if delivery.doubts.filter(another_at__isnull=True).exists():
        return Reason(
            "doubt_open",
            _("A post of ours is already in this place. Say first whether it is the reply."),
        )
    since = delivery.uncertain_since or delivery.updated_at
    settled_at = since + timeline.settle_time(delivery.account)
    if desk_now() < settled_at:
        return Reason(
            "too_early",
            _(
                "X shows some posts late; until {time} a missing post proves nothing. The desk "
                "keeps looking."
            ).format(time=until(settled_at)),
        )
    return None


def why_not_look_again(delivery: Delivery, by: User) -> Reason | None:
    """Anybody of the department may ask the desk to look again."""
    if not access.may_write(by, delivery.revision.draft.ticket.department):
        return Reason(
            "other_department",
            _("This reply belongs to {department}.").format(
                department=delivery.revision.draft.ticket.department.name
            ),
        )
    if delivery.status != DeliveryStatus.UNCERTAIN:
        return Reason(
            "not_uncertain", _("What became of this reply is already settled."), kind=Stale
        )
    return None


def why_not_take_down(delivery: Delivery, by: User) -> Reason | None:
    """Lead or deputy, for a reply that is public."""
    department = delivery.revision.draft.ticket.department
    if not access.decides_escalations(by, department):
        names = listed(
            [person.name for person in access.entitled(department, lead_side=True)], NAMED
        )
        return Reason(
            "needs_lead",
            _("Only the department lead takes a reply down: {names}.").format(names=names),
        )
    if delivery.status != DeliveryStatus.POSTED:
        return Reason(
            "not_posted",
            _("This reply is not public, so there is nothing to take down."),
            kind=IllegalMove,
        )
    ordered = getattr(delivery, "takedown", None)
    if ordered and ordered.status != TakeDownStatus.FAILED:
        return Reason("taken_down", _("This reply was taken down already."), kind=IllegalMove)
    return None
