"""Recording how the customer left, as a part of resolving a ticket, and taking it back."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Invalid, Reason
from people.models import User
from tickets.models import Mention, Outcome, Ticket
from tickets.outcomes.drawing import is_drawn
from tickets.querysets import mentions_of
from tickets.states import GONE, LeftAs

CHECKED_PERCENT = 5


@dataclass(frozen=True)
class Said:
    """What somebody says of how the customer left; nothing, unless there is a `value`.

    `post` is the id on the network of the customer's post that shows it; empty for the last one.
    """

    value: str = ""
    post: str = ""


NOTHING = Said()


def record_outcome(ticket: Ticket, said: Said, *, by: User) -> dict[str, Any]:
    """Keep how the customer left; returns what the event of resolving says of it.

    Nothing where nothing was said. Whether a second person judges it too is drawn here, by a hash.
    Call with the ticket's row locked. Refuses a value that there is not, and a post that is not
    the customer's in this ticket.
    """
    if not said.value:
        return {}
    if said.value not in LeftAs.values:
        sentence = _("Choose how the customer left: content, neutral, not content or no sign.")
        raise Invalid(Reason("outcome_unknown", sentence), "outcome")
    outcome = Outcome.objects.create(
        ticket=ticket,
        value=said.value,
        post=shown_by(ticket, said),
        sampled=is_drawn("outcome", str(ticket.pk), percent=CHECKED_PERCENT),
        by=by,
    )
    return {"outcome": outcome.pk}


def shown_by(ticket: Ticket, said: Said) -> Mention | None:
    """Return the post that shows how the customer left.

    Where none is named their last one that still stands, else the last; none where nothing shows
    it. Refuses a post that is not the customer's in this ticket.
    """
    theirs = mentions_of(ticket).filter(customer=ticket.customer_id)
    if said.post:
        if named := theirs.filter(external_id=said.post).first():
            return named
        sentence = _("The customer did not write this post in this ticket.")
        raise Invalid(Reason("outcome_post_unknown", sentence), "outcome_post")
    if said.value == LeftAs.NO_SIGN:
        return None
    newest = theirs.order_by("-written_at", "-position")
    return newest.exclude(status__in=GONE).first() or newest.first()


def take_back(outcome: int, *, by: User) -> None:
    """Let what was recorded no longer count; both rows stay. `outcome` is its number."""
    former = Outcome.objects.get(pk=outcome)
    Outcome.objects.create(ticket_id=former.ticket_id, undoes=former, by=by)
